package app

import (
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/deploy"
	"github.com/footlight-bots/footlight/host/person"
)

// Settings that are no texts are read, or refused with the name of the setting.
func TestTune(t *testing.T) {
	for _, row := range []struct {
		name   string
		config Config
		want   tuning
		err    string
	}{
		{"nothing is set", Config{}, tuning{reorder: defaultReorder, mediaFor: defaultMediaFor, health: deploy.WatchEvery, idle: defaultIdle, mostLoaded: DefaultMaxLoaded}, ""},
		{
			"all is set",
			Config{Reorder: "250ms", SendsPerSecond: "50", KeepDays: "90", LogTexts: "yes", HumanFor: "30m", MediaFor: "2000h", HealthEvery: "1h", IdleAfter: "10m", MaxLoaded: "20", PublicURL: "https://bot.example/x"},
			tuning{reorder: 250 * time.Millisecond, sendsPerSecond: 50, keep: 90 * day, logTexts: true, humanFor: 30 * time.Minute, mediaFor: 2000 * time.Hour, health: time.Hour, idle: 10 * time.Minute, mostLoaded: 20},
			"",
		},
		{"as numbers and switches of footlight.toml", Config{Reorder: "0", LogTexts: "false", KeepDays: "1", MediaFor: "off", HealthEvery: "off", IdleAfter: "off"}, tuning{keep: person.MinKeep, mostLoaded: DefaultMaxLoaded}, ""},
		{"too long a wait", Config{Reorder: "301ms"}, tuning{}, "FOOTLIGHT_REORDER"},
		{"a wait without unit", Config{Reorder: "100"}, tuning{}, "FOOTLIGHT_REORDER"},
		{"no sends", Config{SendsPerSecond: "0"}, tuning{}, "FOOTLIGHT_SENDS_PER_SECOND"},
		{"half a day", Config{KeepDays: "0.5"}, tuning{}, "FOOTLIGHT_KEEP_DAYS"},
		{"no days", Config{KeepDays: "0"}, tuning{}, "FOOTLIGHT_KEEP_DAYS"},
		{"perhaps", Config{LogTexts: "perhaps"}, tuning{}, "FOOTLIGHT_LOG_TEXTS"},
		{"seconds of a human", Config{HumanFor: "5s"}, tuning{}, "FOOTLIGHT_HUMAN_FOR"},
		{"media for a quarter", Config{MediaFor: "2160h"}, tuning{}, "FOOTLIGHT_MEDIA_FOR"},
		{"media for a moment", Config{MediaFor: "1s"}, tuning{}, "FOOTLIGHT_MEDIA_FOR"},
		{"a watch that never rests", Config{HealthEvery: "1s"}, tuning{}, "FOOTLIGHT_HEALTH_EVERY"},
		{"a moment of rest", Config{IdleAfter: "1ms"}, tuning{}, "FOOTLIGHT_IDLE_AFTER"},
		{"no bots", Config{MaxLoaded: "0"}, tuning{}, "FOOTLIGHT_MAX_LOADED"},
		{"no address", Config{PublicURL: "bot.example"}, tuning{}, "FOOTLIGHT_PUBLIC_URL"},
		{"an address with a password", Config{PublicURL: "https://me:hush@bot.example"}, tuning{}, "FOOTLIGHT_PUBLIC_URL"},
	} {
		got, err := row.config.tune()
		switch {
		case row.err == "" && (err != nil || got != row.want):
			t.Errorf("%s: %+v, %v; want %+v", row.name, got, err, row.want)
		case row.err != "" && (err == nil || !strings.Contains(err.Error(), row.err) || strings.Contains(err.Error(), "hush")):
			t.Errorf("%s: %v, want one about %s", row.name, err, row.err)
		}
	}
	if _, err := (Config{Reorder: "x", KeepDays: "x"}).tune(); err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("two faults: %v", err)
	}
}
