package plugin

import (
	"runtime"
	"syscall"
)

// watch begins to look whether a call touches pages that it has not touched before: the
// system counts the faults of each thread, so the call stays on this one until it has
// run for long, or waits. Without a fault no page can have become the instance's own,
// and the map of pages need not be searched. The count is taken anew for every call: one
// that an earlier call has left says nothing of this thread, not even when it has the
// number of the thread of then, since numbers are given again.
func (r *region) watch() {
	if r == nil || !r.sure {
		return
	}
	runtime.LockOSThread()
	r.watching = true
	r.before, r.sure = r.faults()
}

// lookAway ends the watch without a result.
func (r *region) lookAway() {
	if r == nil {
		return
	}
	r.sure = false
	if r.watching {
		r.watching = false
		runtime.UnlockOSThread()
	}
}

// watchEnds notes what was seen. A call that was not watched, or whose faults the system
// did not tell, may have touched anything.
func (r *region) watchEnds() {
	if r == nil {
		return
	}
	if !r.watching {
		r.sure = false
		return
	}
	after, told := r.faults()
	r.sure = r.sure && told && after == r.before
	r.watching = false
	runtime.UnlockOSThread()
}

// faults is how many faults of pages this thread has had; told is false when the system
// does not say.
func faults() (n int64, told bool) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_THREAD, &u); err != nil {
		return 0, false
	}
	return u.Minflt + u.Majflt, true
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
	before, told := faults()
	page[0] = first + 1
	after, toldAgain := faults()
	return told && toldAgain && after > before
}
