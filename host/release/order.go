package release

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// The reasons of an order.
const (
	Published  = "publish"
	RolledBack = "rollback"
	Tried      = "canary"
	Promoted   = "promote"
	Aborted    = "abort"
)

// Order says what hosts have to play. Each order of a bot has the number after the one before it, so that an
// old one cannot be passed off as the newest.
type Order struct {
	Bot     string    `json:"bot"`
	Number  uint64    `json:"number"`
	Stage   string    `json:"stage,omitempty"`   // the version on stage; empty: none yet
	Canary  string    `json:"canary,omitempty"`  // a version that a share of the people gets instead; empty: none
	Percent float64   `json:"percent,omitempty"` // that share, above 0 and below 100
	Why     string    `json:"why"`
	At      time.Time `json:"at"`
}

// shares is in how many parts people are divided: shares are exact to a hundredth of a percent.
const shares = 10_000

// Takes tells whether somebody belongs to the share of the people that a canary gets: the same on every host for as
// long as the share stands, and also when it grows. Each version has people of its own.
func Takes(version string, percent float64, page, person string) bool {
	sum := sha256.Sum256([]byte(version + "\x00" + page + "\x00" + person))
	return float64(binary.BigEndian.Uint64(sum[:8])%shares) < percent*shares/100
}

// sealedOrder is an order as it is kept.
type sealedOrder struct {
	Order json.RawMessage `json:"order"`
	Seal  Seal            `json:"seal"`
	Mark  string          `json:"mark,omitempty"` // by which whoever gives it knows it again
}

func (k Key) order(o Order) (sealedOrder, error) {
	text, err := json.Marshal(o)
	if err != nil {
		return sealedOrder{}, fmt.Errorf("order: %w", err)
	}
	return sealedOrder{Order: text, Seal: k.seal("order", text)}, nil
}

// read takes an order apart without asking who gave it.
func (s sealedOrder) read() (o Order, err error) {
	if err := json.Unmarshal(s.Order, &o); err != nil {
		return o, fmt.Errorf("order: %w", err)
	}
	return o, nil
}

// verify is read, of an order for a bot that one of the publishers has given.
func (s sealedOrder) verify(bot string, trusted Publishers) (Order, error) {
	if err := trusted.check(s.Seal, "order", s.Order); err != nil {
		return Order{}, err
	}
	o, err := s.read()
	switch {
	case err != nil:
		return o, err
	case o.Bot != bot:
		return o, fmt.Errorf("order %d is for the bot %s, not for %s", o.Number, o.Bot, bot)
	case o.Canary != "" && !(o.Percent > 0 && o.Percent < 100):
		return o, errors.New("order: the share of a canary is above 0 and below 100 percent")
	}
	return o, nil
}
