package store

import (
	"fmt"
	"time"
)

const (
	// MaxName is the most bytes a Page's or a person's id may have.
	MaxName = 64
	// MaxID is the most bytes the id of an event or a send may have: a postback without
	// a mid is named by its payload, up to 1000 characters of it.
	MaxID = 8 << 10
	// MaxBody is the most bytes of one event's or one send's body.
	MaxBody = 1 << 20
	// MaxSession is the most bytes of one encoded session.
	MaxSession = 4 << 20
	// MaxReason is the most bytes of the reason of a pause or a letter.
	MaxReason = 1 << 10
)

// Check tells what is wrong with a key.
func (k Key) Check() error {
	if err := CheckName("page", k.Page); err != nil {
		return err
	}
	return CheckName("person", k.Person)
}

// CheckName tells what is wrong with the id of a Page or a person; what names it in the error.
func CheckName(what, name string) error {
	if name == "" {
		return fmt.Errorf("%s id is empty", what)
	}
	if len(name) > MaxName {
		return fmt.Errorf("%s id has %d bytes, at most %d are allowed", what, len(name), MaxName)
	}
	for i := range len(name) {
		c := name[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && c != '.' && c != '-' && c != '_' {
			return fmt.Errorf("%s id has the byte %q; letters, digits, dots, hyphens and underscores are allowed", what, c)
		}
	}
	return nil
}

// CheckAccept tells what is wrong with the arguments of Accept.
func CheckAccept(events []Event, lease time.Duration, limit int) error {
	switch {
	case limit < 0:
		return fmt.Errorf("limit %d is below zero", limit)
	case limit > 0 && lease <= 0:
		return fmt.Errorf("lease of %s is not longer than zero", lease)
	}
	for i, e := range events {
		if err := e.Check(); err != nil {
			return fmt.Errorf("event %d: %w", i, err)
		}
	}
	return nil
}

// Check tells what is wrong with an event.
func (e Event) Check() error {
	if err := e.Key.Check(); err != nil {
		return err
	}
	return checkItem(e.ID, e.Body)
}

// Check tells what is wrong with a change; its errors wrap ErrForGood.
func (c Change) Check() error {
	if err := c.check(); err != nil {
		return fmt.Errorf("%w: %w", err, ErrForGood)
	}
	return nil
}

func (c Change) check() error {
	if len(c.Session) > MaxSession {
		return fmt.Errorf("session has %d bytes, at most %d are allowed", len(c.Session), MaxSession)
	}
	seen := make(map[string]bool, len(c.Sends))
	for i, s := range c.Sends {
		if err := checkItem(s.ID, s.Body); err != nil {
			return fmt.Errorf("send %d: %w", i, err)
		}
		if s.Wait < 0 || s.Tries < 0 {
			return fmt.Errorf("send %d: wait and tries must not be negative", i)
		}
		if seen[s.ID] {
			return fmt.Errorf("send %d: id %q comes twice in one change", i, s.ID)
		}
		seen[s.ID] = true
	}
	for i, l := range c.Aside {
		if err := l.Check(); err != nil {
			return fmt.Errorf("letter %d: %w", i, err)
		}
	}
	clear(seen)
	for _, id := range c.Retried {
		if seen[id] {
			return fmt.Errorf("retried: id %q comes twice in one change", id)
		}
		seen[id] = true
	}
	return nil
}

// Check tells what is wrong with a pause.
func (p Pause) Check() error {
	if len(p.Reason) > MaxReason {
		return fmt.Errorf("reason has %d bytes, at most %d are allowed", len(p.Reason), MaxReason)
	}
	return CheckName("page", p.Page)
}

// CheckClaim tells what is wrong with the arguments of Claim.
func CheckClaim(lease time.Duration, limit int) error {
	if lease <= 0 {
		return fmt.Errorf("lease of %s is not longer than zero", lease)
	}
	return CheckLimit(limit)
}

// CheckLease tells what is wrong with the arguments of Lease.
func CheckLease(k Key, lease time.Duration) error {
	if lease <= 0 {
		return fmt.Errorf("lease of %s is not longer than zero", lease)
	}
	return k.Check()
}

// CheckPeople tells what is wrong with the arguments of People.
func CheckPeople(page, after string, limit int) error {
	if err := CheckName("page", page); err != nil {
		return err
	}
	if after != "" {
		if err := CheckName("person", after); err != nil {
			return err
		}
	}
	return CheckLimit(limit)
}

// CheckLimit tells what is wrong with the length of a list.
func CheckLimit(limit int) error {
	if limit <= 0 {
		return fmt.Errorf("limit %d is not above zero", limit)
	}
	return nil
}

func checkItem(id string, body []byte) error {
	if id == "" {
		return fmt.Errorf("id is empty")
	}
	if len(id) > MaxID {
		return fmt.Errorf("id has %d bytes, at most %d are allowed", len(id), MaxID)
	}
	if len(body) > MaxBody {
		return fmt.Errorf("body has %d bytes, at most %d are allowed", len(body), MaxBody)
	}
	return nil
}
