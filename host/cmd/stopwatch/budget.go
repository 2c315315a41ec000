package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/bench/sheet"
)

const (
	budgetTable       = "processor time of a whole turn, by process"
	acceptBudgetTable = "processor time of a webhook that is accepted, by process"
)

// tick is the unit in which /proc tells processor time: it is the same on every Linux.
const tick = 10 * time.Millisecond

// Where /proc/PID/stat tells processor time, counted from the end of the program's name.
const (
	statUser   = 11
	statSystem = 12
)

// budget is the processor time that processes have used so far.
type budget struct {
	host, store, self time.Duration
	known             bool // there is a /proc
}

// spent reads the processor time of a host, of its store (nil: it has no process of its own) and of
// stopwatch itself, which is the load and the platform.
func spent(host, store *child) budget {
	var b budget
	var ok, ofSelf, ofStore bool
	b.host, ok = used(host.cmd.Process.Pid)
	b.self, ofSelf = used(os.Getpid())
	ofStore = true
	if store != nil {
		b.store, ofStore = used(store.cmd.Process.Pid)
	}
	b.known = ok && ofSelf && ofStore
	return b
}

// used is the processor time of a process, in user and kernel mode.
func used(pid int) (time.Duration, bool) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, false
	}
	return processorTime(data)
}

func processorTime(stat []byte) (time.Duration, bool) {
	name := bytes.LastIndexByte(stat, ')') // the name itself may hold anything
	fields := strings.Fields(string(stat[name+1:]))
	if name < 0 || len(fields) <= statSystem {
		return 0, false
	}
	user, err := strconv.ParseInt(fields[statUser], 10, 64)
	if err != nil {
		return 0, false
	}
	system, err := strconv.ParseInt(fields[statSystem], 10, 64)
	return time.Duration(user+system) * tick, err == nil
}

// since is what was used after before was read.
func (b budget) since(before budget) budget {
	return budget{b.host - before.host, b.store - before.store, b.self - before.self, b.known && before.known}
}

// plus is what was used in two spans of time.
func (b budget) plus(other budget) budget {
	return budget{b.host + other.host, b.store + other.store, b.self + other.self, b.known && other.known}
}

// write writes down what each of a number of things has cost.
func (b budget) write(r sheet.Row, things int) {
	if !b.known || things == 0 {
		return
	}
	each := func(d time.Duration) time.Duration { return d / time.Duration(things) }
	r.Took("host", each(b.host), sheet.Free, 0)
	r.Took("redis-server", each(b.store), sheet.Free, 0)
	r.Took("load and platform", each(b.self), sheet.Free, 0)
	r.Took("all", each(b.host+b.store+b.self), sheet.Free, 0)
}
