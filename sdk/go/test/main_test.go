package main

import (
	"reflect"
	"testing"

	"github.com/footlight-bots/footlight/sdk/go/directiontest"
)

func TestAct(t *testing.T) {
	s := directiontest.New(t, plugin)
	s.Config["city"], s.Secrets["KEY"], s.Vars["name"] = "Oslo", "k", "Ann"
	got := s.Run("<act>")
	name := got.Effects[6]
	want := directiontest.Result{
		Effects: []string{
			"emit <b>\"Hello\"\n\x01", "cut", "delay 1.5s", "image https://example.org/a.png", `template {"template_type":"button","text":"é"}`,
			"quick Yes | No", name, "clear name", "remind tea, 5 minutes: pour", "cancel tea", "topic other", "silence",
		},
		Log: []string{"info: Oslo ann 2026-01-05T09:00:00Z 1"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("it did\n%+v\nnot\n%+v", got, want)
	}
	if s.State["seat"] != "ann" || s.Person["long"] != "0123456789" || s.Vars["name"] != "" {
		t.Errorf("kept are %v, %v, %v", s.State, s.Person, s.Vars)
	}
}

func TestEcho(t *testing.T) {
	got := directiontest.New(t, plugin).Run(`<echo text=a number=-0.5 integer=7 boolean choice=blue url=http://a.example>`)
	if got.Text != "a -0.5 7 true Blue http://a.example" {
		t.Errorf("%+v", got)
	}
}

func TestRememberForgetsNothingHere(t *testing.T) {
	s := directiontest.New(t, plugin)
	s.Run(`<remember word=one>`)
	if got := s.Run(`<remember>`); got.Text != "one" {
		t.Errorf("the module says %q: it does not tell whether memory is cleaned", got.Text)
	}
}
