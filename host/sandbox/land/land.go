// Package land is what the memory of machines lies on: a stretch of addresses as long as the
// memory may become. It grows without being copied, so that a program which takes all there
// is, bit by bit, costs no more than what it takes; and it is not the collector's. Where the
// system has no land, memory is where wazero puts it. A Land is of one machine, and used by
// one goroutine at a time. No API of the host is promised.
package land
