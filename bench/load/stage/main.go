// Load for the stage: many sites that join a LiveKit room, receive without decoding and count what is missing.
//
//	stage join < plan.json       joins, says {"event":"joined"}, measures for plan.seconds after "measure" on stdin
//	stage sink N                 N UDP sockets that count; prints their ports
//	stage forward < plan.json    sends plan.packetsPerSecond to each of plan.ports: the bare limit
//
// It speaks one JSON object a line. Tokens are only read, never printed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"
)

type plan struct {
	URL           string   `json:"url"`
	JoinPerSecond float64  `json:"joinPerSecond"`
	SettleSeconds float64  `json:"settleSeconds"`
	Clients       []client `json:"clients"`
	// Of the bare limit.
	Ports            []int   `json:"ports"`
	PacketsPerSecond float64 `json:"packetsPerSecond"`
	Bytes            int     `json:"bytes"`
	Seconds          float64 `json:"seconds"`
}

type client struct {
	Identity string `json:"identity"`
	Token    string `json:"token"`
	// "speaker": 720p and sound; "tile": 180p, one frame a second; "" sends nothing.
	Publish   string `json:"publish"`
	Subscribe bool   `json:"subscribe"`
}

var outLock sync.Mutex

func say(fields map[string]any) {
	outLock.Lock()
	defer outLock.Unlock()
	fields["atMs"] = time.Now().UnixMilli()
	line, _ := json.Marshal(fields)
	fmt.Println(string(line))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func main() {
	if len(os.Args) < 2 {
		fail(fmt.Errorf("stage join | sink N | forward"))
	}
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	switch os.Args[1] {
	case "join":
		join(readPlan(in), in)
	case "sink":
		sink(os.Args[2], in)
	case "forward":
		forward(readPlan(in))
	default:
		fail(fmt.Errorf("unknown word %q", os.Args[1]))
	}
}

// The plan is the first line; later lines are commands.
func readPlan(in *bufio.Reader) plan {
	line, err := in.ReadBytes('\n')
	if err != nil {
		fail(err)
	}
	var read plan
	if err := json.Unmarshal(line, &read); err != nil {
		fail(err)
	}
	return read
}

func cpuSeconds() float64 {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return float64(used.Utime.Sec+used.Stime.Sec) + float64(used.Utime.Usec+used.Stime.Usec)/1e6
}
