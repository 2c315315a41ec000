package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/message"
)

// broken is a Loader whose scripts come to no end with one message.
type broken struct {
	counting
	at string
}

func (b *broken) Load(ctx context.Context, built *compile.Result) (Script, error) {
	script, err := b.counting.Load(ctx, built)
	return &stumbling{script, b.at}, err
}

type stumbling struct {
	Script
	at string
}

func (s *stumbling) Answer(ctx context.Context, w world.World, m message.Forms) ([]reply.Token, error) {
	if m.Plain.String == s.at {
		return nil, errors.New("unreachable")
	}
	return s.Script.Answer(ctx, w, m)
}

// TestLoad: a version from elsewhere is tried on its own plain triggers before it is put in service; one that
// stumbles leaves everything as it was, and nothing open.
func TestLoad(t *testing.T) {
	l := &broken{}
	b := newBot(t, nil, l)
	version := func(files ...string) fstest.MapFS {
		dir := folder{}
		for i := 0; i < len(files); i += 2 {
			dir.write(files[i], files[i+1])
		}
		return fstest.MapFS(dir)
	}
	if changed, err := b.Load(t.Context(), version("default.topic", says("one"))); err != nil || !changed {
		t.Fatalf("%v, %v", changed, err)
	}
	expect(t, b, "one")
	if changed, err := b.Load(t.Context(), version("default.topic", says("one"))); err != nil || changed {
		t.Errorf("the same once more: %v, %v", changed, err)
	}
	l.at = "good morning"
	two := version("default.topic", says("two")+"\n+ good morning\n- Good morning!\n")
	for n := range uint64(2) { // whoever was told once must not take the silence for success
		_, err := b.Load(t.Context(), two)
		if err == nil || !strings.Contains(err.Error(), `the trial turn "good morning"`) {
			t.Errorf("a version that stumbles: %v", err)
		}
		expect(t, b, "one")
		if n := l.open.Load(); n != 1 {
			t.Errorf("%d scripts are open", n)
		}
		if s := b.Status(); !s.Broken || s.Failures != n+1 {
			t.Errorf("status %+v", s)
		}
	}
	if changed, err := b.Load(t.Context(), version("default.topic", says("one"))); err != nil || changed {
		t.Errorf("what is in service: %v, %v", changed, err)
	}
	if s := b.Status(); s.Broken || s.Fault != "" || s.Files["default.topic"] != says("one") {
		t.Errorf("status of what is in service: %+v", s)
	}
	if _, err := b.Load(t.Context(), version("default.topic", "+ (x\n- y\n")); err == nil {
		t.Error("a version with errors was loaded")
	}
	l.at = ""
	for _, next := range []struct {
		dir  fstest.MapFS
		says string
	}{{two, "two"}, {version("default.topic", says("three")), "three"}} {
		if _, err := b.Load(t.Context(), next.dir); err != nil {
			t.Error(err)
		}
		expect(t, b, next.says)
	}
}
