// Package core holds the module of the language's own directions. Its source is the Rust
// beside it, written with the library that everybody has; build.sh one folder up makes
// it. It is kept in the repository because every host brings it along.
package core

import _ "embed"

//go:embed core.wasm
var module string

// Module is the module, as a copy.
func Module() []byte { return []byte(module) }
