// Viewers of a live programme, each on a connection of her own: a playlist and a segment every two seconds, in step with the clock.
//
//	origin <host:port> <path of the playlists> <rung,rung,…> <viewers> <seconds>
//
// Prints one line of JSON: what was fetched, what was missed, how long it took.
package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

const every = 2 * time.Second

type viewer struct {
	address, base, rung string
	socket              net.Conn
	in                  *bufio.Reader
	next                int
	zip                 *gzip.Reader

	playlists, segments []float32
	bytes               int64
	lost, late          int
	errors              map[string]int
}

func (one *viewer) get(file string, zipped bool) (*http.Response, error) {
	if one.socket == nil {
		socket, err := net.DialTimeout("tcp", one.address, 20*time.Second)
		if err != nil {
			return nil, err
		}
		one.socket, one.in = socket, bufio.NewReaderSize(socket, 8<<10)
	}
	one.socket.SetDeadline(time.Now().Add(20 * time.Second))
	accept := ""
	if zipped {
		accept = "accept-encoding: gzip\r\n"
	}
	if _, err := fmt.Fprintf(one.socket, "GET %s%s HTTP/1.1\r\nhost: %s\r\n%s\r\n", one.base, file, one.address, accept); err != nil {
		return nil, err
	}
	return http.ReadResponse(one.in, nil)
}

func (one *viewer) failed(what string, err error) {
	one.errors[what+": "+err.Error()]++
	if one.socket != nil {
		one.socket.Close()
		one.socket = nil
	}
}

// playlist answers the sequence number of its first segment and the addresses.
func (one *viewer) playlist() (int, []string, error) {
	began := time.Now()
	response, err := one.get(one.rung+".m3u8", true)
	if err != nil {
		return 0, nil, err
	}
	if response.StatusCode != 200 {
		io.Copy(io.Discard, response.Body)
		return 0, nil, fmt.Errorf("status %d", response.StatusCode)
	}
	var from io.Reader = response.Body
	if response.Header.Get("content-encoding") == "gzip" {
		if one.zip == nil {
			one.zip, err = gzip.NewReader(response.Body)
		} else {
			err = one.zip.Reset(response.Body)
		}
		if err != nil {
			return 0, nil, err
		}
		from = one.zip
	}
	text, err := io.ReadAll(from)
	io.Copy(io.Discard, response.Body)
	if err != nil {
		return 0, nil, err
	}
	one.playlists = append(one.playlists, float32(time.Since(began).Seconds()*1000))
	first := 0
	var files []string
	for line := range strings.SplitSeq(string(text), "\n") {
		if rest, is := strings.CutPrefix(line, "#EXT-X-MEDIA-SEQUENCE:"); is {
			first, _ = strconv.Atoi(rest)
		} else if line != "" && line[0] != '#' {
			files = append(files, line)
		}
	}
	return first, files, nil
}

func (one *viewer) turn() {
	first, files, err := one.playlist()
	if err != nil {
		one.failed("playlist", err)
		return
	}
	last := first + len(files) - 1
	if one.next == 0 {
		one.next = max(first, last-2)
	}
	if one.next < first {
		one.lost += first - one.next
		one.next = first
	}
	if one.next > last {
		one.late++
		return
	}
	began := time.Now()
	response, err := one.get(files[one.next-first], false)
	if err != nil {
		one.failed("segment", err)
		return
	}
	got, err := io.Copy(io.Discard, response.Body)
	if err == nil && response.StatusCode != 200 {
		err = fmt.Errorf("status %d", response.StatusCode)
	}
	if err != nil {
		one.failed("segment", err)
		return
	}
	one.bytes += got
	one.segments = append(one.segments, float32(time.Since(began).Seconds()*1000))
	one.next++
}

func percentile(sorted []float32, part float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return float64(sorted[min(len(sorted)-1, int(part*float64(len(sorted))))])
}

func main() {
	address, base := os.Args[1], os.Args[2]
	rungs := strings.Split(os.Args[3], ",")
	count, _ := strconv.Atoi(os.Args[4])
	seconds, _ := strconv.Atoi(os.Args[5])
	viewers := make([]*viewer, count)
	begin := time.Now().Add(time.Second)
	end := begin.Add(time.Duration(seconds) * time.Second)
	var all sync.WaitGroup
	for at := range viewers {
		one := &viewer{address: address, base: base, rung: rungs[at%len(rungs)], errors: map[string]int{}}
		viewers[at] = one
		all.Add(1)
		go func() {
			defer all.Done()
			// Spread over the two seconds, as people come.
			turn := begin.Add(every * time.Duration(at) / time.Duration(count))
			for ; turn.Before(end); turn = turn.Add(every) {
				time.Sleep(time.Until(turn))
				one.turn()
			}
		}()
	}
	all.Wait()
	var playlists, segments []float32
	told := struct {
		Viewers       int            `json:"viewers"`
		Playlists     int            `json:"playlists"`
		Segments      int            `json:"segments"`
		Bytes         int64          `json:"bytes"`
		Lost          int            `json:"lost"`
		Late          int            `json:"late"`
		Errors        map[string]int `json:"errors"`
		PlaylistP99Ms float64        `json:"playlistP99Ms"`
		P50Ms         float64        `json:"p50Ms"`
		P99Ms         float64        `json:"p99Ms"`
		Seconds       float64        `json:"seconds"`
	}{Viewers: count, Errors: map[string]int{}, Seconds: time.Since(begin).Seconds()}
	for _, one := range viewers {
		playlists = append(playlists, one.playlists...)
		segments = append(segments, one.segments...)
		told.Bytes += one.bytes
		told.Lost += one.lost
		told.Late += one.late
		for what, often := range one.errors {
			told.Errors[what] += often
		}
	}
	for _, times := range [][]float32{playlists, segments} {
		sort.Slice(times, func(one, other int) bool { return times[one] < times[other] })
	}
	told.Playlists, told.Segments = len(playlists), len(segments)
	told.PlaylistP99Ms = percentile(playlists, 0.99)
	told.P50Ms, told.P99Ms = percentile(segments, 0.5), percentile(segments, 0.99)
	json.NewEncoder(os.Stdout).Encode(told)
}
