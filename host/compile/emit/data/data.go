// Package data makes the part of a module's memory that does not change: texts, each
// kept once, and tables of 32-bit words, little endian as wasm reads them. Places are
// addresses of the module's memory. It knows nothing of what the tables mean. No API
// of the host is promised.
package data

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// MaxSize is the size of a module's texts and tables in bytes.
const MaxSize = 1 << 30

// Base is the address of the first byte of data. What lies below stays
// zero, so that a null pointer does no harm.
const Base = 1024

// Segment is the part of a module's memory that does not change, in the making. The
// zero Segment is empty and ready. It is for one goroutine.
type Segment struct {
	buf   []byte
	texts map[string]int
}

// Grow makes room for so many more bytes and texts.
func (d *Segment) Grow(size, texts int) {
	d.buf = slices.Grow(d.buf, size)
	if d.texts == nil {
		d.texts = make(map[string]int, texts)
	}
}

// Counts tells how many bytes there are, and how many texts among them.
func (d *Segment) Counts() (size, texts int) { return len(d.buf), len(d.texts) }

// Text returns the address of a text.
func (d *Segment) Text(s string) int {
	if s == "" {
		return 0
	}
	if at, ok := d.texts[s]; ok {
		return at
	}
	if d.texts == nil {
		d.texts = map[string]int{}
	}
	at := d.End()
	d.buf = append(d.buf, s...)
	d.texts[s] = at
	return at
}

// Reserve returns the address of size zero bytes, aligned to 8.
func (d *Segment) Reserve(size int) int {
	d.Align(8)
	at := d.End()
	d.buf = append(d.buf, make([]byte, size)...)
	return at
}

// Put writes a word into a reserved place.
func (d *Segment) Put(at int, word uint32) {
	binary.LittleEndian.PutUint32(d.buf[at-Base:], word)
}

// Put64 writes a word of 64 bits into a reserved place.
func (d *Segment) Put64(at int, word uint64) {
	binary.LittleEndian.PutUint64(d.buf[at-Base:], word)
}

// Words returns the address of words in a row, aligned to 4.
func (d *Segment) Words(words []uint32) int {
	at := d.Row(len(words))
	for i, w := range words {
		d.Put(at+4*i, w)
	}
	return at
}

// Row returns the address of zero words in a row, aligned to 4.
func (d *Segment) Row(words int) int {
	d.Align(4)
	at := d.End()
	d.buf = append(d.buf, make([]byte, 4*words)...)
	return at
}

// Room returns the address of size zero bytes, wherever they come to lie.
func (d *Segment) Room(size int) int {
	at := d.End()
	d.buf = append(d.buf, make([]byte, size)...)
	return at
}

// Align makes the end a multiple of size, a power of two.
func (d *Segment) Align(size int) {
	for len(d.buf)&(size-1) != 0 {
		d.buf = append(d.buf, 0)
	}
}

// End is the address behind the last byte.
func (d *Segment) End() int { return Base + len(d.buf) }

// Bytes are all bytes from Base on. They belong to the segment.
func (d *Segment) Bytes() []byte { return d.buf }

// Copy writes bytes into a reserved place.
func (d *Segment) Copy(at int, b []byte) { copy(d.buf[at-Base:], b) }

// Check refuses what is larger than MaxSize.
func (d *Segment) Check() error {
	if len(d.buf) > MaxSize {
		return fmt.Errorf("texts and tables take %d bytes, at most %d are allowed", len(d.buf), MaxSize)
	}
	return nil
}
