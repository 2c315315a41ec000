//go:build !wasm

package direction

// Serve makes a plug-in what the module is. Outside WebAssembly, in tests, there is
// no module and it does nothing.
func Serve(Plugin) {}
