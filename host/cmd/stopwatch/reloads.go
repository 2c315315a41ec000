package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/bench/sheet"
	"github.com/footlight-bots/footlight/host/clock"
)

const (
	reloadTable  = "turns while the script is saved again and again, as quickly as people can talk"
	targetReload = 2                    // times the p99 without reloads
	reloadSlice  = 2 * time.Second      // of talk between two looks whether all was saved
	reloadPoll   = 5 * time.Millisecond // between two looks whether a save is on stage
	reloadGrow   = 0.10                 // of the host's memory, from the second quarter of the reloads to the last
)

// edition is the counting bot in an edition of its own: each answer names it twice, from two places of
// the script, so that an answer by two editions shows.
func edition(n int) string {
	return fmt.Sprintf("! var edition = %d\n\n+ ticket #\n- <add n=1><get n>: ticket <star> (<bot edition>/%d)\n\n+ edition %d\n- Yes.\n", n, n, n)
}

// reloaded measures turns on a store without and with reloads, in one run.
func (s *stopwatch) reloaded(ctx context.Context, kind string) error {
	p, err := openPlatform(ctx, s.people, nil)
	if err != nil {
		return err
	}
	defer p.close()
	return s.withHost(ctx, kind, edition(0), p.url, func(host, _ *child) error {
		s.say("%d reloads: %s", s.reloads, kind)
		if _, err := s.talk(ctx, p, host.addr, s.time/5, 0); err != nil {
			return err
		}
		calm, err := s.talk(ctx, p, host.addr, s.time, 0)
		if err != nil {
			return err
		}
		saves := saver{stopwatch: s, host: host}
		saving, stop := context.WithCancel(ctx)
		defer stop()
		done := make(chan error, 1)
		go func() { done <- saves.run(saving) }()
		var busy talked
		for {
			more, err := s.talk(ctx, p, host.addr, reloadSlice, 0)
			if err != nil {
				stop()
				return errors.Join(err, <-done)
			}
			busy.add(more)
			select {
			case err := <-done:
				saves.write(s.sheet.Row(reloadTable, 0, kind), calm, busy)
				return err
			default:
			}
		}
	})
}

// add adds what came of people talking on.
func (t *talked) add(more talked) {
	for _, both := range [...][2]*counted{{&t.turns, &more.turns}, {&t.acks, &more.acks}} {
		both[0].took = append(both[0].took, both[1].took...)
		both[0].elapsed += both[1].elapsed
		slices.Sort(both[0].took)
	}
}

// saver saves editions of a script and watches the host take them.
type saver struct {
	*stopwatch
	host  *child
	took  []time.Duration // from a save to the new edition on stage
	sizes []footprint     // of the host
}

func (v *saver) run(ctx context.Context) error {
	file := filepath.Join(v.host.cmd.Dir, "default.topic")
	for n := 1; n <= v.reloads; n++ {
		began := v.clock.Now()
		if err := os.WriteFile(file, []byte(edition(n)), 0o600); err != nil {
			return err
		}
		for {
			now, err := v.generation(ctx)
			if err != nil {
				return err
			}
			if now > n {
				break
			}
			if v.clock.Now().Sub(began) > patience {
				return fmt.Errorf("edition %d is not on stage after %s", n, patience)
			}
			if err := clock.Sleep(ctx, v.clock, reloadPoll); err != nil {
				return err
			}
		}
		v.took = append(v.took, v.clock.Now().Sub(began))
		if size, ok := look(v.host); ok {
			v.sizes = append(v.sizes, size)
		}
	}
	return nil
}

// generation asks the host which generation is on stage.
func (v *saver) generation(ctx context.Context) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+v.host.addr+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer func() { _ = response.Body.Close() }()
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		if value, ok := strings.CutPrefix(lines.Text(), "footlight_generation "); ok {
			return strconv.Atoi(value)
		}
	}
	return 0, fmt.Errorf("the host's metrics tell no generation: %w", lines.Err())
}

func (v *saver) write(row sheet.Row, calm, busy talked) {
	row.Add("turns, calm", calm.turns.rate(), sheet.PerSecond, sheet.Free, 0)
	row.Add("turns", busy.turns.rate(), sheet.PerSecond, sheet.Free, 0)
	before, during := calm.turns.share(nearlyAll), busy.turns.share(nearlyAll)
	row.Took("p99, calm", before, sheet.Free, 0)
	row.Took("p99", during, sheet.Free, 0)
	row.Add("p99 ratio", float64(during)/float64(before), sheet.Times, sheet.AtMost, targetReload)
	slices.Sort(v.took)
	row.Took("save to stage", counted{took: v.took}.share(half), sheet.Free, 0)
	if n := len(v.sizes); n >= 4 {
		middle, end := mean(v.sizes[n/4:n/2]), mean(v.sizes[n*3/4:])
		row.Add("memory growth", 100*(end.own/middle.own-1), sheet.Percent, sheet.AtMost, 100*reloadGrow)
	}
}
