package webhook

import (
	"fmt"
	"math"
	"slices"
)

// Delivery says how an app's webhooks misbehave. The zero value is a calm day.
type Delivery struct {
	Batch           int     `json:"batch"`            // events in one POST, up to 1000; 0: 1
	Duplicate       int     `json:"duplicate"`        // how often each event comes again
	DuplicateChance float64 `json:"duplicate_chance"` // from 0 to 1: each event once more with this probability
	StandbyTwin     bool    `json:"standby_twin"`     // a postback comes as messaging and as standby
	Reorder         int     `json:"reorder"`          // by how many places an event may be overtaken
	Hold            bool    `json:"hold"`             // events wait until this is taken back
	Drop            bool    `json:"drop"`             // events are never delivered
	Slow            int     `json:"slow_ms"`          // delay before each POST, in ms of the emulator's clock
	SlowBody        int     `json:"slow_body_ms"`     // delay in the middle of each body, the same way
	Parallel        int     `json:"parallel"`         // POSTs under way at once, each with the events of other people; 0: 1
	Mixed           bool    `json:"mixed"`            // events of all the app's Pages share POSTs, in entries of their own
	Odd             string  `json:"odd"`              // a shape that events take: one of the Odd constants; empty: their own
	// Signature spoils the headers: "flipped" one digit off, "secret" a wrong secret, "sha1" only the
	// old one, "missing", "short", "doubled" with two equals signs; "" right.
	Signature string `json:"signature"`
	Unescaped bool   `json:"unescaped"` // raw UTF-8 in the body
	Gzip      bool   `json:"gzip"`      // the body is compressed; the signature covers the compressed bytes
}

// Bounds of Delivery: events in one POST, repeats of one event, places of disorder, POSTs at once.
const (
	maxBatch     = 1000
	maxDuplicate = 100
	maxReorder   = 1000
	maxParallel  = 64
)

var signatures = []string{"", "flipped", "secret", "sha1", "missing", "short", "doubled"}

// Check reports what no delivery can be.
func (d Delivery) Check() error {
	switch {
	case d.Batch < 0 || d.Batch > maxBatch:
		return fmt.Errorf("delivery: batch %d: want 0 to %d", d.Batch, maxBatch)
	case d.Duplicate < 0 || d.Duplicate > maxDuplicate:
		return fmt.Errorf("delivery: duplicate %d: want 0 to %d", d.Duplicate, maxDuplicate)
	case math.IsNaN(d.DuplicateChance) || d.DuplicateChance < 0 || d.DuplicateChance > 1:
		return fmt.Errorf("delivery: duplicate_chance %g: want 0 to 1", d.DuplicateChance)
	case d.Reorder < 0 || d.Reorder > maxReorder:
		return fmt.Errorf("delivery: reorder %d: want 0 to %d", d.Reorder, maxReorder)
	case d.Slow < 0 || d.SlowBody < 0:
		return fmt.Errorf("delivery: slow_ms %d, slow_body_ms %d: want 0 or more", d.Slow, d.SlowBody)
	case d.Parallel < 0 || d.Parallel > maxParallel:
		return fmt.Errorf("delivery: parallel %d: want 0 to %d", d.Parallel, maxParallel)
	case !slices.Contains(shapes, d.Odd):
		return fmt.Errorf("delivery: odd %q: want one of %q", d.Odd, shapes)
	case !slices.Contains(signatures, d.Signature):
		return fmt.Errorf("delivery: signature %q: want one of %q", d.Signature, signatures)
	}
	return nil
}
