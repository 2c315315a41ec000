package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/bench/sheet"
	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/release"
)

const (
	publishedTable = "three hosts on one Redis: versions are published and rolled back amid the load, then one host is killed"
	publishedHosts = 3
	targetFollow   = 2 * time.Second // from an order to the last answer by the version before, on whatever host
	publishRounds  = 3               // of two publications and a rollback
	publishWait    = "5s"            // that a publication waits for hosts at most: one of them is dead
	startPoll      = 20 * time.Millisecond
)

// published lets people talk to three hosts while versions are published and rolled back.
func (s *stopwatch) published(ctx context.Context) error {
	s.say("three hosts on one Redis, versions are published")
	c, err := s.openCluster(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	dir, err := s.folder(nil)
	if err != nil {
		return err
	}
	l := &press{cluster: c, editions: shelf{dir}}
	c.platform.heard = func(edition int) { l.last.heard(edition, s.clock.Now()) }
	if err := l.open(ctx); err != nil {
		return err
	}
	all, err := c.amid(ctx, l.life)
	if err != nil {
		return err
	}
	row := s.sheet.Row(publishedTable, 0, onRedis)
	row.Took("publication", l.forward, sheet.AtMost, targetFollow)
	row.Took("rollback", l.back, sheet.AtMost, targetFollow)
	row.Took("killed host back", l.revived, sheet.Free, 0)
	row.Add("orders", float64(l.orders), sheet.Number, sheet.Free, 0)
	all.write(row)
	return ctx.Err()
}

// press publishes editions of the bot.
type press struct {
	*cluster
	editions   shelf
	publishers string

	last editionTimes

	orders        int
	forward, back time.Duration // the longest, of all publications and rollbacks
	revived       time.Duration
}

// editionTimes is when each edition answered last.
type editionTimes struct {
	mu    sync.Mutex
	times map[int]time.Time
}

// heard notes an answer by an edition.
func (e *editionTimes) heard(n int, now time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.times == nil {
		e.times = map[int]time.Time{}
	}
	e.times[n] = now
}

func (e *editionTimes) of(n int) time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.times[n]
}

var publicKey = regexp.MustCompile(`FOOTLIGHT_PUBLISHERS=(\S+)`)

// open publishes the first edition and starts hosts that play it.
func (l *press) open(ctx context.Context) error {
	if err := l.editions.save(0); err != nil {
		return err
	}
	text, err := l.footlight(ctx, "publish", l.editions.link(), "--wait", "1ms")
	if err != nil {
		return err
	}
	key := publicKey.FindStringSubmatch(text)
	if key == nil {
		return fmt.Errorf("footlight publish shows no key:\n%s", text)
	}
	l.publishers = key[1]
	for range publishedHosts {
		if err := l.play(ctx); err != nil {
			return err
		}
	}
	return nil
}

// play starts a host of what is published.
func (l *press) play(ctx context.Context) error {
	return l.join(ctx, "", "FOOTLIGHT_PUBLISHERS="+l.publishers, "FOOTLIGHT_BOT="+botName)
}

// botName is what the published bot is called.
const botName = "counting"

// footlight runs a command about what is published, and returns what it says.
func (l *press) footlight(ctx context.Context, args ...string) (string, error) {
	cmd, err := l.command(ctx, l.address)
	if err != nil {
		return "", err
	}
	cmd.Args = append(append(cmd.Args, args...), "--bot", botName)
	if args[0] != "versions" {
		cmd.Args = append(cmd.Args, "--key", filepath.Join(l.dir, "publisher.key"))
	}
	text, err := cmd.CombinedOutput()
	if err != nil && !bytes.Contains(text, []byte("not playing what was ordered")) {
		return "", fmt.Errorf("footlight %s: %w\n%s", strings.Join(args, " "), err, text)
	}
	return string(text), nil
}

// life is what happens while people talk.
func (l *press) life(ctx context.Context) error {
	edition := 0
	publish := func() error {
		edition++
		if err := l.editions.save(edition); err != nil {
			return err
		}
		took, err := l.order(ctx, edition-1, "publish", l.editions.link(), "--wait", publishWait)
		l.forward = max(l.forward, took)
		return err
	}
	for range publishRounds {
		if err := publish(); err != nil {
			return err
		}
		if err := publish(); err != nil {
			return err
		}
		took, err := l.order(ctx, edition, "rollback", "--wait", publishWait)
		if l.back = max(l.back, took); err != nil {
			return err
		}
	}
	doomed := len(l.hosts) - 1
	l.hosts[doomed].kill()
	if err := publish(); err != nil {
		return err
	}
	return l.revive(ctx, doomed)
}

// order gives an order, and tells after which time the edition before it was heard no more.
func (l *press) order(ctx context.Context, before int, args ...string) (time.Duration, error) {
	l.orders++
	if _, err := l.footlight(ctx, args...); err != nil {
		return 0, err
	}
	o, err := l.newest(ctx)
	if err != nil {
		return 0, err
	}
	if err := clock.Sleep(ctx, l.clock, targetFollow); err != nil { // whoever still plays the edition before is heard by then
		return 0, err
	}
	return max(0, l.last.of(before).Sub(o.At)), nil
}

// newest is the newest order.
func (l *press) newest(ctx context.Context) (o release.Order, err error) {
	text, err := l.footlight(ctx, "versions", "--json")
	if err != nil {
		return o, err
	}
	var all struct{ Orders []release.Order }
	if err := json.Unmarshal([]byte(text), &all); err != nil || len(all.Orders) == 0 {
		return o, fmt.Errorf("footlight versions --json tells no order: %w\n%s", err, text)
	}
	return all.Orders[len(all.Orders)-1], nil
}

// revive starts a host in the place of one that was killed, and waits until it plays what was ordered meanwhile.
func (l *press) revive(ctx context.Context, i int) error {
	o, err := l.newest(ctx)
	if err != nil {
		return err
	}
	began := l.clock.Now()
	if err := l.play(ctx); err != nil {
		return err
	}
	last := len(l.hosts) - 1
	h := l.hosts[last]
	l.hosts[i], l.hosts = h, l.hosts[:last]
	want := fmt.Sprintf("version %.10s by order %d", o.Stage, o.Number)
	for {
		text, err := ready(ctx, h)
		if err != nil {
			return err
		}
		if strings.Contains(text, "version ") {
			if l.revived = l.clock.Now().Sub(began); !strings.Contains(text, want) {
				return fmt.Errorf("the host that was killed came back, and not with %s:\n%s", want, text)
			}
			return nil
		}
		if l.clock.Now().Sub(began) > patience {
			return fmt.Errorf("the host that was killed is not back after %s:\n%s", patience, text)
		}
		if err := clock.Sleep(ctx, l.clock, startPoll); err != nil {
			return err
		}
	}
}

// ready is what a host says of itself.
func ready(ctx context.Context, h *child) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+h.addr+"/readyz", nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return string(text), err
}
