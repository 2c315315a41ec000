// Package emit compiles a program to a WebAssembly module. There is no
// interpreter of scripts in the module: each template, trigger and condition
// becomes a small function of calls to a fixed set of routines, with its texts in
// data segments; only patterns and views are tables, read by one matcher and one
// search. A module keeps nothing of a person: all memory of a turn lies in one
// arena that begins anew with each turn, and fuel is counted at loops and
// templates. The name section and the line table lead from a trap to the line of
// a script. The names between module and host are in abi.go; package sandbox is
// that host. What a module does is what package interp does, token by token.
// No API of the host is promised.
package emit
