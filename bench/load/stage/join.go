package main

import (
	"bufio"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Retry delays of the browsers' library; each is spread by half, the first over half a second.
var retryAfter = []time.Duration{0, 300, 1200, 2700, 4800, 7000, 7000, 7000, 7000, 7000}

const stuckAfter = 15 * time.Second

// site is one client over all its sessions: it comes back by itself for as long as the run lasts.
type site struct {
	client
	url   string
	ended chan struct{}
	heard tally
	// Times lost, and how long the longest absence was.
	outages  atomic.Int64
	refused  atomic.Int64
	first    atomic.Int64
	lastBack atomic.Int64
}

func join(with plan, in *bufio.Reader) {
	sites := make([]*site, len(with.Clients))
	ended := make(chan struct{})
	var joined sync.WaitGroup
	joined.Add(len(sites))
	began := time.Now()
	for at, one := range with.Clients {
		sites[at] = &site{client: one, url: with.URL, ended: ended}
		go sites[at].live(sync.OnceFunc(joined.Done))
		time.Sleep(time.Duration(float64(time.Second) / with.JoinPerSecond))
	}
	joined.Wait()
	say(map[string]any{"event": "joined", "n": len(sites), "seconds": time.Since(began).Seconds()})
	command(in, sites)
	close(ended)
	time.Sleep(300 * time.Millisecond)
}

// «measure» opens the window, «report» closes it and tells, «end» or the end of stdin ends.
func command(in *bufio.Reader, sites []*site) {
	var before counts
	var cpu float64
	var at time.Time
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch strings.TrimSpace(line) {
		case "measure":
			before, cpu, at = countsOf(sites), cpuSeconds(), time.Now()
			delays.clear()
		case "report":
			now := countsOf(sites)
			say(map[string]any{
				"event": "report", "seconds": time.Since(at).Seconds(), "clientCpuSeconds": cpuSeconds() - cpu,
				"expected": now.expected - before.expected, "received": now.received - before.received,
				"lost":   max(0, (now.expected-now.received)-(before.expected-before.received)),
				"bytes":  now.bytes - before.bytes,
				"frozen": now.frozen - before.frozen, "silent": now.silent, "outages": now.outages - before.outages,
				"refused": now.refused - before.refused, "p50Ms": delays.share(0.5), "p99Ms": delays.share(0.99),
			})
		case "end":
			return
		}
	}
}

type counts struct{ expected, received, bytes, frozen, silent, outages, refused int64 }

// A subscriber that received nothing for two seconds counts as silent.
func countsOf(sites []*site) counts {
	var all counts
	for _, one := range sites {
		expected, received, bytes, frozen, last := one.heard.read()
		all.expected += expected
		all.received += received
		all.bytes += bytes
		all.frozen += frozen
		all.outages += one.outages.Load()
		all.refused += one.refused.Load()
		if one.Subscribe && time.Since(last) > 2*time.Second {
			all.silent++
		}
	}
	return all
}

func (s *site) live(isIn func()) {
	var participant string
	var lostAt time.Time
	tried := 0
	for !s.over() {
		session := newSession(s)
		err := session.connect(participant)
		if err == nil {
			participant = session.participant
			tried = 0
			s.first.CompareAndSwap(0, time.Now().UnixMilli())
			if !lostAt.IsZero() {
				s.lastBack.Store(time.Now().UnixMilli())
				say(map[string]any{"event": "back", "identity": s.Identity, "tookMs": time.Since(lostAt).Milliseconds()})
			}
			isIn()
			session.wait()
			if s.over() {
				session.close()
				return
			}
			lostAt = time.Now()
			s.outages.Add(1)
		} else if !s.over() {
			s.refused.Add(1)
			// What could not be resumed is joined anew.
			participant = ""
		}
		session.close()
		s.pause(tried)
		tried++
	}
}

func (s *site) pause(tried int) {
	base := retryAfter[min(tried, len(retryAfter)-1)] * time.Millisecond
	wait := time.Duration(float64(base) * (0.5 + rand.Float64()))
	if tried == 0 {
		wait = time.Duration(rand.Float64() * float64(500*time.Millisecond))
	}
	select {
	case <-time.After(wait):
	case <-s.ended:
	}
}

func (s *site) over() bool {
	select {
	case <-s.ended:
		return true
	default:
		return false
	}
}

// tally counts what came over all tracks of one site; what is missing of a track is known once later packets came.
type tally struct {
	lock     sync.Mutex
	expected int64
	received int64
	bytes    int64
	frozen   int64
	last     time.Time
}

func (t *tally) add(expected, received, bytes int64, froze bool) {
	t.lock.Lock()
	t.expected += expected
	t.received += received
	t.bytes += bytes
	if froze {
		t.frozen++
	}
	t.last = time.Now()
	t.lock.Unlock()
}

func (t *tally) read() (expected, received, bytes, frozen int64, last time.Time) {
	t.lock.Lock()
	defer t.lock.Unlock()
	return t.expected, t.received, t.bytes, t.frozen, t.last
}

// histogram holds delays by the tenth of a millisecond, up to three seconds.
type histogram [30001]atomic.Int64

var delays histogram

func (h *histogram) note(micros int64) {
	h[min(max(micros/100, 0), int64(len(h)-1))].Add(1)
}

func (h *histogram) clear() {
	for at := range h {
		h[at].Store(0)
	}
}

// The delay in milliseconds that this share of all stayed within.
func (h *histogram) share(part float64) float64 {
	var all, so int64
	for at := range h {
		all += h[at].Load()
	}
	for at := range h {
		if so += h[at].Load(); float64(so) >= part*float64(all) {
			return float64(at) / 10
		}
	}
	return 0
}

const window = 2048

// track follows the sequence numbers of one track; a packet sent again fills its gap.
type track struct {
	began   bool
	highest uint16
	seen    [window]bool
	lastAt  time.Time
}

// What this packet adds: how many more were expected, how many are new (0 for a copy), and whether the picture had stood still.
func (t *track) take(number uint16, now time.Time, isVideo bool) (expected, received int64, froze bool) {
	froze = isVideo && t.began && now.Sub(t.lastAt) > 2*time.Second
	t.lastAt = now
	if !t.began {
		t.began, t.highest = true, number
		for at := range t.seen {
			t.seen[at] = true
		}
		return 1, 1, false
	}
	ahead := int16(number - t.highest)
	if ahead > 0 {
		for step := uint16(1); step <= uint16(ahead); step++ {
			t.seen[(t.highest+step)%window] = false
		}
		t.highest = number
		t.seen[number%window] = true
		return int64(ahead), 1, froze
	}
	if int(-ahead) < window && !t.seen[number%window] {
		t.seen[number%window] = true
		return 0, 1, froze
	}
	return 0, 0, froze
}
