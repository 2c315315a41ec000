package land

import (
	"context"
	"syscall"

	"github.com/tetratelabs/wazero/experimental"
)

// Land is where the memory of one machine lies. The zero Land is ready to be given to a machine.
type Land struct {
	reserved []byte
	used     bool
	heap     []byte // the memory, where there is no land to be had
}

// On has the machine that begins with the context lie on land.
func On(ctx context.Context) context.Context { return new(Land).On(ctx) }

// On has the machine that begins with the context lie on this land.
func (l *Land) On(ctx context.Context) context.Context {
	return experimental.WithMemoryAllocator(ctx, experimental.MemoryAllocatorFunc(l.Allocate))
}

// pageSize is the unit in which memory grows, in bytes.
const pageSize = 64 << 10

// Allocate reserves the addresses for a memory of most bytes; see experimental.MemoryAllocator.
func (l *Land) Allocate(_, most uint64) experimental.LinearMemory {
	reserved, err := syscall.Mmap(-1, 0, int(max(most, pageSize)), syscall.PROT_NONE, syscall.MAP_PRIVATE|syscall.MAP_ANON|syscall.MAP_NORESERVE)
	if err == nil {
		l.reserved = reserved
	}
	return l
}

// Reserved tells whether there is land: else the memory is on the heap, since a machine whose
// first memory is refused takes the whole host with it.
func (l *Land) Reserved() bool { return l.reserved != nil }

// Reallocate implements experimental.LinearMemory.
func (l *Land) Reallocate(size uint64) []byte {
	if l.Reserved() && !l.open(size) {
		if l.used {
			return nil
		}
		l.Free()
	}
	if l.Reserved() {
		l.used = true
		return l.reserved[:size:size]
	}
	grown := make([]byte, size)
	copy(grown, l.heap)
	l.heap = grown
	return grown
}

// open lets so many bytes be used.
func (l *Land) open(size uint64) bool {
	return size <= uint64(len(l.reserved)) && (size == 0 || syscall.Mprotect(l.reserved[:size], syscall.PROT_READ|syscall.PROT_WRITE) == nil)
}

// Free implements experimental.LinearMemory.
func (l *Land) Free() {
	if l.Reserved() {
		_ = syscall.Munmap(l.reserved)
	}
	l.reserved, l.heap = nil, nil
}
