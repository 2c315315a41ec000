package record

import (
	"cmp"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// Floor is a time in milliseconds since 1970, fractions cut off; the zero time, and
// any before 1970, is 0. It serves for the present and for time stamps.
func Floor(t time.Time) int64 {
	return max(0, t.UnixMilli())
}

// Ceil is like Floor, but a fraction counts as the next whole millisecond. It serves
// for times before which nothing must happen.
func Ceil(t time.Time) int64 {
	ms := t.UnixMilli()
	if t.Nanosecond()%int(time.Millisecond) != 0 {
		ms++
	}
	return max(0, ms)
}

// Time is the inverse of both; 0 is the zero time.
func Time(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// Step is a time, in milliseconds, as the number of whole steps of store.IdleStep since 1970.
func Step(ms int64) int64 {
	return ms / store.IdleStep.Milliseconds()
}

// Sort puts a conversation's events and sends in the order the contract gives.
func Sort(c *store.Conversation) {
	slices.SortFunc(c.Events, func(a, b store.Event) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Seq, b.Seq))
	})
	slices.SortFunc(c.Sends, func(a, b store.Send) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Seq, b.Seq))
	})
}
