package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/sandbox/plugin"
	"github.com/footlight-bots/footlight/host/turn"
)

// everything makes a Set of that plug-in, with all it asks for.
func everything(tb testing.TB, wasm []byte) *direction.Set {
	tb.Helper()
	return load(tb, "everything", wasm, direction.Grants{
		Grant: []string{
			"log", "clock", "random", "state", "person", "emit", "cut", "delay", "attach", "quick", "topic", "remind", "silence",
		},
		Secrets: []string{"KEY"},
		Hosts:   []string{"api.example.org", "*.example.net"},
		Read:    []string{"name"},
		Write:   []string{"name"},
		Config:  map[string]any{"city": "Oslo"},
	}, nil)
}

// load makes a Set of one module; without a clock only its steps are counted.
func load(tb testing.TB, name string, wasm []byte, g direction.Grants, c clock.Clock) *direction.Set {
	tb.Helper()
	base, err := sandbox.New(sandbox.Config{})
	if err != nil {
		tb.Fatal(err)
	}
	runtime, err := plugin.New(tb.Context(), base)
	if err != nil {
		tb.Fatal(err)
	}
	set, err := direction.Load(tb.Context(), direction.Config{
		Runtime: runtime, Clock: c,
		Secret: func(string) (string, bool) { return "s3cret", true },
		Dir:    fstest.MapFS{"plugins/" + name + "/" + name + ".wasm": {Data: wasm}},
		Grants: map[string]direction.Grants{name: g},
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		ctx := context.Background()
		if err := errors.Join(set.Close(ctx), runtime.Close(ctx), base.Close(ctx)); err != nil {
			tb.Error(err)
		}
	})
	return set
}

// cue is a tag for a person: its name, and name=value for each attribute.
func cue(person, name string, attributes ...string) turn.Cue {
	c := turn.Cue{
		Direction: world.Direction{Name: name},
		Person:    turn.Person{ID: person, PageID: "page"},
		Now:       time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC),
		Seed:      1,
		Variable:  func(string) (string, bool) { return "Ann", true },
		Kept:      func(string) map[string]string { return nil },
	}
	for _, a := range attributes {
		name, value, _ := strings.Cut(a, "=")
		c.Attributes = append(c.Attributes, world.Attribute{Name: name, Value: value})
	}
	return c
}

// told is what a call came to, in words.
func told(d turn.Directed) string {
	var words []string
	for _, e := range d.Effects {
		switch {
		case e.Token != nil:
			words = append(words, spoken(*e.Token))
		case e.Keep != nil:
			words = append(words, "keep "+e.Keep.Key+"="+e.Keep.Value)
		case e.Set != "":
			words = append(words, "set "+e.Set+"="+e.Value)
		case e.Unset != "":
			words = append(words, "unset "+e.Unset)
		default:
			words = append(words, "topic "+e.Topic)
		}
	}
	if d.Failure != "" {
		words = append(words, d.Failure+": "+d.Problem)
	}
	return strings.Join(words, "; ")
}

// spoken is a token in words.
func spoken(t reply.Token) string {
	switch t.Kind {
	case reply.Send:
		return "cut"
	case reply.NoReply:
		return "silence"
	case reply.Delay:
		keep := ""
		if t.NoCancel {
			keep = " keep"
		}
		return "delay " + (time.Duration(t.Millis) * time.Millisecond).String() + keep
	case reply.Shortcode:
		args := make([]string, len(t.Args))
		for i, a := range t.Args {
			args[i] = a.Text + a.JSON
		}
		return t.Text + " " + strings.Join(args, " ")
	}
	return "text " + t.Text
}

