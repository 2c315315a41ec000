// Package workshop is where authors of plug-ins work: it makes the folder of a new one,
// takes a module apart and shows what it is, and plays single calls of it. It runs
// plug-ins by the same code as a bot does, with everything granted that they ask for,
// with a clock that stands still, chance that is seeded, and answers of the network that
// were written down. It serves nobody. No API of the host is promised.
package workshop
