// Package store is the persistence contract in domain words: what was heard, what
// each person's state is, what is still to be sent. The laws of the contract are
// tests in storetest; bolt keeps everything in one file, redis serves many hosts.
// No API of the host is promised.
package store

import (
	"context"
	"errors"
	"time"
)

// ErrFenced is wrapped by the error of an operation whose lease is no longer the
// conversation's newest: somebody else has taken over, nothing was changed.
var ErrFenced = errors.New("lease was taken over")

// ErrClosed is wrapped by the error of an operation on a store that was closed.
var ErrClosed = errors.New("store is closed")

// ErrForGood is wrapped by the error of an operation that fails however often it is repeated: what is to be kept is beyond
// the bounds of this package, or what is kept cannot be read.
var ErrForGood = errors.New("the store cannot do that, now or later")

// Key names a conversation: one person on one Page. Both are decimal strings on
// Messenger; the store takes letters, digits, dots, hyphens and underscores, up to MaxName bytes.
type Key struct{ Page, Person string }

// Event is something that was heard. Body is opaque to the store.
type Event struct {
	ID   string // deduplication key, unique in the conversation
	Key  Key
	At   time.Time // the platform's time stamp: the order within a conversation
	Due  time.Time // it is no work before this; zero: work at once
	Body []byte
	Seq  uint64 // order of acceptance, given by the store
}

// Send is one message, or one other call, on its way to a person. Body is opaque
// to the store.
type Send struct {
	ID    string // intent id, unique in the conversation
	Due   time.Time
	Wait  time.Duration // pause after the send before it, counted from when that went out
	Stay  bool          // not cancelled when the person writes (L-DELAY-5)
	Body  []byte
	Tries int
	Seq   uint64 // order of commit, given by the store
}

// Lease is the right to work on a conversation until a time. Fence grows with
// every lease of the conversation. A lease that has run out is still good for as
// long as nobody has taken the conversation over, released it or erased it.
type Lease struct {
	Key   Key
	Fence uint64
	Until time.Time
}

// Conversation is all that is kept of one.
type Conversation struct {
	Key     Key
	Session []byte  // nil for somebody new
	Events  []Event // not yet consumed, by At, then Seq; also those that are not due
	Sends   []Send  // not yet settled, by Due, then Seq
	Hold    time.Time
	Letters []Letter // given up, the oldest first; at most MaxLetters
	Claims  int      // how often it was leased since a lease of it was given back, this time included: above 1 somebody did not come to an end
}

// Claimed is a conversation under a new lease.
type Claimed struct {
	Lease
	Conversation *Conversation // as Load would give it; nil when it could not be read: then Load tells why
}

// Change is what a commit does, all of it or nothing, in the order of its fields.
// Ids that are not there (any more) are passed over, so that a commit that is
// repeated after a lost answer does no harm.
type Change struct {
	Session  []byte    // nil: as it was
	Consumed []string  // ids of events that are done with
	Aside    []Letter  // what is given up; one takes the place of a letter of the same Kind and ID
	Settled  []string  // ids of sends that are done with: delivered, or given up
	Retried  []string  // ids of sends whose Tries grow by one
	Cancel   bool      // drops the sends that wait, but those that Stay
	Sends    []Send    // new sends; one whose ID waits already takes the place of that one
	Hold     time.Time // no send is due before it; zero: no hold
}

// Pause stops the sends of a Page.
type Pause struct {
	Page   string
	Until  time.Time // from then on the Page sends again; zero: not before it is resumed
	Reason string
}

