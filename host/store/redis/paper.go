package redis

import (
	"context"
	"strconv"

	"github.com/footlight-bots/footlight/host/store"
)

// Paper implements store.Store.
func (s *Store) Paper(ctx context.Context, name string) (store.Paper, error) {
	p := store.Paper{Name: name}
	if err := store.CheckPaperName(name); err != nil {
		return p, tell("read paper", err)
	}
	kept, err := s.fields(ctx, s.paper(name))
	if err != nil || len(kept) == 0 {
		return p, tell("read paper", err)
	}
	p.Body = []byte(kept["b"])
	p.Revision, err = strconv.ParseUint(kept["r"], 10, 64)
	return p, tell("read paper", err)
}

// SetPaper implements store.Store.
func (s *Store) SetPaper(ctx context.Context, p store.Paper) (revision uint64, done bool, err error) {
	if err := p.Check(); err != nil {
		return 0, false, tell("write paper", err)
	}
	answer, err := s.run(ctx, paperScript, call{keys: []string{s.paper(p.Name)}, args: []any{p.Revision, p.Body}}).Uint64Slice()
	if err != nil {
		return 0, false, tell("write paper", err)
	}
	return answer[1], answer[0] == 1, nil
}

// paper is the key of a paper, in the partition of its name.
func (s *Store) paper(name string) string { return s.partOf(name).tag + "paper:" + name }
