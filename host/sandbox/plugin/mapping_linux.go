package plugin

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"unsafe"

	"github.com/footlight-bots/footlight/host/sandbox/land"
)

// sharedMemory is where files live that never reach a disk.
const sharedMemory = "/dev/shm"

// mapping is an image in a file without a name, which instances map privately: a page
// that one of them writes to becomes its own, until it is given up.
type mapping struct {
	file  *os.File
	image []byte   // the same, mapped to be read
	pages *os.File // the page map of this process, which tells which pages are its own; nil: there is none
	scans bool     // the system searches the page map itself
	tells bool     // the system tells of every first write to a page that it was a fault
}

// mapImage keeps an image in a file. Pages of zeros take no room in it.
func mapImage(memory []byte) (m *mapping, err error) {
	file, err := os.CreateTemp(sharedMemory, "footlight-")
	if err != nil {
		if file, err = os.CreateTemp("", "footlight-"); err != nil {
			return nil, fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
		}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, file.Close())
		}
	}()
	if err := os.Remove(file.Name()); err != nil {
		return nil, err
	}
	if err := file.Truncate(int64(len(memory))); err != nil {
		return nil, err
	}
	for at := 0; at < len(memory); at += block {
		if isZero(memory[at : at+block]) {
			continue
		}
		if _, err := file.WriteAt(memory[at:at+block], int64(at)); err != nil {
			return nil, err
		}
	}
	image, err := syscall.Mmap(int(file.Fd()), 0, len(memory), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, os.NewSyscallError("mmap", err)
	}
	m = &mapping{file: file, image: image}
	if pages, err := os.Open("/proc/self/pagemap"); err == nil && os.Getpagesize() == block {
		m.pages = pages
		m.scans = canScan(pages, image)
		m.tells = m.countsFaults()
	}
	return m, nil
}

func isZero(p []byte) bool {
	for _, b := range p {
		if b != 0 {
			return false
		}
	}
	return true
}

func (m *mapping) close() error {
	errs := []error{syscall.Munmap(m.image), m.file.Close()}
	if m.pages != nil {
		errs = append(errs, m.pages.Close())
	}
	return errors.Join(errs...)
}

// maxOwnPages is how many pages of an instance are copied back; with more of them all are
// given up.
const maxOwnPages = 512

// copyBack copies the image over the pages that have become the instance's own; they
// stay so, which saves the faults of the next call. Nearly all of them have changed
// again, and looking whether one has takes longer than copying it. done is false when
// they are not to be known, or giving them up costs less.
func (r *region) copyBack(m *mapping, memory []byte) (done bool) {
	if m.pages == nil {
		return false
	}
	if !r.sure {
		find := r.read
		if m.scans {
			find = r.scan
		}
		if !find(m.pages, memory) {
			return false
		}
		r.sure = m.tells
	}
	for _, s := range r.own {
		copy(memory[s.from:s.to], m.image[s.from:s.to])
	}
	return true
}

// region is the memory of one instance.
type region struct {
	land.Land
	mapped   *mapping  // what lies below
	own      []stretch // pages that are the instance's own
	sure     bool      // own are all of them: none can have been added since they were found
	watching bool      // the faults of this thread, of which there were so many before the call
	before   int64
	faults   func() (n int64, told bool) // of this thread
	entries  []byte                      // of the page map, where it is read
	found    []found                     // in it, where it is searched
}

// newRegion is where the memory of an instance will lie.
func newRegion() *region { return &region{faults: faults} }

var errNoLand = errors.New("the system has no addresses for its memory")

// restore has the region show the image again.
func (r *region) restore(m *mapping, memory []byte) error {
	if !r.Reserved() { // nothing can be mapped there
		return errNoLand
	}
	if r.mapped == m {
		if r.copyBack(m, memory) {
			return nil
		}
		r.sure = false
		return os.NewSyscallError("madvise", syscall.Madvise(memory, syscall.MADV_DONTNEED))
	}
	at, _, errno := syscall.Syscall6(syscall.SYS_MMAP, uintptr(unsafe.Pointer(unsafe.SliceData(memory))), uintptr(len(memory)),
		syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_FIXED, m.file.Fd(), 0)
	if errno != 0 {
		return os.NewSyscallError("mmap", errno)
	}
	if at != uintptr(unsafe.Pointer(unsafe.SliceData(memory))) {
		return errors.New("mmap: the mapping lies elsewhere")
	}
	r.mapped, r.sure = m, false
	return nil
}
