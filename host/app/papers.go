package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/footlight-bots/footlight/host/hatch"
	"github.com/footlight-bots/footlight/host/release"
	"github.com/footlight-bots/footlight/host/store"
)

// The desks behind the hatch.
const (
	peopleDesk = "people"
	papersDesk = "papers"
)

// desks are who answers behind the hatch.
func (h *Host) desks() map[string]hatch.Desk {
	return map[string]hatch.Desk{peopleDesk: h.desk.Command, papersDesk: h.papers}
}

// paperwork reads a paper, or replaces it.
type paperwork struct {
	Read  string       `json:"read,omitempty"`
	Write *store.Paper `json:"write,omitempty"`
}

// written answers a paperwork that replaces a paper.
type written struct {
	Revision uint64 `json:"revision"`
	Done     bool   `json:"done"`
}

// papers lets others read and write what is published while we have the file.
func (h *Host) papers(ctx context.Context, command json.RawMessage) (any, error) {
	var c paperwork
	if err := json.Unmarshal(command, &c); err != nil {
		return nil, fmt.Errorf("command: %w", err)
	}
	if c.Write == nil {
		return h.store.Paper(ctx, c.Read)
	}
	revision, done, err := h.store.SetPaper(ctx, *c.Write)
	return written{revision, done}, err
}

// Papers is a way to what is published in a store: through the host that has the file, or
// straight into the store. Close it.
type Papers struct {
	hatch string // of a running host; empty: there is none
	store store.Store
}

var _ release.Papers = (*Papers)(nil)

// OpenPapers opens a way to what is published in the store of an address. A file that does not
// exist is made.
func OpenPapers(ctx context.Context, address string, log *slog.Logger) (*Papers, error) {
	if address == "" {
		address = DefaultStore
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	path, s, err := enter(ctx, address, log)
	return &Papers{path, s}, err
}

// Paper implements release.Papers.
func (p *Papers) Paper(ctx context.Context, name string) (out store.Paper, err error) {
	if p.store != nil {
		return p.store.Paper(ctx, name)
	}
	err = hatch.Knock(ctx, p.hatch, papersDesk, paperwork{Read: name}, &out)
	return out, err
}

// SetPaper implements release.Papers.
func (p *Papers) SetPaper(ctx context.Context, paper store.Paper) (revision uint64, done bool, err error) {
	if p.store != nil {
		return p.store.SetPaper(ctx, paper)
	}
	var out written
	err = hatch.Knock(ctx, p.hatch, papersDesk, paperwork{Write: &paper}, &out)
	return out.Revision, out.Done, err
}

// Close gives the store back.
func (p *Papers) Close() error {
	if p.store == nil {
		return nil
	}
	return p.store.Close()
}
