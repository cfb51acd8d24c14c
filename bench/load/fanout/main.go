// A crowd of viewers for the fan-out bench: one process, one thread, epoll, thousands of streams. It opens them, then notes for
// every viewer when each numbered snapshot was read, and writes those moments down.
//
//	fanout -addr 127.0.0.1:3001 -from 127.0.0.2 -n 19000 -path /live/… -cookies file -marker '"page":' -first 1001 -most 40 -out file
//
// On standard output: «opened N» once all have their first snapshot, «seen K N» each time a snapshot has reached everybody,
// «closed N» at the end; on standard input: any line ends it. The file holds most × n moments (µs since 1970, little-endian
// int64, 0 for never): all viewers of the first number, then of the second, …
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

const (
	inFlight   = 400
	bindNoPort = 24 // IP_BIND_ADDRESS_NO_PORT: the port is chosen when the other end is known
	openLimit  = 240 * time.Second
	mostTail   = 64
	mostDigits = 12
)

type viewer struct {
	fd      int
	index   int
	opened  bool
	writing bool
	// The end of the last piece, where it may hold half a marker.
	tail []byte
}

var (
	addr    = flag.String("addr", "", "where the live processes listen")
	from    = flag.String("from", "127.0.0.1", "source address")
	count   = flag.Int("n", 1000, "viewers")
	path    = flag.String("path", "/", "path and query of the topic")
	cookies = flag.String("cookies", "", "file of Cookie lines, one a viewer, used round and round")
	marker  = flag.String("marker", "\"n\":", "what stands before the number of a snapshot")
	first   = flag.Int("first", 1, "the first number that counts")
	most    = flag.Int("most", 64, "how many numbers")
	out     = flag.String("out", "", "where the moments go")

	epoll   int
	viewers = map[int]*viewer{}
	target  syscall.SockaddrInet4
	source  syscall.SockaddrInet4
	lines   []string
	seenAt  []int64
	seen    []int
	opened  int
	waiting int
	begun   int
	closed  int
	status  = map[string]int{}
)

func main() {
	flag.Parse()
	host, port, err := net.SplitHostPort(*addr)
	check(err)
	fmt.Sscan(port, &target.Port)
	copy(target.Addr[:], net.ParseIP(host).To4())
	copy(source.Addr[:], net.ParseIP(*from).To4())
	if *cookies != "" {
		text, err := os.ReadFile(*cookies)
		check(err)
		lines = strings.Split(strings.TrimSpace(string(text)), "\n")
	}
	seenAt = make([]int64, *most**count)
	seen = make([]int, *most)
	epoll, err = syscall.EpollCreate1(0)
	check(err)
	var pipe [2]int
	check(syscall.Pipe2(pipe[:], syscall.O_NONBLOCK))
	check(syscall.EpollCtl(epoll, syscall.EPOLL_CTL_ADD, pipe[0], &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(pipe[0])}))
	go func() {
		bufio.NewReader(os.Stdin).ReadString('\n')
		syscall.Write(pipe[1], []byte{1})
	}()

	events := make([]syscall.EpollEvent, 1024)
	buffer := make([]byte, 262144)
	limit := time.Now().Add(openLimit)
	for told := false; ; {
		for begun < *count && waiting < inFlight {
			dial()
		}
		ready, err := syscall.EpollWait(epoll, events, 1000)
		if err == syscall.EINTR {
			continue
		}
		check(err)
		for _, event := range events[:ready] {
			fd := int(event.Fd)
			if fd == pipe[0] {
				finish()
				return
			}
			one := viewers[fd]
			if one == nil {
				continue
			}
			if one.writing {
				ask(one)
			} else {
				hear(one, buffer)
			}
		}
		if !told && opened+closed >= *count {
			told = true
			fmt.Printf("opened %d\n", opened)
		}
		if !told && time.Now().After(limit) {
			log.Fatalf("only %d of %d opened: %v", opened, *count, status)
		}
	}
}

func dial() {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK, 0)
	check(err)
	check(syscall.SetsockoptInt(fd, syscall.IPPROTO_IP, bindNoPort, 1))
	check(syscall.Bind(fd, &source))
	if err := syscall.Connect(fd, &target); err != nil && err != syscall.EINPROGRESS {
		log.Fatalf("connect %d: %v", begun, err)
	}
	viewers[fd] = &viewer{fd: fd, index: begun, writing: true}
	check(syscall.EpollCtl(epoll, syscall.EPOLL_CTL_ADD, fd, &syscall.EpollEvent{Events: syscall.EPOLLOUT, Fd: int32(fd)}))
	begun++
	waiting++
}

func ask(one *viewer) {
	cookie := ""
	if len(lines) > 0 {
		cookie = "Cookie: " + lines[one.index%len(lines)] + "\r\n"
	}
	request := "GET " + *path + " HTTP/1.1\r\nHost: " + *addr + "\r\nAccept: text/event-stream\r\n" + cookie + "\r\n"
	if _, err := syscall.Write(one.fd, []byte(request)); err != nil {
		status[err.Error()]++
		drop(one)
		return
	}
	one.writing = false
	check(syscall.EpollCtl(epoll, syscall.EPOLL_CTL_MOD, one.fd, &syscall.EpollEvent{Events: syscall.EPOLLIN | syscall.EPOLLRDHUP, Fd: int32(one.fd)}))
}

func hear(one *viewer, buffer []byte) {
	got, err := syscall.Read(one.fd, buffer)
	if err == syscall.EAGAIN {
		return
	}
	if err != nil || got == 0 {
		drop(one)
		return
	}
	at := time.Now().UnixMicro()
	text := buffer[:got]
	if one.tail != nil {
		text = append(one.tail, text...)
		one.tail = nil
	}
	for {
		found := bytes.Index(text, []byte(*marker))
		if found < 0 {
			break
		}
		digits, number := found+len(*marker), 0
		end := digits
		for end < len(text) && text[end] >= '0' && text[end] <= '9' && end-digits < mostDigits {
			number = number*10 + int(text[end]-'0')
			end++
		}
		if end == len(text) {
			one.tail = append([]byte(nil), text[found:]...)
			note(one, -1, at)
			return
		}
		note(one, number, at)
		text = text[end:]
	}
	if !one.opened && bytes.HasPrefix(text, []byte("HTTP/1.1 ")) && len(text) > 12 && string(text[9:12]) != "200" {
		status[string(text[9:12])]++
	}
	// A frame that ended holds no half marker.
	if bytes.HasSuffix(text, []byte("\n\n")) {
		return
	}
	if len(text) > mostTail {
		text = text[len(text)-mostTail:]
	}
	one.tail = append([]byte(nil), text...)
}

func note(one *viewer, number int, at int64) {
	if !one.opened {
		one.opened = true
		opened++
		waiting--
	}
	nth := number - *first
	if nth < 0 || nth >= *most || seenAt[nth**count+one.index] != 0 {
		return
	}
	seenAt[nth**count+one.index] = at
	seen[nth]++
	if seen[nth] == *count {
		fmt.Printf("seen %d %d\n", number, *count)
	}
}

func drop(one *viewer) {
	if !one.opened {
		waiting--
	}
	closed++
	delete(viewers, one.fd)
	syscall.Close(one.fd)
}

func finish() {
	file, err := os.Create(*out)
	check(err)
	writer := bufio.NewWriterSize(file, 1<<20)
	check(binary.Write(writer, binary.LittleEndian, seenAt))
	check(writer.Flush())
	check(file.Close())
	fmt.Printf("closed %d %v\n", closed, status)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
