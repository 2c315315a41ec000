package emit

import (
	"encoding/binary"
	"fmt"
)

// dataBase is the address of the first byte of data. What lies below stays
// zero, so that a null pointer does no harm.
const dataBase = 1024

// data is the part of a module's memory that does not change: texts and tables.
// Equal texts are kept once.
type data struct {
	buf   []byte
	texts map[string]int
}

// text returns the address of a text.
func (d *data) text(s string) int {
	if s == "" {
		return 0
	}
	if at, ok := d.texts[s]; ok {
		return at
	}
	if d.texts == nil {
		d.texts = map[string]int{}
	}
	at := d.end()
	d.buf = append(d.buf, s...)
	d.texts[s] = at
	return at
}

// reserve returns the address of size zero bytes, aligned to 8.
func (d *data) reserve(size int) int {
	d.align(8)
	at := d.end()
	d.buf = append(d.buf, make([]byte, size)...)
	return at
}

// put writes a word into a reserved place.
func (d *data) put(at int, word uint32) {
	binary.LittleEndian.PutUint32(d.buf[at-dataBase:], word)
}

// put64 writes a word of 64 bits into a reserved place.
func (d *data) put64(at int, word uint64) {
	binary.LittleEndian.PutUint64(d.buf[at-dataBase:], word)
}

// words returns the address of words in a row, aligned to 4.
func (d *data) words(words []uint32) int {
	at := d.reserveRow(len(words))
	for i, w := range words {
		d.put(at+4*i, w)
	}
	return at
}

// reserveRow returns the address of zero words in a row, aligned to 4.
func (d *data) reserveRow(words int) int {
	d.align(4)
	at := d.end()
	d.buf = append(d.buf, make([]byte, 4*words)...)
	return at
}

// align makes the end a multiple of size, a power of two.
func (d *data) align(size int) {
	for len(d.buf)&(size-1) != 0 {
		d.buf = append(d.buf, 0)
	}
}

// end is the address behind the last byte.
func (d *data) end() int { return dataBase + len(d.buf) }

// check refuses data beyond MaxData.
func (d *data) check() error {
	if len(d.buf) > MaxData {
		return fmt.Errorf("texts and tables take %d bytes, at most %d are allowed", len(d.buf), MaxData)
	}
	return nil
}
