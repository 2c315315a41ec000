package sandbox

import (
	"encoding/binary"
	"strings"

	"github.com/tetratelabs/wazero/api"
)

// texts are the texts of a module's memory that the host has as strings, so that they
// need not be copied out of it: those of the data, which never change, and those of
// the turn that the host has written itself. Nothing of the arena is written twice in
// a turn, but for what a redirect inside of a macro took: see followAside.
type texts struct {
	arena  uint32            // what lies below is data
	data   map[uint64]string // by address and length; those that were read before
	passes [usualPassages]passage
	count  int
}

// usualPassages is how many texts of a turn the host remembers; the others are copied.
const usualPassages = 16

// passage is a text that the host has written.
type passage struct {
	address uint32
	text    string
}

// wrote notes a text that the host has put into the memory.
func (t *texts) wrote(address uint64, text string) {
	if t.count < usualPassages && text != "" {
		t.passes[t.count] = passage{uint32(address), text}
		t.count++
	}
}

// find looks for a text among those that the host has written: they may be pieces of
// one, as captures are.
func (t *texts) find(address, length uint32) (string, bool) {
	for i := t.count - 1; i >= 0; i-- {
		p := &t.passes[i]
		at := uint64(address) - uint64(p.address) // huge when it lies in front
		if size := uint64(len(p.text)); at <= size && uint64(length) <= size-at {
			return p.text[at : at+uint64(length)], true
		}
	}
	return "", false
}

// forget drops what was written after the first texts of the turn.
func (t *texts) forget(first int) {
	clear(t.passes[first:t.count])
	t.count = first
}

// read returns bytes of the module's memory. They are only valid until the host
// function returns.
func read(m api.Module, address, length uint64) []byte {
	b, ok := m.Memory().Read(uint32(address), uint32(length))
	if !ok {
		panic(errAddress)
	}
	return b
}

// text returns a text of the module's memory.
func (c *call) text(m api.Module, address, length uint64) string {
	if uint32(length) == 0 {
		return ""
	}
	if uint32(address) >= c.texts.arena {
		if s, ok := c.texts.find(uint32(address), uint32(length)); ok {
			return s
		}
		return string(read(m, address, length))
	}
	key := address<<32 | length&0xffffffff
	if s, ok := c.texts.data[key]; ok {
		return s
	}
	s := string(read(m, address, length))
	c.texts.data[key] = s
	return s
}

// name is a text that is trimmed: the name or value of a variable.
func (c *call) name(m api.Module, s []uint64) string {
	return strings.TrimSpace(c.text(m, s[0], s[1]))
}

// none is the length of a text that is not there.
const none = uint64(0xffffffff)

// write puts a text into the module's buffer if it fits, and returns its length.
func (c *call) write(m api.Module, s string, address, room uint64) uint64 {
	if uint64(len(s)) <= room {
		if !m.Memory().WriteString(uint32(address), s) {
			panic(errAddress)
		}
		c.texts.wrote(address, s)
	}
	return uint64(len(s))
}

// writeOr is write, or none if there is no text.
func (c *call) writeOr(m api.Module, s string, ok bool, address, room uint64) uint64 {
	if !ok {
		return none
	}
	return c.write(m, s, address, room)
}

// writeBytes is write for a text that only the module needs.
func writeBytes(m api.Module, b []byte, address, room uint64) uint64 {
	if uint64(len(b)) <= room && !m.Memory().Write(uint32(address), b) {
		panic(errAddress)
	}
	return uint64(len(b))
}

// captured reads a table of texts. The list is good until the next one is read.
func (c *call) captured(m api.Module, address, count uint64) []string {
	if count == 0 {
		return nil
	}
	table := read(m, address, 8*count)
	c.captures = c.captures[:0]
	for ; len(table) > 0; table = table[8:] {
		at, length := binary.LittleEndian.Uint32(table), binary.LittleEndian.Uint32(table[4:])
		c.captures = append(c.captures, c.text(m, uint64(at), uint64(length)))
	}
	return c.captures
}
