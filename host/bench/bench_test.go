package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// ticking is a clock that goes on by a microsecond whenever somebody looks at it.
type ticking struct {
	clock.Real
	ticks *atomic.Int64
}

func (t ticking) Now() time.Time {
	return time.Unix(0, 0).Add(time.Duration(t.ticks.Add(1)) * time.Microsecond)
}

const sample = `
//? hello
+ hello
- Hi!

+ my name is *
- <set name=<star>>Hi <get name>. {topic=tea}

+ i am <get name>
- I know.

+ *
- What?

> topic tea
//? green|black
+ (green|black)
- <star>
+ again
- Tea?
+ yes
% tea
- Good.
< topic
`

func folder(text string) fstest.MapFS {
	return fstest.MapFS{"default.rive": {Data: []byte(text)}}
}

func options(t *testing.T, text string, talks []Talk) Options {
	return Options{
		Folder: folder(text), Talks: talks, CacheDir: t.TempDir(), Time: time.Millisecond, People: 1, Seed: 1,
		Clock: ticking{ticks: new(atomic.Int64)},
	}
}

// TestRun: each message counts for the trigger that won where it was said.
func TestRun(t *testing.T) {
	o := options(t, sample, Lines("hello\nmy name is Ann\ngreen\nagain\nyes\nnonsense\n\ni am undefined\nnonsense\n"))
	r, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	want := map[Class]int{Exact: 2, Pattern: 2, Dynamic: 1, Previous: 1, Fallback: 1, Unmatched: 1}
	for _, f := range r.Classes {
		if f.Messages != want[f.Class] {
			t.Errorf("%v: %d messages, want %d", f.Class, f.Messages, want[f.Class])
		}
		delete(want, f.Class)
		if f.Turns < uint64(f.Messages) || f.P50 != time.Microsecond || f.Max != time.Microsecond {
			t.Errorf("%v: %+v", f.Class, f)
		}
	}
	if len(want) > 0 {
		t.Errorf("classes are missing: %v", want)
	}
	if r.Triggers != 7 || r.Files != 1 || r.All.Messages != 8 || r.ModuleBytes == 0 || r.InstanceBytes == 0 || r.Build <= 0 || r.Load <= 0 || r.Reload <= 0 {
		t.Errorf("%+v", r)
	}
	if r.All.Turns < 900 || r.All.Turns > 1000 { // a millisecond of ticks
		t.Errorf("%d turns", r.All.Turns)
	}
}

// TestPeople: everybody says everything, however short the time.
func TestPeople(t *testing.T) {
	o := options(t, sample, Lines("hello\nblue\n"))
	o.People, o.Time = 3, 1
	r, err := Run(context.Background(), o)
	if err != nil || r.All.Turns < 6 || r.All.Messages != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestRunRefuses(t *testing.T) {
	said := Lines("hello")
	for _, row := range []struct {
		name   string
		text   string
		change func(*Options)
		want   string
	}{
		{"no time", sample, func(o *Options) { o.Time = 0 }, "bench: a run of 0s: it takes more than nothing and at most 1h0m0s"},
		{"too long", sample, func(o *Options) { o.Time = MaxTime + 1 }, "at most 1h0m0s"},
		{"nobody", sample, func(o *Options) { o.People = 0 }, "bench: 0 people: from 1 to 1000 can talk at once"},
		{"nothing to say", sample, func(o *Options) { o.Talks = nil }, "bench: there is no message to say"},
		{"too much to say", sample, func(o *Options) { o.Talks = Lines(strings.Repeat("hello\n", MaxMessages+1)) }, "bench: 100001 messages; at most 100000"},
		{"a bot with errors", "+ *\n- {topic=nowhere}\n", func(*Options) {}, "the scripts have 1 error"},
	} {
		t.Run(row.name, func(t *testing.T) {
			o := options(t, row.text, said)
			row.change(&o)
			if _, err := Run(context.Background(), o); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("error %v, want %s", err, row.want)
			}
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, options(t, sample, said)); !errors.Is(err, context.Canceled) {
		t.Errorf("after a cancel: %v", err)
	}
}

// TestReport: what people read, and what machines read.
func TestReport(t *testing.T) {
	one := Figures{Fallback, 2, 1234567, 1500 * time.Nanosecond, 25 * time.Microsecond, 2 * time.Millisecond}
	r := Report{
		Files: 1, Triggers: 12345, Build: 12 * time.Millisecond, Load: 1234 * time.Millisecond, Reload: 999950 * time.Nanosecond,
		ModuleBytes: 96 << 10, InstanceBytes: 3 << 19, People: 2, Took: 2 * time.Second,
		Classes: []Figures{{Exact, 1, 1, 999, 999, 999}, one}, All: one,
	}
	want := `scripts/tea: 12,345 triggers in 1 file, 2 messages

  build       12.0 ms   scripts to module
  load         1.23 s   module to machine code; 1.00 ms from the cache
  module     96.0 KiB   on disk
  memory     1.50 MiB   each instance; one for each turn that runs at once

  answered by       messages       turns        p50        p99        max
  exact sentence           1           1     999 ns     999 ns     999 ns
  fallback *               2   1,234,567    1.50 µs    25.0 µs    2.00 ms
  all                      2   1,234,567    1.50 µs    25.0 µs    2.00 ms

617,283 replies a second, 2 people at once, for 2.00 s
`
	var b bytes.Buffer
	if err := r.WriteText(&b, "scripts/tea"); err != nil || b.String() != want {
		t.Errorf("%v\n%s", err, b.String())
	}
	b.Reset()
	if err := r.WriteJSON(&b, "scripts/tea"); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(b.Bytes(), &got); err != nil || strings.Count(b.String(), "\n") != 1 {
		t.Fatalf("%v: %s", err, b.String())
	}
	if got["replies_per_second"] != 617283.5 || got["p50_us"] != 1.5 || got["classes"].([]any)[1].(map[string]any)["class"] != "fallback" {
		t.Errorf("%s", b.String())
	}
}

// TestSamples: a sample is said in the topic of its trigger.
func TestSamples(t *testing.T) {
	talks, err := Samples(folder(sample), bot.Settings{})
	if err != nil || len(talks) != 3 {
		t.Fatalf("%+v, %v", talks, err)
	}
	for i, want := range []string{"random/hello", "tea/green", "tea/black"} {
		if got := talks[i].Topic + "/" + talks[i].Says[0].Text; got != want {
			t.Errorf("talk %d: %s, want %s", i, got, want)
		}
	}
	r, err := Run(context.Background(), options(t, sample, talks))
	if err != nil || len(r.Classes) != 2 || r.Classes[0].Messages != 1 || r.Classes[1].Messages != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}
