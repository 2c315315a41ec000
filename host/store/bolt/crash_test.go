package bolt_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/bolt"
)

// childEnv names the file on which this test binary, started again by a crash test, works until it is killed.
const childEnv = "FOOTLIGHT_TEST_CRASH_FILE"

func TestMain(m *testing.M) {
	if path := os.Getenv(childEnv); path != "" {
		fmt.Println("failed", workUntilKilled(path))
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

// voices is how many people talk at the same time in the child, so that commits are gathered.
const voices = 4

// workUntilKilled accepts and commits without end and prints each acknowledgement.
func workUntilKilled(path string) error {
	s, err := bolt.Open(bolt.Options{Path: path})
	if err != nil {
		return err
	}
	failed := make(chan error)
	var print sync.Mutex
	for v := range voices {
		go func() {
			k := store.Key{Page: strconv.Itoa(v), Person: "1"}
			for n := 0; ; n++ {
				id := fmt.Sprintf("m%d", n)
				if err := acknowledge(s, k, id, &print); err != nil {
					failed <- err
				}
			}
		}()
	}
	return <-failed
}

func acknowledge(s *bolt.Store, k store.Key, id string, print *sync.Mutex) error {
	say := func(what, page, id string) {
		print.Lock()
		defer print.Unlock()
		fmt.Println(what, page, id)
	}
	ctx := context.Background()
	if _, _, err := s.Accept(ctx, start, []store.Event{{ID: id, Key: k, At: start}}, 0, 0); err != nil {
		return err
	}
	say("accepted", k.Page, id)
	leases, err := s.Claim(ctx, start, time.Minute, 1)
	if err != nil {
		return err
	}
	for _, l := range leases { // anyone's
		c := l.Conversation
		change := store.Change{Session: c.Session}
		for _, e := range c.Events {
			change.Session = append(change.Session, e.ID+" "...)
			change.Consumed = append(change.Consumed, e.ID)
			change.Sends = append(change.Sends, store.Send{ID: e.ID, Due: start.Add(time.Hour)})
		}
		if err := s.Commit(ctx, l.Lease, change, true); err != nil {
			return err
		}
		for _, id := range change.Consumed {
			say("committed", l.Key.Page, id)
		}
	}
	return nil
}

// TestKillLosesNothingAcknowledged kills a process that writes, at a random moment, and looks whether all it
// acknowledged is there, session and sends agree, and everyone who waits is claimed at once.
func TestKillLosesNothingAcknowledged(t *testing.T) {
	for round := range 5 {
		path := filepath.Join(t.TempDir(), "state.db")
		acks := runAndKill(t, path, 1+rand.IntN(400))
		s := open(t, path)
		waits := map[store.Key]bool{}
		for v := range voices {
			page := strconv.Itoa(v)
			c, err := s.Read(t.Context(), store.Key{Page: page, Person: "1"})
			if err != nil {
				t.Fatal(err)
			}
			session := strings.Fields(string(c.Session))
			var waiting, sends []string
			for _, e := range c.Events {
				waiting = append(waiting, e.ID)
			}
			for _, send := range c.Sends {
				sends = append(sends, send.ID)
			}
			if len(waiting) > 0 {
				waits[c.Key] = true
			}
			slices.Sort(sends)
			if heard := slices.Sorted(slices.Values(session)); !slices.Equal(heard, sends) {
				t.Errorf("round %d: session has %q, sends are %q", round, heard, sends)
			}
			for _, ack := range acks {
				if ack.page != page {
					continue
				}
				consumed, waits := slices.Contains(session, ack.id), slices.Contains(waiting, ack.id)
				if consumed == waits || ack.what == "committed" && !consumed {
					t.Errorf("round %d: %s was %s, but consumed is %v and waiting is %v", round, ack.id, ack.what, consumed, waits)
				}
			}
		}
		claimed, err := s.Claim(t.Context(), start, time.Minute, 2*voices)
		if err != nil || len(claimed) != len(waits) {
			t.Errorf("round %d: claimed %v, %v; %v wait", round, claimed, err, waits)
		}
		for _, c := range claimed {
			if !waits[c.Key] || c.Conversation.Claims < 1 {
				t.Errorf("round %d: claimed %+v", round, c)
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

type ack struct{ what, page, id string }

// runAndKill starts the child and kills it after so many acknowledgements; it returns all it gave.
func runAndKill(t *testing.T, path string, after int) (acks []ack) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childEnv+"="+path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var a ack
		if _, err := fmt.Sscan(lines.Text(), &a.what, &a.page, &a.id); err != nil || a.what == "failed" {
			t.Errorf("child says %q", lines.Text())
		}
		acks = append(acks, a)
		if len(acks) == after {
			_ = child.Process.Kill()
		}
	}
	if err := child.Wait(); err == nil {
		t.Error("the child ended by itself")
	}
	if len(acks) < after {
		t.Errorf("the child gave %d acknowledgements, want %d", len(acks), after)
	}
	return acks
}
