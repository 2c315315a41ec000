package main

import (
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/sdk/go/directiontest"
)

const (
	oslo = `{"results":[{"name":"Oslo","latitude":59.91273,"longitude":10.74609,"country":"Norway"}]}`
	sky  = `{"current":{"temperature_2m":-0.3,"weather_code":73},
	"daily":{"weather_code":[73,3,0],"temperature_2m_min":[-4.2,-3.6,-8],"temperature_2m_max":[0.4,1.5,-2]}}`
)

// stage is one on which the service answers.
func stage(t *testing.T) *directiontest.Stage {
	s := directiontest.New(t, plugin)
	s.Answer("https://geocoding-api.open-meteo.com/v1/search?count=1&name=*", 200, oslo)
	s.Answer("https://api.open-meteo.com/v1/forecast?latitude=59.91273&longitude=10.74609&*", 200, sky)
	return s
}

func TestWeather(t *testing.T) {
	for tag, want := range map[string]string{
		`<weather city=Oslo>`:                        "0 °C and snow in Oslo",
		`<weather city="  oslo ">`:                   "0 °C and snow in Oslo",
		`<weather city=Oslo units=fahrenheit>`:       "0 °F and snow in Oslo",
		`<weather city=Oslo day=1>`:                  "-4 to 2 °C and a grey sky in Oslo",
		`<weather city=Oslo day=2 units=FAHRENHEIT>`: "-8 to -2 °F and a clear sky in Oslo",
	} {
		if got := stage(t).Run(tag); got.Text != want || got.Err != "" {
			t.Errorf("%s says %q (error %q), not %q", tag, got.Text, got.Err, want)
		}
	}
}

func TestOwnersUnits(t *testing.T) {
	s := stage(t)
	s.Config["units"] = "fahrenheit"
	if got := s.Run(`<weather city=Oslo>`); got.Text != "0 °F and snow in Oslo" {
		t.Errorf("the owner's units are not used: %+v", got)
	}
	if got := s.Run(`<weather city=Oslo units=celsius>`); got.Text != "0 °C and snow in Oslo" {
		t.Errorf("the tag's units are not used: %+v", got)
	}
}

func TestTheCityIsEscaped(t *testing.T) {
	s := stage(t)
	s.Answer("https://geocoding-api.open-meteo.com/v1/search?count=1&name=S%C3%A3o%20Paulo%26count%3D9", 200, oslo)
	s.Fail("https://geocoding-api.open-meteo.com/v1/search?count=1&name=São*", "not escaped")
	if got := s.Run(`<weather city="São Paulo&count=9">`); got.Err != "" {
		t.Error(got.Err)
	}
}

func TestFailures(t *testing.T) {
	for want, arrange := range map[string]func(*directiontest.Stage){
		"there is no city called Oslo":                func(s *directiontest.Stage) { s.Answer("https://geocoding*", 200, `{}`) },
		"the weather service answers with status 500": func(s *directiontest.Stage) { s.Answer("https://api*", 500, `{}`) },
		"the weather service answers something else":  func(s *directiontest.Stage) { s.Answer("https://api*", 200, `{}`) },
		"json: no value begins like this at byte 0":   func(s *directiontest.Stage) { s.Answer("https://api*", 200, `<html>`) },
		"timeout": func(s *directiontest.Stage) { s.Fail("https://api*", "timeout") },
	} {
		s := stage(t)
		arrange(s)
		if got := s.Run(`<weather city=Oslo>`); got.Err != want {
			t.Errorf("the error is %q, not %q", got.Err, want)
		}
		if len(s.State) != 0 {
			t.Errorf("%s: a failure is remembered: %v", want, s.State)
		}
	}
	if got := stage(t).Run(`<weather city=" ">`); got.Err != "the city is empty" {
		t.Errorf("an empty city: %+v", got)
	}
}

func TestRemembers(t *testing.T) {
	s := stage(t)
	s.Run(`<weather city=Oslo>`)
	s.Fail("https://*", "offline")
	if got := s.Run(`<weather city=OSLO>`); got.Text == "" || len(got.Log) != 1 || !strings.Contains(got.Log[0], "remembered") {
		t.Errorf("it is asked again at once: %+v", got)
	}
	if got := s.Run(`<weather city=Bergen>`); got.Err != "offline" {
		t.Errorf("the weather of Oslo is Bergen's: %+v", got)
	}
	s.Now = s.Now.Add(keepFor)
	if got := s.Run(`<weather city=Oslo>`); got.Err != "offline" {
		t.Errorf("old weather is told: %+v", got)
	}
	s.Now = s.Now.Add(-2 * time.Hour)
	if got := s.Run(`<weather city=Oslo>`); got.Err != "offline" {
		t.Errorf("weather of the future is told: %+v", got)
	}
}

// TestTheSpaceNeverFills: more cities than slots, and never more values than slots.
func TestTheSpaceNeverFills(t *testing.T) {
	s := stage(t)
	for i := range 2 * slots {
		if got := s.Run(`<weather city=c` + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + `>`); got.Err != "" {
			t.Fatal(got.Err)
		}
	}
	if len(s.State) > slots {
		t.Errorf("%d values are kept", len(s.State))
	}
}
