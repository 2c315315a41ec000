package meter

import (
	"encoding/binary"
	"errors"
)

// reader takes things from the beginning of b.
type reader struct{ b []byte }

var errShort = errors.New("it ends too early")

func (r *reader) byte() (byte, error) {
	if len(r.b) == 0 {
		return 0, errShort
	}
	c := r.b[0]
	r.b = r.b[1:]
	return c, nil
}

func (r *reader) bytes(n uint32) ([]byte, error) {
	if uint64(n) > uint64(len(r.b)) {
		return nil, errShort
	}
	b := r.b[:n:n]
	r.b = r.b[n:]
	return b, nil
}

// number reads an unsigned number of 32 bits.
func (r *reader) number() (uint32, error) {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || n > 5 || v > 0xffffffff {
		return 0, errors.New("a number is not written as one of 32 bits")
	}
	r.b = r.b[n:]
	return uint32(v), nil
}

// skip passes a number of any kind.
func (r *reader) skip() error {
	for i := range r.b {
		if r.b[i] < 0x80 {
			r.b = r.b[i+1:]
			return nil
		}
	}
	return errShort
}

// each reads the elements of a list.
func (r *reader) each(element func() error) error {
	n, err := r.number()
	if err != nil {
		return err
	}
	for range n {
		if err := element(); err != nil {
			return err
		}
	}
	return nil
}

func appendNumber(b []byte, n uint32) []byte { return binary.AppendUvarint(b, uint64(n)) }

func appendSigned(b []byte, n int64) []byte {
	for {
		c := byte(n & 0x7f)
		n >>= 7
		if n == 0 && c&0x40 == 0 || n == -1 && c&0x40 != 0 {
			return append(b, c)
		}
		b = append(b, c|0x80)
	}
}
