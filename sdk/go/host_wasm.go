//go:build wasm

package direction

import "unsafe"

// importedHost is the host behind the functions that the module imports.
type importedHost struct{}

// firstRoom is the size of a buffer for values that are usually short; longer ones
// are read a second time.
const firstRoom = 1 << 10

func at(s string) unsafe.Pointer         { return unsafe.Pointer(unsafe.StringData(s)) }
func start(p []byte) unsafe.Pointer      { return unsafe.Pointer(unsafe.SliceData(p)) }
func size[T string | []byte](t T) uint32 { return uint32(len(t)) }

// fill reads a value whose length is not known before. read returns the length,
// and has written the value if it fits, or a status below 0.
func fill(read func(room []byte) int) (value []byte, status int32) {
	room := make([]byte, firstRoom)
	for {
		n := read(room)
		switch {
		case n < 0:
			return nil, int32(n)
		case n <= len(room):
			return room[:n], statusOK
		}
		room = make([]byte, n)
	}
}

func (importedHost) Log(level Level, text string) { hostLog(int32(level), at(text), size(text)) }
func (importedHost) Now() int64                   { return hostNow() }
func (importedHost) Random(p []byte)              { hostRandom(start(p), size(p)) }

func (importedHost) Get(key string) (string, int32) {
	value, status := fill(func(room []byte) int {
		return int(hostGet(at(key), size(key), start(room), size(room)))
	})
	return string(value), status
}

func (importedHost) Put(key, value string) int32 {
	return hostPut(at(key), size(key), at(value), size(value))
}

func (importedHost) Swap(key, old, value string) int32 {
	return hostSwap(at(key), size(key), at(old), size(old), at(value), size(value))
}

// HTTP asks once; when the answer does not fit, it is read again without a request.
func (importedHost) HTTP(request []byte) []byte {
	answer, _ := fill(func(room []byte) int {
		n := hostHTTP(start(request), size(request), start(room), size(room))
		request = nil
		return int(n)
	})
	return answer
}

func (importedHost) Emit(text string) { hostEmit(at(text), size(text)) }
func (importedHost) Cut()             { hostCut() }
func (importedHost) Silence()         { hostSilence() }

func (importedHost) Delay(millis int32, keep bool) {
	flag := int32(0)
	if keep {
		flag = 1
	}
	hostDelay(millis, flag)
}

func (importedHost) Attach(element []byte) int32 { return hostAttach(start(element), size(element)) }
func (importedHost) Quick(labels []byte) int32   { return hostQuick(start(labels), size(labels)) }

func (importedHost) Read(name string) string {
	value, _ := fill(func(room []byte) int {
		return int(hostRead(at(name), size(name), start(room), size(room)))
	})
	return string(value)
}

func (importedHost) Write(name, value string) int32 {
	return hostWrite(at(name), size(name), at(value), size(value))
}

func (importedHost) Clear(name string) int32 { return hostClear(at(name), size(name)) }

func (importedHost) Topic(name string) { hostTopic(at(name), size(name)) }

func (importedHost) Remind(reminder []byte) int32 {
	return hostRemind(start(reminder), size(reminder))
}
