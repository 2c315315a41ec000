package redis

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/record"
)

// Load implements store.Store: one command.
func (s *Store) Load(ctx context.Context, l store.Lease) (store.Conversation, error) {
	fields, err := s.fields(ctx, s.place(l.Key).conv)
	if err == nil && fields["f"] != strconv.FormatUint(l.Fence, 10) {
		err = fenced(l)
	}
	if err != nil {
		return store.Conversation{}, tell("load conversation", err)
	}
	c, err := conversation(l.Key, fields)
	return c, tell("load conversation", err)
}

// Read implements store.Store.
func (s *Store) Read(ctx context.Context, k store.Key) (store.Conversation, error) {
	if err := k.Check(); err != nil {
		return store.Conversation{}, tell("read conversation", err)
	}
	fields, err := s.fields(ctx, s.place(k).conv)
	if err != nil {
		return store.Conversation{}, tell("read conversation", err)
	}
	c, err := conversation(k, fields)
	return c, tell("read conversation", err)
}

// conversation reads the hash of a conversation.
func conversation(k store.Key, fields map[string]string) (store.Conversation, error) {
	c := store.Conversation{Key: k}
	letters := map[uint64]store.Letter{}
	for field, value := range fields {
		kind, id, _ := strings.Cut(field, ":")
		var err error
		switch kind {
		case "s":
			c.Session = []byte(value)
		case "h":
			var ms int64
			ms, err = strconv.ParseInt(value, 10, 64)
			c.Hold = record.Time(ms)
		case "n":
			c.Claims, err = strconv.Atoi(value)
		case "l":
			err = addLetter(letters, value)
		case "e":
			err = addEvent(&c, value)
		case "m", "k":
			err = addSend(&c, value, fields["t:"+id])
		}
		if err != nil {
			return store.Conversation{}, fmt.Errorf("field %s: %w", kind, err)
		}
	}
	record.Sort(&c)
	for _, seq := range slices.Sorted(maps.Keys(letters)) {
		c.Letters = append(c.Letters, letters[seq])
	}
	return c, nil
}

func addLetter(letters map[uint64]store.Letter, value string) error {
	seq, rec, err := parseNumbered(value)
	if err != nil {
		return err
	}
	letters[seq], err = record.ParseLetter(rec)
	return err
}

func addEvent(c *store.Conversation, value string) error {
	seq, rec, err := parseNumbered(value)
	if err != nil {
		return err
	}
	e, _, err := record.ParseEvent(rec)
	e.Key, e.Seq = c.Key, seq
	c.Events = append(c.Events, e)
	return err
}

func addSend(c *store.Conversation, value, retries string) error {
	seq, rec, err := parseNumbered(value)
	if err != nil {
		return err
	}
	send, err := record.ParseSend(rec)
	if err != nil {
		return err
	}
	if retries != "" {
		n, err := strconv.Atoi(retries)
		if err != nil {
			return err
		}
		send.Tries += n
	}
	send.Seq = seq
	c.Sends = append(c.Sends, send)
	return nil
}

// parseNumbered takes the Seq, which a script put before it, from a record.
func parseNumbered(value string) (seq uint64, rec []byte, err error) {
	number, rest, ok := strings.Cut(value, ":")
	if !ok {
		return 0, nil, errors.New("it has no number")
	}
	seq, err = strconv.ParseUint(number, 10, 64)
	return seq, []byte(rest), err
}

// Commit implements store.Store. What several callers commit at the same time is written together.
func (s *Store) Commit(ctx context.Context, l store.Lease, c store.Change, release bool) error {
	if err := c.Check(); err != nil {
		return tell("commit turn", err)
	}
	p := s.place(l.Key)
	change := &item{at: p, args: changeArgs(p.name, l, c, release)}
	bytes := len(c.Session)
	for _, send := range c.Sends {
		bytes += len(send.Body)
	}
	for _, letter := range c.Aside {
		bytes += len(letter.Body)
	}
	q := s.commits[p.number]
	waits, err := q.board(ctx, 0, []*item{change}, bytes)
	if err == nil {
		_, err = q.wait(waits)
	}
	if err == nil && change.answer != int64(1) {
		err = fenced(l)
	}
	return tell("commit turn", err)
}

// changeArgs are the arguments of a change, as the script takes them; nothing in them is the caller's.
func changeArgs(name string, l store.Lease, c store.Change, release bool) []any {
	args := []any{0, name, l.Fence, release, record.Ceil(c.Hold), c.Session != nil}
	if c.Session != nil {
		args = append(args, slices.Clone(c.Session))
	}
	args = append(args, len(c.Consumed))
	for _, id := range c.Consumed {
		args = append(args, hash(l.Key, id))
	}
	args = append(args, len(c.Aside))
	for _, letter := range c.Aside {
		args = append(args, letter.Kind+":"+letter.ID, record.Letter(letter))
	}
	args = list(args, c.Settled)
	args = list(args, c.Retried)
	args = append(args, c.Cancel, len(c.Sends))
	for _, send := range c.Sends {
		kind := "m:"
		if send.Stay {
			kind = "k:"
		}
		args = append(args, send.ID, record.Ceil(send.Due), kind, record.Send(send))
	}
	args[0] = len(args) - 1 // how many follow
	return args
}

// commitCall is the script for changes of one partition.
func commitCall(changes []*item, _ int64) call {
	p, size := changes[0].at.part, 0
	for _, c := range changes {
		size += len(c.args)
	}
	keys := make([]string, 0, 4+4*len(changes))
	keys = append(keys, p.due, p.rest, p.names, p.boot)
	args := make([]any, 0, 1+size)
	args = append(args, store.MaxLetters)
	for _, c := range changes {
		keys = append(keys, c.at.conv, c.at.box, c.at.out(), c.at.parked(parseName(c.at.name).Page))
		args = append(args, c.args...)
	}
	return call{keys: keys, args: args}
}

// hash is what stands for the id of an event.
func hash(k store.Key, id string) string {
	sum := record.Seen(k, id)
	return string(sum[:])
}

// list appends how many ids there are, and the ids.
func list(args []any, ids []string) []any {
	args = append(args, len(ids))
	for _, id := range ids {
		args = append(args, id)
	}
	return args
}

// Erase implements store.Store. The append-only file keeps the bytes until it is rewritten.
func (s *Store) Erase(ctx context.Context, k store.Key) error {
	if err := k.Check(); err != nil {
		return tell("erase conversation", err)
	}
	p := s.place(k)
	_, err := s.client.TxPipelined(ctx, func(tx redis.Pipeliner) error {
		tx.Del(ctx, p.conv, p.box, p.out())
		for _, index := range []string{p.due, p.rest, p.names, p.parked(k.Page)} {
			tx.ZRem(ctx, index, p.name)
		}
		return nil
	})
	return tell("erase conversation", err)
}
