package main

import (
	"bufio"
	"encoding/binary"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// sink counts what reaches N sockets; packets are numbered, so that it knows what is missing without asking the sender.
func sink(count string, in *bufio.Reader) {
	n, err := strconv.Atoi(count)
	if err != nil {
		fail(err)
	}
	var received atomic.Int64
	ports := make([]int, n)
	for at := range ports {
		socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			fail(err)
		}
		ports[at] = socket.LocalAddr().(*net.UDPAddr).Port
		go func() {
			packet := make([]byte, 1600)
			for {
				if _, _, err := socket.ReadFromUDPAddrPort(packet); err != nil {
					return
				}
				received.Add(1)
			}
		}()
	}
	say(map[string]any{"event": "ports", "ports": ports})
	for {
		line, err := in.ReadString('\n')
		if err != nil || strings.TrimSpace(line) == "end" {
			break
		}
	}
	time.Sleep(200 * time.Millisecond)
	say(map[string]any{"event": "sunk", "received": received.Load(), "cpuSeconds": cpuSeconds()})
}

// forward is a media server without a thought: the same packets, one call of the kernel each.
func forward(with plan) {
	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		fail(err)
	}
	_ = socket.SetWriteBuffer(4 << 20)
	targets := make([]netip.AddrPort, len(with.Ports))
	for at, port := range with.Ports {
		targets[at] = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), uint16(port))
	}
	packet := make([]byte, with.Bytes)
	sent, failed := 0, 0
	began := time.Now()
	gap := time.Duration(float64(time.Second) / with.PacketsPerSecond)
	for number := 0; time.Since(began).Seconds() < with.Seconds; number++ {
		binary.BigEndian.PutUint32(packet, uint32(number))
		for _, target := range targets {
			if _, err := socket.WriteToUDPAddrPort(packet, target); err != nil {
				failed++
			} else {
				sent++
			}
		}
		if wait := time.Until(began.Add(time.Duration(number+1) * gap)); wait > 0 {
			time.Sleep(wait)
		}
	}
	say(map[string]any{"event": "forwarded", "sent": sent, "failed": failed, "seconds": time.Since(began).Seconds(), "cpuSeconds": cpuSeconds()})
}
