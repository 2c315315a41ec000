// Package emit compiles a program to a WebAssembly module. The code of a module is a
// fixed set of routines, some hundred small functions; what a script says is tables
// in the data segment: rows of steps for templates, conditions and replies, rows of
// nodes for patterns, and the index. So a module costs little to compile and
// to load however large the script is. A module keeps nothing of a person: all memory
// of a turn lies in one arena that begins anew with each turn, and fuel is counted at
// loops and steps. The global step and the table of places lead from a trap to the
// line of a script. The names between module and host are in abi.go; package sandbox
// is that host. What a module does is what package interp does, token by token.
// No API of the host is promised.
package emit
