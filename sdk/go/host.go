package direction

import (
	"errors"
	"math/bits"
	"time"
)

// Host is what a plug-in runs on: the server, through the functions that a module
// imports, or the one in package directiontest. Directions do not call it; they
// use the methods of Call, which say what everything means.
type Host interface {
	Log(level Level, text string)
	Now() int64
	Random(p []byte)
	Get(key string) (value string, status int32)
	Put(key, value string) int32
	Swap(key, old, value string) int32
	HTTP(request []byte) []byte
	Emit(text string)
	Cut()
	Delay(millis int32, keep bool)
	Attach(element []byte) int32
	Quick(labels []byte) int32
	Read(name string) string
	Write(name, value string) int32
	Clear(name string) int32
	Topic(name string)
	Remind(reminder []byte) int32
	Silence()
}

// What calls that change something can fail with.
var (
	// ErrInvalid: an argument is not what it has to be, for instance the name of a
	// variable that belongs to the host. Nothing was done.
	ErrInvalid = errors.New("the host refused the argument")
	// ErrFull: a limit of the space is reached. Nothing was written.
	ErrFull = errors.New("the space is full")
	// ErrFailed: the place where values are kept does not answer.
	ErrFailed = errors.New("the store does not answer")
)

func statusError(status int32) error {
	switch status {
	case statusOK:
		return nil
	case statusFull:
		return ErrFull
	case statusFailed:
		return ErrFailed
	}
	return ErrInvalid
}

// Debug writes a line for yourself beside the turn. Lines are cut at 1,024 bytes,
// and a call has 50. It needs CanLog, like the other three.
func (c *Call) Debug(text string) { c.host.Log(LevelDebug, text) }

// Info writes a line that says what happened.
func (c *Call) Info(text string) { c.host.Log(LevelInfo, text) }

// Warn writes a line that says that it went on, but not as wished.
func (c *Call) Warn(text string) { c.host.Log(LevelWarn, text) }

// Error writes a line that says that it did not go on.
func (c *Call) Error(text string) { c.host.Log(LevelError, text) }

// Now is the time of the turn, in UTC and whole milliseconds. It is virtual in
// tests, so use it instead of time.Now. It needs CanClock.
func (c *Call) Now() time.Time { return time.UnixMilli(c.host.Now()).UTC() }

// Random fills p with random bytes, which a test with the same seed sees again. It
// needs CanRandom.
func (c *Call) Random(p []byte) {
	for len(p) > 0 {
		n := min(len(p), MaxRandom)
		c.host.Random(p[:n])
		p = p[n:]
	}
}

// Dice draws a number from 0 to n-1, each as likely as the others, and 0 if n is
// not above 0. It needs CanRandom.
func (c *Call) Dice(n int) int {
	if n <= 1 {
		return 0
	}
	wide := uint64(n)
	for {
		var b [8]byte
		c.host.Random(b[:])
		var draw uint64
		for _, x := range b {
			draw = draw<<8 | uint64(x)
		}
		// The high half of the product is the number; the few draws whose low half
		// would make some numbers likelier are drawn again.
		high, low := bits.Mul64(draw, wide)
		if low >= -wide%wide {
			return int(high)
		}
	}
}

// Config is a setting that the owner of the bot has written for the plug-in, and
// empty if there is none. It needs CanConfig with that name.
func (c *Call) Config(name string) string { return c.given(spaceConfig, name) }

// Secret is a key or password, and empty if there is none. It needs CanSecret with
// that name. Do not say or log it.
func (c *Call) Secret(name string) string { return c.given(spaceSecret, name) }

// given is a value of a space that the owner fills, and that is always there.
func (c *Call) given(space, name string) string {
	value, _ := c.host.Get(space + ":" + name)
	return value
}

// State is the space of values that all people of the bot share, at most 1,000. It
// needs CanState.
//
// A turn is taken again when a host dies in the middle of it: keep what a
// repetition does not spoil, for instance who has booked and not how many.
func (c *Call) State() Space { return Space{c.host, spaceState + ":"} }

// Person is the space of values about the person, at most 100. It needs CanPerson.
func (c *Call) Person() Space { return Space{c.host, spacePerson + ":"} }

// Space keeps values of the plug-in beyond a call. A key has up to 256 bytes, the
// name of the space among them, a value up to 16 KiB.
type Space struct {
	host   Host
	prefix string
}

// Get is the value of a key, and empty if there is none. After an error nothing is
// known about it.
func (s Space) Get(key string) (string, error) {
	value, status := s.host.Get(s.prefix + key)
	return value, statusError(status)
}

// Put writes the value of a key; an empty value removes it.
func (s Space) Put(key, value string) error {
	return statusError(s.host.Put(s.prefix+key, value))
}

// Swap writes a value if the key still has the value old (empty: none), and says
// whether it did. Of several people who try at the same time one succeeds.
func (s Space) Swap(key, old, value string) (bool, error) {
	status := s.host.Swap(s.prefix+key, old, value)
	if status == statusChanged {
		return false, nil
	}
	err := statusError(status)
	return err == nil, err
}
