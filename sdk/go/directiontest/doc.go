// Package directiontest is a host for tests of directions on the machine of their
// author, without WebAssembly. It reads tags as a script writes them, grants a
// plug-in what its manifest wants and nothing else, and records what a call does.
//
// The clock stands, the random numbers come from a seed, and web services are what
// the test says they are. Limits of the server are not in it: footlight direction
// test runs the module itself, on the host's own code.
package directiontest
