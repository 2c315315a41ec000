package main

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/store/redis/redistest"
)

// finding is what footlight doctor --json says of one check.
type finding struct{ Check, State, Found, Means, Cure string }

// doctor runs the command beside the hosts of a theatre, and returns what it says of a check, and its
// exit code.
func (th *theatre) doctor(check string, more ...string) (said finding, exit int) {
	th.t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"doctor", "--json"}, more...)...)
	cmd.Dir = th.dir
	cmd.Env = append(append(os.Environ(), asProgram+"=1"), th.settings()...)
	out, err := cmd.Output()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		exit = ended.ExitCode()
	} else if err != nil {
		th.t.Fatal(err)
	}
	var report struct{ Findings []finding }
	if err := json.Unmarshal(out, &report); err != nil {
		th.t.Fatalf("doctor: %v\n%s", err, out)
	}
	for _, f := range report.Findings {
		if f.State == "broken" && f.Check != check {
			th.t.Errorf("beside what is looked at, this is broken: %+v", f)
		}
		if f.Check == check {
			said = f
		}
	}
	return said, exit
}

// TestDoctorOfMachines: the clock and the store of a host as the command sees them, beside a host that
// runs: machines whose clock is wrong, Redis servers that may lose something, a disk that is full.
func TestDoctorOfMachines(t *testing.T) {
	file := func(t *testing.T) string { return "bolt:" + filepath.Join(t.TempDir(), "state.db") }
	server := func(o redistest.Options) func(*testing.T) string {
		return func(t *testing.T) string { return redistest.New(t, o).URL() }
	}
	forgetful := []string{"--maxmemory", "90mb", "--maxmemory-policy", "allkeys-lru"}
	for _, row := range []struct {
		name   string
		store  func(*testing.T) string
		ahead  time.Duration // Meta's clock before the machine's
		look   string        // a store that doctor is to look at instead of the host's; empty: that one
		check  string
		state  string
		words  []string // what it found and means, and what helps
		exit   int
		strict int // the exit code with --strict
	}{
		{
			name: "the clock is behind", store: file, ahead: 3 * time.Minute, check: "clock", state: "warning",
			words: []string{"behind Meta's", "24 hours", "set-ntp true"}, strict: 1,
		},
		{name: "the clock is right", store: file, check: "clock", state: "fine", words: []string{"agrees with Meta's"}},
		{
			name: "Redis throws keys away and keeps nothing", store: server(redistest.Options{Args: forgetful}), check: "store", state: "warning",
			words: []string{"maxmemory-policy is allkeys-lru", "noeviction", "appendonly", "could be lost", "CONFIG REWRITE"}, strict: 1,
		},
		{
			name: "Redis throws keys away", store: server(redistest.Options{AppendOnly: true, Args: forgetful}), check: "store", state: "warning",
			words: []string{"maxmemory-policy is allkeys-lru", "noeviction", "could be lost"}, strict: 1,
		},
		{name: "Redis keeps everything", store: server(redistest.Options{AppendOnly: true}), check: "store", state: "fine", words: []string{"keeps what it has acknowledged"}},
		{name: "Redis is not there", store: file, look: "redis://127.0.0.1:1", check: "store", state: "skipped", words: []string{"cannot be asked"}},
		{name: "a file", store: file, check: "store", state: "", words: []string{"MiB are free on the disk of"}},
		{
			name: "a disk without room", store: file, look: "bolt:/proc/state.db", check: "store", state: "broken",
			words: []string{"0 MiB are free", "unsubscribes the bot", "--store"}, exit: 1, strict: 1,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			if strings.Contains(row.look, "/proc/") {
				if _, err := os.Stat("/proc/self"); err != nil {
					t.Skip("skipped: needs /proc, a disk on which nothing is free")
				}
			}
			ours := clock.NewRunning(clock.Real{})
			ours.Advance(row.ahead)
			th := openScene(t, scene{store: row.store(t), files: map[string]string{"default.topic": "+ *\n- Hello!\n"}, meta: ours})
			th.more = []string{"FOOTLIGHT_PUBLIC_URL=" + th.front.URL}
			th.start()
			th.say("hello")
			th.await(1)
			var more []string
			if row.look != "" {
				more = []string{"--store", row.look}
			}
			said, exit := th.doctor(row.check, more...)
			all := strings.Join([]string{said.Found, said.Means, said.Cure}, " ")
			for _, word := range row.words {
				if !strings.Contains(all, word) {
					t.Errorf("no %q in %q", word, all)
				}
			}
			if row.state != "" && said.State != row.state || exit != row.exit {
				t.Errorf("%s, exit code %d: %+v; want %s, %d", said.State, exit, said, row.state, row.exit)
			}
			if _, exit := th.doctor(row.check, append(more, "--strict")...); row.state != "" && exit != row.strict {
				t.Errorf("with --strict: exit code %d, want %d", exit, row.strict)
			}
		})
	}
}
