// Package plugin runs WebAssembly that strangers have written: directions. A module is
// read and admitted, rewritten so that it counts what it does, compiled, asked what it
// is and tried once; then it is an image, and every call begins from that image, so
// that nothing goes from one person to another. What a call may do beyond computing is
// up to a Stage, and how much of it up to a Budget. Whatever a module does, a call
// ends, the next one begins from the image all the same, and the error says which of
// the kinds of failure it was. This package knows the contract of package abi and
// nothing of manifests, grants or bots. No API of the host is promised.
package plugin
