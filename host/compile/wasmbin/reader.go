package wasmbin

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrNotModule is returned for bytes that do not begin like a WebAssembly module.
var ErrNotModule = errors.New("no WebAssembly module of version 1")

// CustomSection finds the first custom section of a name. The result is a part
// of module; ok is false when there is no such section. Malformed modules give
// an error that tells the offset.
func CustomSection(module []byte, name string) (data []byte, ok bool, err error) {
	if !bytes.HasPrefix(module, magic[:]) {
		return nil, false, ErrNotModule
	}
	for at := len(magic); at < len(module); {
		id := module[at]
		body, next, err := sizedAt(module, at+1)
		if err != nil {
			return nil, false, fmt.Errorf("section %d at offset %d: %w", id, at, err)
		}
		if id == sectionCustom {
			title, rest, err := sizedAt(body, 0)
			if err != nil {
				return nil, false, fmt.Errorf("name of the custom section at offset %d: %w", at, err)
			}
			if string(title) == name {
				return body[rest:], true, nil
			}
		}
		at = next
	}
	return nil, false, nil
}

// sizedAt reads a length and as many bytes, and returns the offset behind them.
func sizedAt(b []byte, at int) (body []byte, next int, err error) {
	size, n := binary.Uvarint(b[at:])
	if n <= 0 || n > 5 || size > 0xffffffff {
		return nil, 0, errors.New("its length is no 32-bit number")
	}
	start := at + n
	if size > uint64(len(b)-start) {
		return nil, 0, fmt.Errorf("it should have %d bytes, but only %d are left", size, len(b)-start)
	}
	next = start + int(size)
	return b[start:next:next], next, nil
}