// Store keeps conversations. It is safe for concurrent use, by any number of
// hosts where the implementation allows several. All times come from the caller
// and are kept to the millisecond: fractions of Due, Hold and Until count as the next
// whole one, so that nothing is due early. The zero time stays the zero time.
//
// What the caller hands in stays the caller's and is not kept; what the store
// hands out is the caller's own copy. Arguments outside the bounds of this
// package are refused with an error that names the field; nothing is cut.
type Store interface {
	// Accept appends events, leaving out those whose ID was accepted in the same
	// conversation in the last DedupFor, still waits or comes earlier in the batch. It is
	// durable when it returns, and atomic for each conversation; bolt is atomic for the whole batch. After
	// an error some conversations may have their events: repeating the batch adds the rest.
	// fresh holds the events that were new, with their Seq; after an error those that are known to be there.
	//
	// Up to limit of their conversations, those that have such an event due and no lease that has not run out, are leased in the same
	// step and loaded, as by Claim; 0: none. The lease must be longer than zero then. claimed counts after an error too.
	Accept(ctx context.Context, now time.Time, events []Event, lease time.Duration, limit int) (fresh []Event, claimed []Claimed, err error)
	// Claim leases up to limit conversations that have work due: events whose Due has come, or sends
	// whose Due and Hold have come, on Pages that are not paused (a paused Page's
	// events are work all the same), and loads them. A conversation under a lease that has not run
	// out is passed over. The longest overdue come first; one that waited for the end of a
	// lease or a pause counts as overdue since then. The lease must be longer than zero.
	Claim(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]Claimed, error)
	// Lease leases one conversation, whether or not it has work due or anything is kept of it;
	// ok is false while another lease runs.
	Lease(ctx context.Context, now time.Time, k Key, lease time.Duration) (l Lease, ok bool, err error)
	// Next tells when Claim will next find work, as far as is known now: never later than it
	// will, perhaps earlier. ok is false when nothing waits. Where a part of the store is away it tells of the rest, with the error.
	Next(ctx context.Context) (at time.Time, ok bool, err error)
	// Extend moves the end of a lease; ErrFenced when it was taken over. claims is how often the conversation counts as
	// leased from then on, or Counted: a lease that is left to run out, and under which nothing was begun, need not count.
	Extend(ctx context.Context, l Lease, until time.Time, claims int) (Lease, error)
	// Load reads the conversation of a lease; ErrFenced when it was taken over.
	Load(ctx context.Context, l Lease) (Conversation, error)
	// Commit changes the conversation of a lease in one atomic, durable step. It is refused with
	// ErrFenced when the lease was taken over, released or erased; that the lease
	// has run out is no reason by itself. With release the lease ends in the same step.
	Commit(ctx context.Context, l Lease, c Change, release bool) error
	// Release ends a lease; nothing happens when it was taken over.
	Release(ctx context.Context, l Lease) error
	// Read reads a conversation without a lease, for people to look at. One
	// that does not exist is empty.
	Read(ctx context.Context, k Key) (Conversation, error)
	// Erase removes all of a conversation and fences off who works on it. What remains is the
	// dedup keys, until they expire: hashes, so that a repeated webhook does not bring the person back.
	Erase(ctx context.Context, k Key) error
	// People lists up to limit people of a Page of whom anything but dedup keys is kept, by id in the order of
	// bytes, from the first after the given one on; after may be empty.
	People(ctx context.Context, page, after string, limit int) ([]string, error)
	// Idle lists up to limit conversations that accepted nothing and were not leased since a time,
	// waiting work or not, those that rest longest first. Rest is reckoned in steps of
	// IdleStep: nobody is listed early, and nobody later than that.
	Idle(ctx context.Context, since time.Time, limit int) ([]Key, error)
	// EraseIdle erases a conversation if Idle would still list it, and tells whether it did: in one
	// step, so that nothing that was accepted meanwhile is lost.
	EraseIdle(ctx context.Context, k Key, since time.Time) (done bool, err error)
	// Pause stops the sends of a Page or changes its pause, Resume lets them go on, Pauses
	// lists by Page. A pause whose Until has passed stops nothing but is listed until
	// it is resumed or replaced.
	Pause(ctx context.Context, p Pause) error
	// Prolong is Pause, unless the Page has a pause that ends no earlier: in one step, so that it shortens none. done tells whether it was set.
	Prolong(ctx context.Context, p Pause) (done bool, err error)
	Resume(ctx context.Context, page string) error
	Pauses(ctx context.Context) ([]Pause, error)
	// Value reads a value that a plug-in has put on its shelf; nil when there is none.
	Value(ctx context.Context, at Shelf, key string) ([]byte, error)
	// SetValue puts a value on a shelf, or takes it away when it is empty: in one atomic,
	// durable step that is no part of any commit. With old it does so only if the value is
	// that still (empty: if there is none), and done is false otherwise. A new key on a shelf that
	// holds MaxValues is refused with ErrFull.
	SetValue(ctx context.Context, at Shelf, key string, value []byte, old *[]byte) (done bool, err error)
	// Paper reads a paper; its Revision is 0 when there is none.
	Paper(ctx context.Context, name string) (Paper, error)
	// SetPaper replaces a paper whose revision is that of p still, in one atomic, durable step, or takes it
	// away when the body is empty; done is false when another revision stands there. One that
	// was taken away begins anew.
	SetPaper(ctx context.Context, p Paper) (revision uint64, done bool, err error)
	// Check tells whether the store can be reached and written.
	Check(ctx context.Context) error
	// Close gives everything back. Leases are not released.
	Close() error
}

const (
	// Counted leaves it at what was counted of leases.
	Counted = -1
	// DedupFor is how long the ids of accepted events are remembered.
	DedupFor = 7 * 24 * time.Hour
	// IdleStep is how exactly it is known since when a conversation rests. Finer steps would
	// have every message move its person in an index.
	IdleStep = time.Hour
)
