package bytecode

import (
	"encoding/binary"
	"errors"
	"unicode/utf8"
)

// reader takes things from the beginning of b, and knows where in the module that is.
type reader struct {
	b  []byte
	at int // offset of b in the module
}

var (
	errShort  = errors.New("it ends too early")
	errNumber = errors.New("a number is not written as one of 32 bits")
	errText   = errors.New("a name is no UTF-8")
)

func (r *reader) byte() (byte, error) {
	if len(r.b) == 0 {
		return 0, errShort
	}
	c := r.b[0]
	r.pass(1)
	return c, nil
}

func (r *reader) pass(n int) { r.b, r.at = r.b[n:], r.at+n }

func (r *reader) bytes(n uint32) ([]byte, error) {
	if uint64(n) > uint64(len(r.b)) {
		return nil, errShort
	}
	b := r.b[:n:n]
	r.pass(int(n))
	return b, nil
}

// number reads an unsigned number of 32 bits.
func (r *reader) number() (uint32, error) {
	if len(r.b) > 0 && r.b[0] < 0x80 { // nearly all are small
		n := uint32(r.b[0])
		r.pass(1)
		return n, nil
	}
	v, n := binary.Uvarint(r.b)
	if n == 0 {
		return 0, errShort
	}
	if n < 0 || n > 5 || v > 0xffffffff {
		return 0, errNumber
	}
	r.pass(n)
	return uint32(v), nil
}

// signed reads a signed number that is written in size bytes at most.
func (r *reader) signed(size int) (int64, error) {
	var v int64
	for i, c := range r.b {
		if i == size {
			return 0, errors.New("a number is longer than its kind")
		}
		v |= int64(c&0x7f) << (7 * i)
		if c < 0x80 {
			if shift := 7 * (i + 1); shift < 64 && c&0x40 != 0 {
				v |= -1 << shift
			}
			r.pass(i + 1)
			return v, nil
		}
	}
	return 0, errShort
}

func (r *reader) text() (string, error) {
	size, err := r.number()
	if err != nil {
		return "", err
	}
	b, err := r.bytes(size)
	if err == nil && !utf8.Valid(b) {
		err = errText
	}
	return string(b), err
}

// each reads the elements of a list. An element takes a byte at least, so that a
// count beyond what is there is noticed at once.
func (r *reader) each(element func() error) error {
	n, err := r.number()
	if err != nil {
		return err
	}
	if uint64(n) > uint64(len(r.b)) {
		return errShort
	}
	for range n {
		if err := element(); err != nil {
			return err
		}
	}
	return nil
}
