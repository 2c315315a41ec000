package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/hatch"
	"github.com/footlight-bots/footlight/host/person"
	"github.com/footlight-bots/footlight/host/store"
)

// Visit is a way to what is kept of people, without a bot: through the host that has
// the file, or straight into the store. Close it.
type Visit struct {
	hatch string // of a running host; empty: there is none
	desk  *person.Desk
	store store.Store
}

// noStore is the error of a store that nobody has made yet. It is an fs.ErrNotExist.
type noStore struct{ file string }

// Error implements error.
func (e noStore) Error() string {
	return fmt.Sprintf("store: there is no file %s: name another with --store, or run this where the host runs", e.file)
}

// Is tells errors.Is what it is.
func (noStore) Is(target error) bool { return target == fs.ErrNotExist }

// NewVisit opens a way to the store of an address. It makes no store where there is none: the error is then an fs.ErrNotExist.
func NewVisit(ctx context.Context, address string, c clock.Clock, log *slog.Logger) (*Visit, error) {
	if address == "" {
		address = DefaultStore
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if file, ok := boltFile(address); ok {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return nil, noStore{file}
		}
	}
	path, s, err := enter(ctx, address, log)
	if err != nil {
		return nil, err
	}
	return &Visit{hatch: path, store: s, desk: person.New(person.Config{Store: s, Clock: c, Log: log})}, nil
}

// enter finds the way into a store: the hatch of the host that has it, or the store itself.
func enter(ctx context.Context, address string, log *slog.Logger) (path string, s store.Store, err error) {
	file, ok := boltFile(address)
	if ok {
		path = hatch.Path(file)
		switch err := hatch.Knock(ctx, path, peopleDesk, person.Command{Verb: person.Pages}, nil); {
		case err == nil:
			return path, nil, nil
		case !errors.Is(err, hatch.ErrNobody):
			return "", nil, err
		}
	}
	s, _, err = openStore(ctx, address, log)
	if err != nil && ok {
		err = fmt.Errorf("%w; if a host has %s open, and cannot be asked, stop it first", err, file)
	}
	return "", s, err
}

// Do does a command and reads what it answers into out, which may be nil.
func (v *Visit) Do(ctx context.Context, c person.Command, out any) error {
	if v.store == nil {
		return hatch.Knock(ctx, v.hatch, peopleDesk, c, out)
	}
	result, err := v.desk.Do(ctx, c)
	if err != nil || out == nil {
		return err
	}
	data, err := json.Marshal(result)
	if err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return json.Unmarshal(data, out)
}

// Close gives the store back.
func (v *Visit) Close() error {
	if v.store == nil {
		return nil
	}
	return v.store.Close()
}
