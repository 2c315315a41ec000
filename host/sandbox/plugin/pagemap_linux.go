package plugin

import (
	"encoding/binary"
	"os"
	"syscall"
	"unsafe"
)

// stretch is a part of a memory, in bytes.
type stretch struct{ from, to int }

// Bits of an entry of the page map: the page is there or swapped out, and it still is
// one of the file.
const (
	pageThere  = 1<<63 | 1<<62
	pageOfFile = 1 << 61
)

// read finds the instance's own pages by reading all entries of the page map. False: it
// cannot be read, or there are too many.
func (r *region) read(pages *os.File, memory []byte) bool {
	if r.entries == nil {
		r.entries = make([]byte, len(memory)/block*8)
	}
	first := int64(uintptr(unsafe.Pointer(unsafe.SliceData(memory)))) / block
	if n, err := pages.ReadAt(r.entries, first*8); err != nil || n != len(r.entries) {
		return false
	}
	r.own = r.own[:0]
	for i := 0; i < len(r.entries); i += 8 {
		if e := binary.NativeEndian.Uint64(r.entries[i:]); e&pageThere != 0 && e&pageOfFile == 0 {
			r.own = append(r.own, stretch{i / 8 * block, (i/8 + 1) * block})
		}
	}
	return len(r.own) <= maxOwnPages
}

// search is what the system is asked for: struct pm_scan_arg of linux/fs.h.
type search struct {
	size, flags, start, end, walkEnd, found, room, most uint64
	inverted, mask, anyOf, wanted                       uint64
}

// found is a stretch of pages that fit: struct page_region of linux/fs.h.
type found struct{ start, end, categories uint64 }

// Of linux/fs.h, since Linux 6.7.
const (
	pagemapScan   = 0xc0606610 // PAGEMAP_SCAN
	pageIsFile    = 1 << 2
	pageIsPresent = 1 << 3
	pageIsSwapped = 1 << 4
	maxFound      = 256 // stretches
)

// scan finds the instance's own pages by having the system search for them, which saves
// half of the time. False: it cannot, or there are too many.
func (r *region) scan(pages *os.File, memory []byte) bool {
	if r.found == nil {
		r.found = make([]found, maxFound)
	}
	start := uint64(uintptr(unsafe.Pointer(unsafe.SliceData(memory))))
	s := search{
		start: start, end: start + uint64(len(memory)), room: maxFound, most: maxOwnPages + 1,
		inverted: pageIsFile, mask: pageIsFile, anyOf: pageIsPresent | pageIsSwapped,
	}
	n, ok := s.run(pages, r.found)
	if !ok || s.walkEnd != s.end {
		return false
	}
	r.own = r.own[:0]
	for _, f := range r.found[:n] {
		r.own = append(r.own, stretch{int(f.start - start), int(f.end - start)})
	}
	return true
}

// run asks the system.
func (s *search) run(pages *os.File, into []found) (n int, ok bool) {
	s.size = uint64(unsafe.Sizeof(*s))
	s.found = uint64(uintptr(unsafe.Pointer(unsafe.SliceData(into))))
	count, _, errno := syscall.Syscall(syscall.SYS_IOCTL, pages.Fd(), pagemapScan, uintptr(unsafe.Pointer(s)))
	return int(count), errno == 0
}

// canScan tells whether the system can search: it refuses what it does not know.
func canScan(pages *os.File, image []byte) bool {
	start := uint64(uintptr(unsafe.Pointer(unsafe.SliceData(image))))
	s := search{start: start, end: start + block, room: 1, most: 1, inverted: pageIsFile, mask: pageIsFile, anyOf: pageIsPresent | pageIsSwapped}
	_, ok := s.run(pages, make([]found, 1))
	return ok
}
