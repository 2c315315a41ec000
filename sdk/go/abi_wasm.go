// Code generated from sdk/abi/abi.json; DO NOT EDIT.

//go:build wasm

package direction

import "unsafe"

// Shows a line beside the turn.
//
//go:wasmimport dir:host/v1 log
//go:noescape
func hostLog(level int32, text unsafe.Pointer, textLen uint32)

// The time of the turn in milliseconds since 1970 UTC; virtual in tests.
//
//go:wasmimport dir:host/v1 now
//go:noescape
func hostNow() int64

// Fills the buffer with random bytes, drawn from the seed of the turn: a test that names a seed sees the same bytes again.
//
//go:wasmimport dir:host/v1 random
//go:noescape
func hostRandom(out unsafe.Pointer, outCap uint32)

// Reads the value of a key, which begins with a space and a colon, such as state:seats. Returns the length of the value, 0 when there is none; the value is written only when it fits.
//
//go:wasmimport dir:host/v1 get
//go:noescape
func hostGet(key unsafe.Pointer, keyLen uint32, out unsafe.Pointer, outCap uint32) int32

// Writes the value of a key; an empty value removes the key. Returns a status.
//
//go:wasmimport dir:host/v1 put
//go:noescape
func hostPut(key unsafe.Pointer, keyLen uint32, value unsafe.Pointer, valueLen uint32) int32

// Writes like put, but only if the value is still old (empty: if there is none). Returns the status changed when another value stands there.
//
//go:wasmimport dir:host/v1 swap
//go:noescape
func hostSwap(key unsafe.Pointer, keyLen uint32, old unsafe.Pointer, oldLen uint32, value unsafe.Pointer, valueLen uint32) int32

// Makes a request and returns the length of the answer, which is written only when it fits. An empty request makes none: it reads the last answer again.
//
//go:wasmimport dir:host/v1 http
//go:noescape
func hostHTTP(request unsafe.Pointer, requestLen uint32, out unsafe.Pointer, outCap uint32) int64

// Says a text, before the text that run returns. It is data: no tag in it has a meaning.
//
//go:wasmimport dir:host/v1 emit
//go:noescape
func hostEmit(text unsafe.Pointer, textLen uint32)

// Ends the message; what follows is a new one.
//
//go:wasmimport dir:host/v1 cut
//go:noescape
func hostCut()

// What follows goes out that much later, 0 to 120,000 ms; when keep is not 0 it comes even if the person writes in between.
//
//go:wasmimport dir:host/v1 delay
//go:noescape
func hostDelay(millis int32, keep int32)

// Adds an element to the message: an image, a template, a card. Returns a status.
//
//go:wasmimport dir:host/v1 attach
//go:noescape
func hostAttach(element unsafe.Pointer, elementLen uint32) int32

// Adds quick replies to the message: a JSON list of 1 to 13 texts. Returns a status.
//
//go:wasmimport dir:host/v1 quick
//go:noescape
func hostQuick(labels unsafe.Pointer, labelsLen uint32) int32

// Reads a variable of the person. Returns the length of its value, -1 when it is not set; the value is written only when it fits.
//
//go:wasmimport dir:host/v1 read
//go:noescape
func hostRead(name unsafe.Pointer, nameLen uint32, out unsafe.Pointer, outCap uint32) int32

// Sets a variable of the person. Names with _ in front belong to the host. Returns a status.
//
//go:wasmimport dir:host/v1 write
//go:noescape
func hostWrite(name unsafe.Pointer, nameLen uint32, value unsafe.Pointer, valueLen uint32) int32

// Clears a variable of the person: it is not set any more. Returns a status.
//
//go:wasmimport dir:host/v1 clear
//go:noescape
func hostClear(name unsafe.Pointer, nameLen uint32) int32

// Switches the topic of the person.
//
//go:wasmimport dir:host/v1 topic
//go:noescape
func hostTopic(name unsafe.Pointer, nameLen uint32)

// Schedules a reminder or cancels one. Returns a status.
//
//go:wasmimport dir:host/v1 remind
//go:noescape
func hostRemind(reminder unsafe.Pointer, reminderLen uint32) int32

// Nothing is sent in this turn, whatever else is said.
//
//go:wasmimport dir:host/v1 silence
//go:noescape
func hostSilence()
