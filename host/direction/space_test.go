package direction

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/sandbox/plugin"
	"github.com/footlight-bots/footlight/host/turn"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// TestSpaces: what is kept where, and what is told of keys that are none.
func TestSpaces(t *testing.T) {
	g := Grants{Grant: []string{"state", "person"}, Secrets: []string{"KEY"}, Config: map[string]any{"n": int64(5)}}
	var said []string
	say := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	s := installed(t, g, func(_ string, s plugin.Stage) (string, error) {
		for _, key := range []string{"config:n", "config:x", "secret:KEY", "state:a", "person:visits", "other:a", "plain"} {
			value, err := s.Get(key)
			if err != nil {
				return "", err
			}
			say("%s=%s", key, value)
		}
		for _, step := range [][3]string{
			{"state:a", "?", "1"},
			{"state:a", "1", "2"},
			{"state:a", "1", "3"},
			{"person:visits", "3", "4"},
			{"person:visits", "3", "5"},
			{"person:new", "", "1"},
			{"person:new", "1", ""},
			{"config:n", "?", "1"},
			{"state:", "?", "1"},
			{"nowhere", "?", "1"},
			{"state:" + strings.Repeat("k", 300), "?", "1"},
			{"state:big", "?", strings.Repeat("v", abi.MaxValue+1)},
			{"state:\xff", "?", "1"},
		} {
			write := func() (int32, error) { return s.Swap(step[0], step[1], step[2]) }
			if step[1] == "?" {
				write = func() (int32, error) { return s.Put(step[0], step[2]) }
			}
			n, err := write()
			if err != nil {
				return "", err
			}
			value, err := s.Get(step[0])
			if err != nil {
				return "", err
			}
			say("%.12s: %d, %s", step[0], n, value)
		}
		return "", nil
	})
	done := s.Direct(t.Context(), cue("mark", ""))
	if done.Problem != "" {
		t.Fatal(done.Problem)
	}
	want := []string{
		"config:n=5", "config:x=", "secret:KEY=value of KEY", "state:a=", "person:visits=3", "other:a=", "plain=",
		"state:a: 0, 1", "state:a: 0, 2", "state:a: 1, 2", "person:visit: 0, 4", "person:visit: 1, 4", "person:new: 0, 1", "person:new: 0, ",
		"config:n: -1, 5", "state:: -1, ", "nowhere: -1, ", "state:kkkkkk: -1, ", "state:big: -2, ", "state:\xff: -1, ",
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Error(diff)
	}
	kept := func(key, value string) turn.Effect {
		return turn.Effect{Keep: &turn.Keep{Plugin: "sky", Key: key, Value: value}}
	}
	if diff := cmp.Diff([]turn.Effect{kept("visits", "4"), kept("new", "1"), kept("new", "")}, done.Effects); diff != "" {
		t.Error(diff)
	}
}

// TestFullSpaces: how much is kept is bounded, and what does not fit is told.
func TestFullSpaces(t *testing.T) {
	s := installed(t, Grants{Grant: []string{"state", "person"}}, func(_ string, s plugin.Stage) (string, error) {
		for i := range maxKeys + 1 {
			if n, err := s.Put(fmt.Sprintf("state:%d", i), "x"); err != nil || (n == abi.StatusFull) != (i == maxKeys) {
				t.Errorf("key %d: %d, %v", i, n, err)
			}
		}
		for i := range 5 {
			if n, err := s.Put(fmt.Sprintf("person:%d", i), strings.Repeat("v", abi.MaxValue)); err != nil || (n == abi.StatusFull) != (i >= 3) {
				t.Errorf("value %d: %d, %v", i, n, err)
			}
		}
		return "", nil
	})
	if done := s.Direct(t.Context(), cue("mark", "")); done.Problem != "" {
		t.Error(done.Problem)
	}
	if done := s.With(&Memory{}).Direct(t.Context(), cue("mark", "")); done.Problem != "" {
		t.Errorf("with values of its own: %s", done.Problem)
	}
}

// TestLostValues: when the store does not answer, reading fails and writing tells.
func TestLostValues(t *testing.T) {
	s := installed(t, Grants{Grant: []string{"state"}}, func(_ string, s plugin.Stage) (string, error) {
		if n, err := s.Put("state:a", "1"); n != abi.StatusFailed || err != nil {
			t.Errorf("put: %d, %v", n, err)
		}
		_, err := s.Get("state:a")
		return "", err
	}).With(lost{})
	if done := s.Direct(t.Context(), cue("mark", "")); done.Problem != "what it has kept cannot be read" || done.Failure != failedHost {
		t.Errorf("%+v", done)
	}
}

// lost are Values that cannot be reached.
type lost struct{}

var errLost = errors.New("dial tcp 10.0.0.1: refused")

func (lost) Value(context.Context, Shelf, string) (string, error) { return "", errLost }

func (lost) SetValue(context.Context, Shelf, string, string, *string) (bool, error) {
	return false, errLost
}
