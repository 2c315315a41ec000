//go:build wasm

package direction

import (
	"runtime"
	"unsafe"
)

// What a module keeps between calls: the plug-in with the memory that holds its
// last result, and the buffer that the host writes to.
var (
	serving server
	input   []byte
)

// Serve makes a plug-in what the module is. Call it once, from an init function.
func Serve(p Plugin) { serving.plugin = &p }

// The marker says which version of the contract the module speaks.
//
//go:wasmexport dir_abi_v1
func exportMarker() {}

// inputRoom is the buffer for inputs that a module begins with, in bytes; longer ones make it anew.
const inputRoom = 1 << 10

// alloc is where the host writes the input of the next call.
//
//go:wasmexport dir_alloc
func exportAlloc(size uint32) uint32 {
	if int(size) > cap(input) {
		input = make([]byte, size)
	}
	return uint32(uintptr(unsafe.Pointer(unsafe.SliceData(input))))
}

// call answers an operation. A stateless plug-in yields once, because the collector's
// goroutines get no time of their own inside a call, and memory would grow without end.
// Others begin every call with the same memory, which they cannot tidy up for the next.
//
//go:wasmexport dir_call
func exportCall(op, _, size uint32) uint64 {
	if serving.plugin != nil && serving.plugin.Stateless {
		runtime.Gosched()
	}
	if serving.plugin == nil {
		panic("no plug-in: call direction.Serve in an init function")
	}
	said := unsafe.String(unsafe.SliceData(input), int(size))
	if serving.plugin.Stateless {
		said = string(input[:size]) // a plug-in may keep texts of it, and the next call is written over it
	}
	output := serving.perform(importedHost{}, int32(op), said)
	if op == opDescribe {
		warm()
	}
	serving.out.buf = output // keeps what the host is about to read from being collected
	return uint64(uintptr(unsafe.Pointer(unsafe.SliceData(output))))<<32 | uint64(len(output))
}

// warm has the allocator lay in memory of every small size. The host takes its image of a
// module that has described itself, and a call that begins from it would otherwise have
// to ask for memory of every size that it is the first to need.
func warm() {
	input = make([]byte, inputRoom)
	for n := 1; n <= 64; n++ {
		runtime.KeepAlive(make([]byte, 8*n))
		runtime.KeepAlive(make([]*byte, n/2))
	}
}
