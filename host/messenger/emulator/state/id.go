package state

import (
	"encoding/base64"
	"encoding/binary"
	"hash/fnv"
	"math/rand/v2"
)

// Lengths of generated ids, in digits, and of generated secrets and mids, in bytes.
const (
	pageDigits   = 15
	appDigits    = 15
	personDigits = 16
	secretBytes  = 16
	keyBytes     = 96
	midBytes     = 72
	minIDDigits  = 15 // of a page-scoped id
	maxIDDigits  = 17
	thingDigits  = 16
	threadDigits = 17
)

// Number draws an id of n digits, one at least, the first of which is not 0.
func (s *State) Number(n int) string { return drawDigits(s.Random, n) }

// ThingID draws the id of something that a Page has, such as a persona.
func (s *State) ThingID() string { return s.Number(thingDigits) }

// PersonID draws an id as people have them.
func (s *State) PersonID() string { return s.Number(personDigits) }

// Text draws n bytes, as text that can stand in a URL.
func (s *State) Text(n int) string {
	return base64.RawURLEncoding.EncodeToString(draw(s.Random, n))
}

// Key draws a text that nobody guesses.
func (s *State) Key() string { return s.Text(keyBytes) }

// MID draws the id of a person's next message.
func (who *Person) MID() string {
	return "m_" + base64.RawURLEncoding.EncodeToString(draw(who.ids, midBytes))
}

func drawDigits(r *rand.Rand, n int) string {
	b := make([]byte, n)
	b[0] = '1' + byte(r.IntN(9))
	for i := 1; i < n; i++ {
		b[i] = '0' + byte(r.IntN(10))
	}
	return string(b)
}

func draw(r *rand.Rand, n int) []byte {
	b := make([]byte, 0, n+7)
	for len(b) < n {
		b = binary.LittleEndian.AppendUint64(b, r.Uint64())
	}
	return b[:n]
}

// Stream is the second word of the random source that belongs to an id.
func Stream(id string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // a hash takes everything
	return h.Sum64()
}
