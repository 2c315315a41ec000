package plugin

import (
	"runtime"
	"syscall"
)

// watch begins to look whether a call touches pages that it has not touched before: the
// system counts the faults of each thread, so the call stays on this one until it has
// run for long, or waits. Without a fault no page can have become the instance's own,
// and the map of pages need not be searched. On the thread of the last watch the count
// at its end will do for the one at the beginning, since it never goes down; a fault in
// between is then taken for one of the call, which costs a search. A thread that has
// ended, as those of Go do not, would have to give its number to one that has had as
// many faults to deceive it.
func (r *region) watch() {
	if r == nil || !r.sure {
		return
	}
	runtime.LockOSThread()
	r.watching = true
	if id := syscall.Gettid(); id != r.thread {
		r.thread, r.faults = id, faults()
	}
}

// lookAway ends the watch without a result.
func (r *region) lookAway() {
	if r == nil {
		return
	}
	r.sure, r.thread = false, 0
	if r.watching {
		r.watching = false
		runtime.UnlockOSThread()
	}
}

// watchEnds notes what was seen. A call that was not watched may have touched anything.
func (r *region) watchEnds() {
	if r == nil {
		return
	}
	if !r.watching {
		r.lookAway()
		return
	}
	now := faults()
	r.sure, r.faults = now == r.faults, now
	r.watching = false
	runtime.UnlockOSThread()
}

// faults is how many faults of pages this thread has had.
func faults() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_THREAD, &u); err != nil {
		return 0
	}
	return u.Minflt + u.Majflt
}

// countsFaults tells whether the system counts the fault of the first write to a page,
// by writing to one. Some that only look like Linux do not.
func (m *mapping) countsFaults() bool {
	page, err := syscall.Mmap(int(m.file.Fd()), 0, block, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE)
	if err != nil {
		return false
	}
	defer func() { _ = syscall.Munmap(page) }()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	first := page[0] // from now on the page is there, to be read
	before := faults()
	page[0] = first + 1
	return faults() > before
}
