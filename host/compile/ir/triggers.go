package ir

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"slices"
)

// Triggers describes all triggers of a program, by their numbers. It is a list in
// the making, or the binary form that travels in a module, out of which a
// description is read when somebody asks for it: a turn asks for one or two. The
// zero Triggers is empty.
type Triggers struct {
	list   []TriggerInfo
	packed []byte // see Encode
}

// ListTriggers makes Triggers of descriptions.
func ListTriggers(list ...TriggerInfo) Triggers { return Triggers{list: list} }

// Grow makes room for so many more descriptions.
func (t *Triggers) Grow(n int) { t.list = slices.Grow(t.list, n) }

// Add appends a description; packed Triggers cannot grow.
func (t *Triggers) Add(info TriggerInfo) { t.list = append(t.list, info) }

// Len is the number of triggers.
func (t *Triggers) Len() int {
	if t.packed != nil {
		return int(binary.LittleEndian.Uint32(t.packed))
	}
	return len(t.list)
}

// At describes trigger n, which must be below Len.
func (t *Triggers) At(n int) TriggerInfo {
	if t.packed == nil {
		return t.list[n]
	}
	r := t.row(n)
	info := TriggerInfo{Text: string(r.bytes()), Topic: r.number() + None, Class: r.number(), Loc: Loc{File: r.number(), Line: r.number()}}
	for range r.number() {
		info.Conditions = append(info.Conditions, ConditionInfo{Op: string(r.bytes()), Line: r.number()})
	}
	for range r.number() {
		info.Replies = append(info.Replies, r.number())
	}
	return info
}

// All yields number and description of each trigger in turn.
func (t *Triggers) All() iter.Seq2[int, TriggerInfo] {
	return func(yield func(int, TriggerInfo) bool) {
		for n := range t.Len() {
			if !yield(n, t.At(n)) {
				return
			}
		}
	}
}

// Texts yields topic and text of each trigger in turn, as TriggerInfo has them, and
// takes less time than All. The texts must not be changed.
func (t *Triggers) Texts() iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		for n := range t.list {
			if !yield(t.list[n].Topic, []byte(t.list[n].Text)) {
				return
			}
		}
		for n := range t.Len() - len(t.list) {
			r := t.row(n)
			if text := r.bytes(); !yield(r.number()+None, text) {
				return
			}
		}
	}
}

// Equal tells whether two describe the same, in whatever form they are.
func (t Triggers) Equal(o Triggers) bool {
	if t.Len() != o.Len() {
		return false
	}
	for n, info := range t.All() {
		if !info.equal(o.At(n)) {
			return false
		}
	}
	return true
}

func (i TriggerInfo) equal(o TriggerInfo) bool {
	return i.Text == o.Text && i.Topic == o.Topic && i.Class == o.Class && i.Loc == o.Loc &&
		slices.Equal(i.Conditions, o.Conditions) && slices.Equal(i.Replies, o.Replies)
}

// Encode returns the binary form. Its words are in little endian order: the number
// of triggers, then for each the offset of the end of its row, counted from the
// begin of the first one, then the rows. A row is made of varints: text as length and
// bytes, topic and one, class, file, line; the number of conditions, and operator and
// line of each; the number of replies, and the line of each.
func (t *Triggers) Encode() []byte {
	if t.packed != nil {
		return t.packed
	}
	head := make([]byte, 4, 4+4*len(t.list))
	binary.LittleEndian.PutUint32(head, uint32(len(t.list)))
	rows := make([]byte, 0, t.size())
	number := func(n int) { rows = binary.AppendUvarint(rows, uint64(n)) }
	text := func(s string) { number(len(s)); rows = append(rows, s...) }
	for i := range t.list {
		info := &t.list[i]
		text(info.Text)
		number(info.Topic - None)
		number(info.Class)
		number(info.Loc.File)
		number(info.Loc.Line)
		number(len(info.Conditions))
		for _, c := range info.Conditions {
			text(c.Op)
			number(c.Line)
		}
		number(len(info.Replies))
		for _, line := range info.Replies {
			number(line)
		}
		head = binary.LittleEndian.AppendUint32(head, uint32(len(rows)))
	}
	return append(head, rows...)
}

// size is about how many bytes the rows take.
func (t *Triggers) size() int {
	const numbers = 8 // most are small
	size := 0
	for i := range t.list {
		info := &t.list[i]
		size += len(info.Text) + numbers + 4*len(info.Conditions) + 2*len(info.Replies)
	}
	return size
}

// DecodeTriggers reads the binary form, which must not be changed any more. All of
// it is looked at once, so that At cannot fail: files and topics are how many there
// are in the Meta.
func DecodeTriggers(packed []byte, files, topics int) (Triggers, error) {
	t := Triggers{packed: packed}
	if len(packed) < 4 || uint64(len(packed)-4)/4 < uint64(t.Len()) {
		return Triggers{}, errors.New("triggers: the table is cut off")
	}
	rows, end := len(packed)-4-4*t.Len(), uint32(0)
	for n := range t.Len() {
		begin := end
		if end = t.end(n); end < begin || uint64(end) > uint64(rows) {
			return Triggers{}, fmt.Errorf("triggers: row %d does not lie behind the one before it", n)
		}
		if err := t.row(n).check(files, topics); err != nil {
			return Triggers{}, fmt.Errorf("triggers: row %d: %w", n, err)
		}
	}
	if uint64(end) != uint64(rows) {
		return Triggers{}, fmt.Errorf("triggers: %d bytes behind the last row", rows-int(end))
	}
	return t, nil
}

// end is the offset of the end of a row.
func (t *Triggers) end(n int) uint32 { return binary.LittleEndian.Uint32(t.packed[4+4*n:]) }

func (t *Triggers) row(n int) *triggerRow {
	rows, begin := t.packed[4+4*t.Len():], uint32(0)
	if n > 0 {
		begin = t.end(n - 1)
	}
	return &triggerRow{rest: rows[begin:t.end(n)]}
}

// triggerRow reads a row from left to right. When it is cut off it is bad, and
// everything behind is zero.
type triggerRow struct {
	rest []byte
	bad  bool
}

// number reads a number below 2^31.
func (r *triggerRow) number() int {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 || n >= 1<<31 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return int(n)
}

func (r *triggerRow) bytes() []byte {
	n := r.number()
	if n > len(r.rest) {
		r.bad, r.rest = true, nil
		return nil
	}
	text := r.rest[:n]
	r.rest = r.rest[n:]
	return text
}

// check reads the row for what is wrong with it.
func (r *triggerRow) check(files, topics int) error {
	r.bytes()
	topic := r.number()
	r.number() // class
	file := r.number()
	line := r.number()
	for range r.count() {
		r.bytes()
		r.number()
	}
	for range r.count() {
		r.number()
	}
	switch {
	case r.bad:
		return errors.New("it is cut off")
	case len(r.rest) > 0:
		return fmt.Errorf("%d bytes too many", len(r.rest))
	case topic > topics:
		return fmt.Errorf("topic %d of %d", topic-1, topics)
	case file >= files && line > 0:
		return fmt.Errorf("file %d of %d", file, files)
	}
	return nil
}

// count reads how many things follow, each of a byte at least.
func (r *triggerRow) count() int {
	n := r.number()
	if n > len(r.rest) {
		r.bad = true
		return 0
	}
	return n
}
