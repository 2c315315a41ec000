package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/footlight-bots/footlight/host/bench/sheet"
	"github.com/footlight-bots/footlight/host/delivery"
)

const (
	besideTable  = "several bots on one host: whole turns of the others at half the rate, without and with a hostile one beside them"
	targetBeside = 2                      // times the p99 without it
	guestBots    = 3                      // on Pages of their own
	hostilePage  = "104290666"            // of the hostile bot
	hostileLines = 16                     // on which people talk to it
	hostileWait  = 100 * time.Millisecond // that they wait for an answer before the next one writes
)

// guestPage is the Page of one of the bots that mean no harm.
func guestPage(n int) string { return fmt.Sprint(104290100 + n) }

// beside measures turns of several bots of a host without and with a hostile bot on it, in one run, for each attack.
func (s *stopwatch) beside(ctx context.Context, kind string) error {
	list, err := attacks()
	if err != nil {
		return err
	}
	for _, a := range list {
		if !strings.Contains(a.name, s.attacks) {
			continue
		}
		s.say("beside %s", a.name)
		if err := s.besides(ctx, kind, a); err != nil {
			return fmt.Errorf("beside %s: %w", a.name, err)
		}
	}
	return nil
}

// besides measures turns beside one attack, on a host of its own.
func (s *stopwatch) besides(ctx context.Context, kind string, a attack) error {
	lines := make([]string, s.people, s.people+hostileLines)
	for i := range lines {
		lines[i] = guestPage(i % guestBots)
	}
	for range hostileLines {
		lines = append(lines, hostilePage)
	}
	p, err := openPlatform(ctx, lines, nil)
	if err != nil {
		return err
	}
	defer p.close()
	address, server, err := s.store(ctx, kind)
	if err != nil {
		return err
	}
	defer server.stop()
	host, err := s.ensemble(ctx, address, p.url, a)
	if err != nil {
		return err
	}
	defer host.kill() // what it is about to do for the hostile bot is nobody's concern
	crowd := mob{stopwatch: s}
	both, err := s.disturbed(ctx, p, host.addr, func(ctx context.Context) {
		for i := range hostileLines {
			crowd.hands.Go(func() { crowd.riot(ctx, p.on(s.people+i), host.addr) })
		}
		crowd.hands.Wait()
	})
	if err != nil {
		return err
	}
	row := s.sheet.Row(besideTable, 0, a.name)
	both.write(row, targetBeside)
	row.Add("attacks", float64(crowd.posted.Load()), sheet.Number, sheet.Free, 0)
	row.Add("answered", float64(crowd.answered.Load()), sheet.Number, sheet.Free, 0)
	return ctx.Err()
}

// ensemble starts a host of the guests' bots and of a hostile one.
func (s *stopwatch) ensemble(ctx context.Context, store, graph string, a attack) (*child, error) {
	var book strings.Builder
	files := map[string]string{filepath.Join("hostile", scriptFile): a.script}
	for path, text := range a.files {
		files[filepath.Join("hostile", path)] = text
	}
	page := func(id, bot, more string) {
		_, _ = fmt.Fprintf(&book, "[[page]]\nid = %q\ndir = %q\ntoken = \"env:TOKEN_%s\"\n%s\n", id, bot, id, more)
	}
	settings := []string{"FOOTLIGHT_GRAPH_URL=" + graph, "FOOTLIGHT_PAGE_ID=", "FOOTLIGHT_PAGE_TOKEN=", "TOKEN_" + hostilePage + "=" + tokenOf(hostilePage)}
	for i := range guestBots {
		id := guestPage(i)
		files[filepath.Join("bot"+id, scriptFile)] = counting
		page(id, "bot"+id, "")
		settings = append(settings, "TOKEN_"+id+"="+tokenOf(id))
	}
	page(hostilePage, "hostile", fmt.Sprintf("sends_per_second = %d\n", delivery.MaxTextsPerSecond))
	files["footlight.toml"] = book.String()
	dir, err := s.folder(files)
	if err != nil {
		return nil, err
	}
	cmd, err := s.command(ctx, store, settings...)
	if err != nil {
		return nil, err
	}
	cmd.Args, cmd.Dir = append(cmd.Args, "serve"), dir
	return s.begin(cmd)
}

// mob is the people of the hostile bot.
type mob struct {
	*stopwatch
	hands            sync.WaitGroup
	posted, answered atomic.Int64
}

// riot is people who take turns, and wait a little while for answers, or for a host that will not listen, until they are stopped.
func (m *mob) riot(ctx context.Context, people []*person, addr string) {
	var l *line
	defer func() {
		if l != nil {
			l.close()
		}
	}()
	pen := newPen()
	for i := 0; ctx.Err() == nil; i++ {
		one := people[i%len(people)]
		one.said++
		now := m.clock.Now()
		var err error
		if l == nil {
			l, err = dial(addr)
		}
		if err == nil {
			err = l.post(now, pen.webhook(one.page, one.id, one.said, now.Add(-m.age), fmt.Sprintf("harm %d", one.said)))
		}
		if err != nil && l != nil {
			l.close()
			l = nil
		}
		if err == nil {
			m.posted.Add(1)
		}
		m.listen(ctx, one)
	}
}

// listen waits a little while for an answer.
func (m *mob) listen(ctx context.Context, one *person) {
	late, stop := m.clock.At(m.clock.Now().Add(hostileWait))
	defer stop()
	select {
	case <-one.replies:
		m.answered.Add(1)
	case <-late:
	case <-ctx.Done():
	}
}
