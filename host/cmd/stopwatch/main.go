// Command stopwatch measures the path of a message: webhooks accepted a second, whole
// turns from the webhook to the reply that the platform has accepted, the times that
// acknowledgements take, the host's memory over time, what people notice of reloads, of
// versions that are published, of a hostile bot on their host and of one person's burst, and
// what is left of a conversation when a host is killed. Hosts are real processes of "footlight serve" on a
// real redis-server and on bolt; the load and the emulated platform share the machine
// with them. It is run by "make bench-path" and leaves nothing behind.
// No API of the host is promised.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/footlight-bots/footlight/host/bench/sheet"
	"github.com/footlight-bots/footlight/host/clock"
)

// stopwatch is what the flags say, and what was measured.
type stopwatch struct {
	footlight string // the program
	stores    []string
	only      []string // of measurements
	people    int
	time      time.Duration // of each measurement
	soak      time.Duration
	reloads   int           // how often the script is saved under load
	age       time.Duration // of a webhook when it arrives
	attacks   string        // which of them are made: those whose names hold it
	json      bool

	posted atomic.Int64 // webhooks of people of their own

	clock clock.Clock
	log   io.Writer
	dir   string // for all that is written, gone at the end
	sheet sheet.Sheet
}

func newStopwatch(log io.Writer) *stopwatch { return &stopwatch{clock: clock.Real{}, log: log} }

func main() {
	if len(os.Args) > 1 && (os.Args[1] == bareMode || os.Args[1] == doorstepMode) {
		if err := serve(os.Args[1:], os.Stdin, os.Stdout); err != nil {
			_, _ = fmt.Fprintf(os.Stderr, "stopwatch: %v\n", err)
			os.Exit(1)
		}
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		_, _ = fmt.Fprintf(os.Stderr, "stopwatch: %v\n", err)
		os.Exit(2)
	}
}

// serve is stopwatch as its own child, until in ends.
func serve(args []string, in io.Reader, out io.Writer) error {
	switch {
	case len(args) == 2 && args[0] == doorstepMode:
		return serveDoorstep(args[1], in, out)
	case len(args) == 1:
		return serveBare(in, out)
	default:
		return fmt.Errorf("%s is for stopwatch itself", args[0])
	}
}

func run(ctx context.Context, args []string, out, log io.Writer) (err error) {
	s := newStopwatch(log)
	if err := s.parse(args); err != nil {
		return err
	}
	if s.dir, err = os.MkdirTemp("", "stopwatch-"); err != nil {
		return fmt.Errorf("folder for what is measured: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(s.dir)) }()
	defer debug.SetGCPercent(debug.SetGCPercent(garbage))
	s.sheet.Title = fmt.Sprintf("%d people at once, %s for each figure, webhooks %s old when they arrive, %d processors for all", s.people, s.time, s.age, runtime.NumCPU())
	if err := s.measure(ctx); err != nil {
		return err
	}
	if s.json {
		return s.sheet.WriteJSON(out)
	}
	return s.sheet.WriteText(out)
}

// garbage is how much of what load and platform throw away is left lying, in percent of what they keep: they have
// memory enough, and take the processors from what is measured.
const garbage = 400

// The stores, in the order in which they are measured.
const (
	onRedis = "redis"
	onBolt  = "bolt"
)

func (s *stopwatch) parse(args []string) error {
	f := flag.NewFlagSet("stopwatch", flag.ContinueOnError)
	f.SetOutput(s.log)
	f.StringVar(&s.footlight, "footlight", "bin/footlight", "the program whose hosts are measured")
	stores := f.String("stores", onRedis+","+onBolt, "stores to measure on")
	only := f.String("only", strings.Join(measurements, ","), "what to measure")
	f.IntVar(&s.people, "people", 64, "how many people wait for an answer at once")
	f.DurationVar(&s.time, "time", 10*time.Second, "how long each thing is measured")
	f.DurationVar(&s.soak, "soak", 0, "how long memory is watched under half the load; 0: not")
	f.DurationVar(&s.age, "age", 250*time.Millisecond, "how old webhooks are when they arrive; below the host's reorder window they wait for it")
	f.IntVar(&s.reloads, "reloads", 100, "how often the script is saved while people talk")
	f.StringVar(&s.attacks, "attacks", "", "a part of the names of those attacks of a hostile bot that are measured; empty: all")
	f.BoolVar(&s.json, "json", false, "one JSON object instead of tables")
	if err := f.Parse(args); err != nil {
		return err
	}
	s.stores = strings.Split(*stores, ",")
	for _, name := range s.stores {
		if !slices.Contains([]string{onRedis, onBolt}, name) {
			return fmt.Errorf("-stores %s: write %s, %s or both with a comma between them", *stores, onRedis, onBolt)
		}
	}
	s.only = strings.Split(*only, ",")
	for _, name := range s.only {
		if !slices.Contains(measurements, name) {
			return fmt.Errorf("-only %s: write some of %s, with commas between them", *only, strings.Join(measurements, ", "))
		}
	}
	switch {
	case f.NArg() > 0:
		return fmt.Errorf("%q: there are only flags", f.Arg(0))
	case s.people < 1 || s.people > maxPeople:
		return fmt.Errorf("-people is %d; write a number from 1 to %d", s.people, maxPeople)
	case s.time <= 0:
		return fmt.Errorf("-time is %s; it takes more than nothing", s.time)
	case s.soak < 0 || s.age < 0:
		return errors.New("-soak and -age cannot be negative")
	case s.reloads < 1:
		return fmt.Errorf("-reloads is %d; write 1 or more", s.reloads)
	}
	return nil
}

// maxPeople is the most people who wait at once: each has a connection, and a crowd behind.
const maxPeople = 1024

// The measurements, in their order.
const (
	ofAccepting = "accept"
	ofTurns     = "turns"
	ofReloads   = "reloads"
	ofKilled    = "killed"
	ofPublished = "published"
	ofBeside    = "beside"
	ofBurst     = "burst"
)

var measurements = []string{ofAccepting, ofTurns, ofBurst, ofReloads, ofBeside, ofKilled, ofPublished}

// measure takes the measurements that are asked for, in their order, on the stores that each is for.
func (s *stopwatch) measure(ctx context.Context) error {
	var shared []string // by several hosts
	if slices.Contains(s.stores, onRedis) {
		shared = []string{onRedis}
	}
	for _, m := range []struct {
		name   string
		stores []string
		take   func(context.Context, string) error
	}{
		{ofAccepting, s.stores[:1], func(ctx context.Context, _ string) error { return s.acceptance(ctx) }},
		{ofTurns, s.stores, s.turns},
		{ofBurst, s.stores, s.bursts},
		{ofReloads, s.stores, s.reloaded},
		{ofBeside, s.stores[:1], s.beside},
		{ofKilled, shared, func(ctx context.Context, _ string) error { return s.killed(ctx) }},
		{ofPublished, shared, func(ctx context.Context, _ string) error { return s.published(ctx) }},
	} {
		if !slices.Contains(s.only, m.name) {
			continue
		}
		for _, store := range m.stores {
			if err := m.take(ctx, store); err != nil {
				return err
			}
		}
	}
	if slices.Contains(s.only, ofTurns) {
		s.sheet.Notes = append(s.sheet.Notes, conditions())
	}
	if slices.Contains(s.only, ofBurst) {
		s.sheet.Notes = append(s.sheet.Notes, shareOfBurst)
	}
	return nil
}

// say tells on the log what is being done.
func (s *stopwatch) say(format string, args ...any) { _, _ = fmt.Fprintf(s.log, format+"\n", args...) }
