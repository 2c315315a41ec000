package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/bench/sheet"
	"github.com/footlight-bots/footlight/host/clock"
)

const (
	soakTable  = "memory of the host under half the load"
	soakProbes = 60   // looks at the memory in all
	targetGrow = 0.10 // of the memory in the middle of the soak, until its end
)

// soaked watches the memory of a host while people talk at a pace.
func (s *stopwatch) soaked(ctx context.Context, kind string, p *platform, host *child, pace time.Duration) error {
	s.say("soak: %s, %s", kind, s.soak)
	watched, stop := context.WithCancel(ctx)
	done := make(chan []float64, 1)
	go func() { done <- s.memory(watched, host) }()
	result, err := s.talk(ctx, p, host.addr, s.soak, pace)
	stop()
	sizes := <-done
	if err != nil {
		return err
	}
	if len(sizes) < 4 {
		return fmt.Errorf("soak of %s is too short to see memory move, or there is no /proc", s.soak)
	}
	row := s.sheet.Row(soakTable, 0, kind)
	row.Add("turns", float64(len(result.turns.took)), sheet.Number, sheet.Free, 0)
	middle, end := mean(sizes[len(sizes)/4:len(sizes)/2]), mean(sizes[len(sizes)*3/4:])
	row.Add("second quarter", middle, sheet.Octets, sheet.Free, 0)
	row.Add("last quarter", end, sheet.Octets, sheet.Free, 0)
	row.Add("growth", 100*(end/middle-1), sheet.Percent, sheet.AtMost, 100*targetGrow)
	return nil
}

// memory looks at a process's resident memory until ctx ends.
func (s *stopwatch) memory(ctx context.Context, c *child) []float64 {
	var sizes []float64
	for clock.Sleep(ctx, s.clock, s.soak/soakProbes) == nil {
		if n, ok := resident(c.cmd.Process.Pid); ok {
			sizes = append(sizes, n)
		}
	}
	return sizes
}

// resident is the bytes of memory that a process holds.
func resident(pid int) (float64, bool) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0, false
	}
	fields := strings.Fields(string(data))
	if len(fields) < 2 {
		return 0, false
	}
	pages, err := strconv.ParseFloat(fields[1], 64)
	return pages * float64(os.Getpagesize()), err == nil
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(max(1, len(values)))
}
