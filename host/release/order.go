package release

import (
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

// sealedOrder is an order as it is kept.
type sealedOrder struct {
	Order json.RawMessage `json:"order"`
	Seal  Seal            `json:"seal"`
}

func (k Key) order(o Order) (sealedOrder, error) {
	text, err := json.Marshal(o)
	if err != nil {
		return sealedOrder{}, fmt.Errorf("order: %w", err)
	}
	return sealedOrder{text, k.seal("order", text)}, nil
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
