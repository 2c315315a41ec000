// Package value reads JSON the way Graph does: leniently from forms, with numbers
// kept as they are written, and with digits counting as text. It writes JSON
// without Go's own escapes.
//
// It knows no field by name: what a value means is for its callers to say.
// Invariant: reading a value as what it is not gives the empty one, never a panic.
// No API of the host is promised.
package value
