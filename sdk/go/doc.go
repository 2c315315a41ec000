// Package direction is the library for directions written in Go: tags such as
// <weather city=Oslo> that a bot's script uses and a WebAssembly module of yours
// answers.
//
// A plug-in is a Plugin value that is given to Serve when the module starts:
//
//	func init() { direction.Serve(plugin) }
//
//	func main() {}
//
// It is built as a reactor, with Go 1.24 or later and nothing else:
//
//	GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -ldflags='-s -w' -o weather.wasm .
//
// The function of a direction gets a Call: the attributes of the tag, and all that
// a plug-in may ask of its host. What it asks for has to be among the wants of the
// plug-in and granted by the owner of the bot; otherwise the call ends there, and
// the tag's fallback is used.
//
// One call runs at a time. Between two people the memory of the module is put back
// to what it was after it started, so package variables are no place to keep
// things: the spaces of Call are.
//
// Package directiontest has a host for tests on your own machine.
package direction
