// Package webhook is what Meta's webhooks are made of: fields and events, the bytes
// of an envelope with their escapes and signatures, and the queue in which events
// wait and failed POSTs come round again.
//
// It sends nothing and has no clock, no lock and no goroutine: its caller says what
// time it is, makes the POSTs and holds a mutex around a Queue. It shares no code
// with the host's verification of signatures, so that a shared mistake cannot hide.
// No API of the host is promised.
package webhook
