// Command yardstick measures how the search for a trigger does as scripts grow: whole
// turns in the sandbox, normalisation included, on brains of package brain, beside
// what they are to reach; what building and loading them costs; how the module's
// search does beside the same search in plain Go; and, where it is installed, what the
// npm package rivescript takes for the same brains in the same run. It is run by
// "make bench-match" and changes nothing. No API of the host is promised.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/bench/brain"
	"github.com/footlight-bots/footlight/host/bench/sheet"
	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/script/link"
)

// maxTriggers is the size of the largest brain.
const maxTriggers = 1_000_000

// yardstick is what the flags say.
type yardstick struct {
	sizes   []int
	time    time.Duration // for each class of messages
	seed    uint64
	dialect link.Dialect
	npm     string // the folder with rivescript; empty: it is left out
	json    bool

	clock clock.Clock
	log   io.Writer
	sheet sheet.Sheet
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		_, _ = fmt.Fprintf(os.Stderr, "yardstick: %v\n", err)
		os.Exit(2)
	}
}

func run(ctx context.Context, args []string, out, log io.Writer) error {
	y := yardstick{clock: clock.Real{}, log: log}
	if err := y.parse(args); err != nil {
		return err
	}
	if err := y.measure(ctx); err != nil {
		return err
	}
	if y.json {
		return y.sheet.WriteJSON(out)
	}
	return y.sheet.WriteText(out)
}

func (y *yardstick) parse(args []string) error {
	f := flag.NewFlagSet("yardstick", flag.ContinueOnError)
	f.SetOutput(y.log)
	sizes := f.String("n", "100,1000,10000,100000", "triggers of the brains")
	f.DurationVar(&y.time, "time", 500*time.Millisecond, "how long each class of messages is said")
	f.Uint64Var(&y.seed, "seed", 1, "seed of the brains")
	dialect := f.String("dialect", string(link.Dexter), "dexter, in which brains mean what they mean to npm rivescript, or rivescript")
	f.StringVar(&y.npm, "npm", "", "folder in which npm has installed rivescript")
	f.BoolVar(&y.json, "json", false, "one JSON object instead of tables")
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return fmt.Errorf("%q: there are only flags; --help lists them", f.Arg(0))
	}
	for text := range strings.SplitSeq(*sizes, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 1 || n > maxTriggers {
			return fmt.Errorf("-n %s: write numbers from 1 to %d, with commas between them", *sizes, maxTriggers)
		}
		y.sizes = append(y.sizes, n)
	}
	slices.Sort(y.sizes)
	y.sizes = slices.Compact(y.sizes)
	y.dialect = link.Dialect(*dialect)
	if y.dialect != link.RiveScript && y.dialect != link.Dexter {
		return fmt.Errorf("-dialect is %q; write dexter or rivescript", *dialect)
	}
	if y.time <= 0 {
		return fmt.Errorf("-time is %v; it takes more than nothing", y.time)
	}
	return nil
}

// title says what a run hangs on.
func title(seed uint64, dialect link.Dialect) string {
	return fmt.Sprintf("seed %d, dialect %s; the quietest of %d rounds", seed, dialect, rounds)
}

// measure fills the sheet.
func (y *yardstick) measure(ctx context.Context) error {
	y.sheet.Title, y.sheet.Tables = title(y.seed, y.dialect), tables()
	for _, kind := range []brain.Kind{brain.Realistic, brain.Adversarial, brain.Keyword} {
		for _, n := range y.sizes {
			y.note("%s brain of %d triggers", kind, n)
			if err := y.brain(ctx, kind, n); err != nil {
				return fmt.Errorf("%s brain of %d triggers: %w", kind, n, err)
			}
		}
	}
	growth(&y.sheet)
	for i := range brain.Breakings {
		b := &brain.Breakings[i]
		y.note("trigger %s", b.Name)
		if err := y.breaking(ctx, b); err != nil {
			return fmt.Errorf("trigger %s: %w", b.Name, err)
		}
	}
	return nil
}

// note says what is being measured.
func (y *yardstick) note(format string, args ...any) {
	_, _ = fmt.Fprintf(y.log, "… "+format+"\n", args...)
}
