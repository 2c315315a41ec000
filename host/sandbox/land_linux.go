package sandbox

import (
	"context"
	"syscall"

	"github.com/tetratelabs/wazero/experimental"
)

// land is the memory of a machine: a stretch of addresses as long as the memory may become. It grows without being copied, so
// that a program which takes all there is, bit by bit, costs no more than what it takes; and it is not the collector's.
type land struct{ reserved []byte }

// onLand has machines that begin with the context lie on land.
func onLand(ctx context.Context) context.Context {
	return experimental.WithMemoryAllocator(ctx, experimental.MemoryAllocatorFunc(func(_, most uint64) experimental.LinearMemory {
		return newLand(most)
	}))
}

func newLand(most uint64) *land {
	reserved, err := syscall.Mmap(-1, 0, int(max(most, pageSize)), syscall.PROT_NONE, syscall.MAP_PRIVATE|syscall.MAP_ANON|syscall.MAP_NORESERVE)
	if err != nil {
		return &land{} // it has nothing to give, and the machine fails
	}
	return &land{reserved}
}

// Reallocate implements experimental.LinearMemory.
func (l *land) Reallocate(size uint64) []byte {
	if size > uint64(len(l.reserved)) {
		return nil
	}
	if size > 0 && syscall.Mprotect(l.reserved[:size], syscall.PROT_READ|syscall.PROT_WRITE) != nil {
		return nil
	}
	return l.reserved[:size:size]
}

// Free implements experimental.LinearMemory.
func (l *land) Free() {
	if l.reserved != nil {
		_ = syscall.Munmap(l.reserved)
		l.reserved = nil
	}
}
