package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/script/diag"
)

// tellReloads logs each version of a bot that goes on stage, and each that does not, until ctx ends. A desk
// shows the same to its author, who reads no log.
func (h *Host) tellReloads(ctx context.Context, p *play) {
	b := p.troupe.stage
	changes, stop := b.Watch()
	defer stop()
	shown := b.Status()
	for {
		select {
		case <-ctx.Done():
			return
		case <-changes:
		}
		status := b.Status()
		h.tellReload(ctx, p.name, shown, status)
		shown = status
	}
}

// tellReload logs what is new between two looks.
func (h *Host) tellReload(ctx context.Context, name string, before, now bot.Status) {
	log := h.config.Log.With("bot", name)
	if g := now.Generation; g != nil && g != before.Generation {
		log.InfoContext(ctx, "on stage", "generation", g.Number, "changes", now.Report.String(), "build_ms", now.BuildTime.Milliseconds())
		if gone := now.Report.Removed; len(gone) > 0 {
			log.InfoContext(ctx, "topics are gone; who stands in one goes on in the root topic", "topics", gone)
		}
	}
	if now.Failures == before.Failures {
		return
	}
	serving := 0
	if now.Generation != nil {
		serving = now.Generation.Number
	}
	log.WarnContext(ctx, "the current files cannot be put on stage; what is there stays", "generation", serving, "why", fault(now))
}

// fault is the first thing that is wrong with the current files.
func fault(s bot.Status) string {
	i := slices.IndexFunc(s.Problems, func(d diag.Diagnostic) bool { return d.Code.IsError() })
	if s.Fault != "" || i < 0 {
		return s.Fault
	}
	d := s.Problems[i]
	text := fmt.Sprintf("%s %s", d.Code, d.Message)
	if d.Span.IsZero() {
		return text
	}
	return fmt.Sprintf("%s:%d: %s", d.Span.File.Path, d.Span.File.Position(d.Span.Start).Line, text)
}