// TestLanguages lets plug-ins do everything, and compares what came of it: whatever a
// plug-in is written in, the host sees the same.
func TestLanguages(t *testing.T) {
	modules := modules(t)
	for _, language := range []string{"as", "rust"} {
		t.Run(language, func(t *testing.T) {
			if modules[language] == nil {
				t.Skipf("the tools that build plug-ins in %s are not here: sdk/%s/README.md names them, and make tools installs them", language, language)
			}
			set := everything(t, modules[language])
			if notes := set.Plugins[0].Notes; len(notes) > 0 {
				t.Errorf("notes: %q", notes)
			}
			for _, c := range []struct{ name, attribute, want string }{
				{"echo", "text=<b> \"\u00e9\U0001f600\\", "text <b> \"\u00e9\U0001f600\\ false  "},
				{"echo", "number=-0.5", "text nothing -0.5 false  "},
				{"echo", "integer=7", "text nothing 7 false  "},
				{"echo", "boolean=", "text nothing true  "},
				{"echo", "choice=Blue", "text nothing false Blue "},
				{"echo", "choice=blue", `value: "choice" must be one of red, Blue`},
				{"act", "what=emit", "text <b>\"Hello\"\n\x01; cut; delay 1.5s; delay 2s keep"},
				{"act", "what=attach", `image https://example.org/a.png; link https://example.org More; ` +
					`template {"template_type":"button", "text":"é"}; card Title   Yes=yes; typing ; buttons Yes No`},
				{"act", "what=vars", "set name=Ann!; topic other"},
				{"act", "what=clear", "unset name"},
				{"act", "what=remind", "reminder tea pour 5 minutes; reminder late now 1767603601000; reminderCancel tea"},
				{"act", "what=silence", "silence"},
				{"act", "what=refused", "error: the host refused the argument"},
				{"ask", "what=clock", "text 1767603600000"},
				{"ask", "what=settings", "text Oslo s3cret ann"},
				{"ask", "what=count", "keep long=0123456789; text 10"},
				{"ask", "what=seat", "text true false"},
				{"ask", "what=seat", "text false false"},
				{"ask", "what=full", "error: the space is full"},
				{"trip", "how=error", "error: it did not want to"},
				{"trip", "how=panic", "trap: it crashed: unreachable"},
				{"trip", "how=unwanted", "permission: read age is not granted"},
			} {
				got := set.Direct(t.Context(), cue("ann", c.name, c.attribute))
				if told(got) != c.want {
					t.Errorf("%s %s:\n got %s\nwant %s", c.name, c.attribute, told(got), c.want)
				}
			}
			got := set.Direct(t.Context(), cue("ann", "trip", "how=panic"))
			if len(got.Log) == 0 || !strings.Contains(got.Log[0].Text, "it fell over") {
				t.Errorf("the reason of the crash is not in the log: %v", got.Log)
			}
		})
	}
}

// TestNothingGoesFromOneToAnother has plug-ins keep what people say in variables of
// their own, and look for it in all of their memory when somebody else is there.
func TestNothingGoesFromOneToAnother(t *testing.T) {
	for language, wasm := range modules(t) {
		t.Run(language, func(t *testing.T) {
			set := everything(t, wasm)
			digs := false
			for _, d := range set.Plugins[0].Manifest.Directions {
				digs = digs || d.Name == "dig"
			}
			var people sync.WaitGroup
			for i := range 4 {
				people.Go(func() {
					person := fmt.Sprint("person", i)
					for range 20 {
						if d := set.Direct(t.Context(), cue(person, "remember", "word=Rosebud")); told(d) != "" {
							t.Errorf("%s is told %q", person, told(d))
						}
						if !digs {
							continue
						}
						if d := set.Direct(t.Context(), cue(person, "dig", "word=Sptfcve")); told(d) != "text 0" {
							t.Errorf("%s finds %q in memory", person, told(d))
						}
					}
				})
			}
			people.Wait()
		})
	}
}

// BenchmarkDirect is a small call through all of the host's part: attributes checked, a
// clean memory, outcome read.
func BenchmarkDirect(b *testing.B) {
	for language, wasm := range modules(b) {
		b.Run(language, func(b *testing.B) {
			set := everything(b, wasm)
			c := cue("ann", "echo", "text=Ann")
			b.ReportAllocs()
			for b.Loop() {
				if d := set.Direct(b.Context(), c); d.Failure != "" {
					b.Fatal(d.Problem)
				}
			}
		})
	}
}
