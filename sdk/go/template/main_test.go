package main

import (
	"testing"

	"github.com/footlight-bots/footlight/sdk/go/directiontest"
)

func TestNewdirection(t *testing.T) {
	for tag, want := range map[string]string{
		`<newdirection>`:                "Hello, you!",
		`<newdirection to="Ann Bo">`:    "Hello, Ann Bo!",
		`<newdirection to=Ann times=3>`: "Hello, hello, hello, Ann!",
	} {
		got := directiontest.New(t, plugin).Run(tag)
		if got.Err != "" || got.Text != want {
			t.Errorf("%s says %q (error %q), not %q", tag, got.Text, got.Err, want)
		}
	}
}

func TestNewdirectionIsShort(t *testing.T) {
	if got := directiontest.New(t, plugin).Run(`<newdirection times=6>`); got.Err == "" {
		t.Errorf("six times are accepted: %q", got.Text)
	}
}
