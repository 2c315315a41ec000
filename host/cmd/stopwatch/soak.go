package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/footlight-bots/footlight/host/bench/sheet"
	"github.com/footlight-bots/footlight/host/clock"
)

const (
	soakTable  = "memory of the host under half the load"
	soakProbes = 60   // looks at the memory in all
	targetGrow = 0.10 // of its own memory in the middle of the soak, until its end
)

// footprint is the memory of a process, in bytes.
type footprint struct {
	own    float64 // nobody else has it
	mapped float64 // pages of files: the program, and a store that is a file; the system takes them back when it needs them
}

// soaked watches the memory of a host while people talk at a pace. A store that is a file grows with what it keeps,
// for days the ids of all it has heard, and is mapped into memory: its pages are told apart.
func (s *stopwatch) soaked(ctx context.Context, kind string, p *platform, host *child, pace time.Duration) error {
	s.say("soak: %s, %s", kind, s.soak)
	watched, stop := context.WithCancel(ctx)
	done := make(chan []footprint, 1)
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
	row.Add("second quarter", middle.own, sheet.Octets, sheet.Free, 0)
	row.Add("last quarter", end.own, sheet.Octets, sheet.Free, 0)
	row.Add("growth", 100*(end.own/middle.own-1), sheet.Percent, sheet.AtMost, 100*targetGrow)
	row.Add("files", middle.mapped, sheet.Octets, sheet.Free, 0)
	row.Add("files at last", end.mapped, sheet.Octets, sheet.Free, 0)
	return nil
}

// memory looks at a process's memory until ctx ends.
func (s *stopwatch) memory(ctx context.Context, c *child) []footprint {
	var sizes []footprint
	for clock.Sleep(ctx, s.clock, s.soak/soakProbes) == nil {
		if one, ok := look(c); ok {
			sizes = append(sizes, one)
		}
	}
	return sizes
}

// look is the memory of a process now; ok is false where the system does not tell.
func look(c *child) (now footprint, ok bool) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", c.cmd.Process.Pid))
	if err != nil {
		return footprint{}, false
	}
	return readFootprint(string(data), float64(os.Getpagesize()))
}

// readFootprint reads what Linux tells of a process in pages: all it may use, what is in memory, and how much of that is of files.
func readFootprint(statm string, page float64) (footprint, bool) {
	var all, resident, shared float64
	if n, err := fmt.Sscan(statm, &all, &resident, &shared); n < 3 || err != nil {
		return footprint{}, false
	}
	return footprint{own: (resident - shared) * page, mapped: shared * page}, true
}

func mean(values []footprint) footprint {
	var sum footprint
	for _, v := range values {
		sum.own += v.own
		sum.mapped += v.mapped
	}
	n := float64(max(1, len(values)))
	return footprint{own: sum.own / n, mapped: sum.mapped / n}
}
