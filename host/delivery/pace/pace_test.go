package pace

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/clock"
)

// Messenger.md section 9, rule 8: in no second go more messages out than the platform takes.
func TestRateOfAPage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]float64{1, 2, 10, 40, 300}).Draw(t, "rate")
		now := clock.NewVirtual(time.Unix(0, 0))
		p := New(func(string) int { return int(n) }, 128, now)
		var out []time.Time
		for _, pause := range rapid.SliceOfN(rapid.IntRange(0, 20), 1, 400).Draw(t, "pauses") {
			now.Advance(time.Duration(pause) * time.Millisecond)
			if at := p.Join("1", Texts); at.Wait <= MaxGap {
				out = append(out, now.Now().Add(at.Wait))
			}
		}
		slices.SortFunc(out, time.Time.Compare)
		for i := range out {
			within := 0
			for _, at := range out[i:] {
				if at.Sub(out[i]) < time.Second {
					within++
				}
			}
			if within > int(n) {
				t.Fatalf("%d messages in a second, at most %g are taken", within, n)
			}
		}
	})
}

// TestStanding: where there are several Pages, one that says far more than its rate has some of the workers wait for
// it, and leaves the others to who need not wait; alone it may have all.
func TestStanding(t *testing.T) {
	const workers = 20
	for pages, want := range map[int]int{1: workers, 2: workers * MaxStanding / 100} {
		now := clock.NewVirtual(time.Unix(0, 0))
		r := New(func(string) int { return 100 }, workers, now)
		for page := range pages {
			if p := r.Join(fmt.Sprint(page), Texts); p.Wait > 0 {
				t.Fatalf("the first message waits %s", p.Wait)
			}
		}
		standing, after := 0, time.Duration(0)
		for range 2 * workers {
			switch p := r.Join("0", Texts); {
			case p.Stands:
				standing++
				after = max(after, p.Wait)
			case p.Wait > 0 && standing < want:
				t.Errorf("%d Pages: sent away after %s, while %d stand", pages, p.Wait, standing)
			}
		}
		if pages > 1 && standing != want || pages == 1 && standing < want {
			t.Errorf("%d Pages: %d workers stand, want %d", pages, standing, want)
		}
		r.Leave()
		if p := r.Join("0", Texts); !p.Stands || p.Wait > after+time.Second/50 {
			t.Errorf("%d Pages: the place of one who was sent away is lost: the next waits %s, after %s", pages, p.Wait, after)
		}
	}
}

// TestTurns: turns of a Page that has said more than can go out wait until that is no more than MaxAhead, and come one
// after the other, as far apart as what they say takes; those of other Pages, and of a Page that is alone, never wait.
func TestTurns(t *testing.T) {
	for _, row := range []struct {
		name  string
		pages []string // that are known
		said  int      // messages, by each of the turns before
		turns int
		want  []time.Duration // that the next turns are put off
	}{
		{"nothing said", []string{"2"}, 0, 0, []time.Duration{0, 0}},
		{"what can go out soon", []string{"2"}, 20, 5, []time.Duration{0, 0}},
		{"more", []string{"2"}, 20, 6, []time.Duration{200 * time.Millisecond, 310 * time.Millisecond, 420 * time.Millisecond}},
		{"very much", []string{"2"}, 500, 5, []time.Duration{MaxQueue, MaxQueue}},
		{"more, of a Page alone", nil, 20, 6, []time.Duration{0, 0}},
	} {
		t.Run(row.name, func(t *testing.T) {
			now := clock.NewVirtual(time.Unix(0, 0))
			p := New(func(string) int { return 100 }, 8, now)
			for _, id := range row.pages {
				p.Join(id, Texts)
			}
			for range row.turns {
				p.Said("1", row.said)
			}
			for i, want := range row.want {
				if got := p.Turn("1").Truncate(time.Millisecond); got != want {
					t.Errorf("turn %d is put off for %s, want %s", i, got, want)
				}
			}
			for _, id := range row.pages {
				if got := p.Turn(id); got != 0 {
					t.Errorf("a turn of page %s is put off for %s", id, got)
				}
			}
			now.Advance(time.Minute)
			if got := p.Turn("1"); got != 0 {
				t.Errorf("a minute later one is put off for %s", got)
			}
		})
	}
}
