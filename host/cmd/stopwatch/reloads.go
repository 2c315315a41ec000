package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/bench/sheet"
	"github.com/footlight-bots/footlight/host/clock"
)

const (
	reloadTable  = "turns while script and plug-in are saved again and again, as quickly as people can talk"
	targetReload = 2                     // times the p99 without reloads
	reloadSlice  = 2 * time.Second       // of talk between two looks whether all was saved
	reloadPoll   = 20 * time.Millisecond // between two looks whether a save is on stage
	reloadGrow   = 0.10                  // of the host's memory and goroutines, from the second quarter of the reloads to the last
)

// reloaded measures turns on a store without and with reloads, in one run.
func (s *stopwatch) reloaded(ctx context.Context, kind string) error {
	p, err := openPlatform(ctx, onePage(s.people), nil)
	if err != nil {
		return err
	}
	defer p.close()
	dir, err := s.folder(nil)
	if err != nil {
		return err
	}
	editions := shelf{dir}
	if err := editions.save(0); err != nil {
		return err
	}
	return s.withHost(ctx, kind, editions.link(), p.url, func(host, _ *child) error {
		s.say("%d reloads: %s", s.reloads, kind)
		if _, err := s.talk(ctx, p, host.addr, s.time/5, 0); err != nil {
			return err
		}
		calm, err := s.talk(ctx, p, host.addr, s.time, 0)
		if err != nil {
			return err
		}
		saves := saver{stopwatch: s, host: host, editions: editions}
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
				if one := p.told(); one != nil {
					err = errors.Join(err, fmt.Errorf("person %s was told more than there was to say: %q", one.id, <-one.replies))
				}
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

// saver saves editions of a bot and watches the host take them.
type saver struct {
	*stopwatch
	host       *child
	editions   shelf
	took       []time.Duration // from a save to the new edition on stage
	sizes      []float64       // of the host's own memory
	goroutines []float64
}

func (v *saver) run(ctx context.Context) error {
	for n := 1; n <= v.reloads; n++ {
		began := v.clock.Now()
		if err := v.editions.save(n); err != nil {
			return err
		}
		for {
			now, err := gauges(ctx, v.host)
			if err != nil {
				return err
			}
			if int(now["footlight_generation"]) > n {
				v.goroutines = append(v.goroutines, now["go_goroutines"])
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
			v.sizes = append(v.sizes, size.own)
		}
	}
	return nil
}

// gauges are the metrics of a host that have no labels, by name.
func gauges(ctx context.Context, host *child) (map[string]float64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+host.addr+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	found := map[string]float64{}
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		name, text, _ := strings.Cut(lines.Text(), " ")
		if value, err := strconv.ParseFloat(text, 64); err == nil {
			found[name] = value
		}
	}
	return found, lines.Err()
}

func (v *saver) write(row sheet.Row, calm, busy talked) {
	row.Add("reloads", float64(len(v.took)), sheet.Number, sheet.Free, 0)
	row.Add("answers", float64(len(busy.turns.took)), sheet.Number, sheet.Free, 0)
	row.Add("turns, calm", calm.turns.rate(), sheet.PerSecond, sheet.Free, 0)
	row.Add("turns", busy.turns.rate(), sheet.PerSecond, sheet.Free, 0)
	before, during := calm.turns.share(nearlyAll), busy.turns.share(nearlyAll)
	row.Took("p99, calm", before, sheet.Free, 0)
	row.Took("p99", during, sheet.Free, 0)
	row.Add("p99 ratio", float64(during)/float64(before), sheet.Times, sheet.AtMost, targetReload)
	slices.Sort(v.took)
	row.Took("save to stage", counted{took: v.took}.share(half), sheet.Free, 0)
	for _, grown := range []struct {
		name   string
		values []float64
	}{{"memory growth", v.sizes}, {"goroutines growth", v.goroutines}} {
		if n := len(grown.values); n >= 4 {
			middle, end := average(grown.values[n/4:n/2]), average(grown.values[n*3/4:])
			row.Add(grown.name, 100*(end/middle-1), sheet.Percent, sheet.AtMost, 100*reloadGrow)
		}
	}
}

func average(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(max(1, len(values)))
}
