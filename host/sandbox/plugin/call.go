package plugin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/tetratelabs/wazero/api"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/lull"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// Limits of a call, beside those of package abi.
const (
	// FuelPerMilli is how many steps stand for a millisecond: they are the same on every
	// machine, so that authors meet a limit that they can find again.
	FuelPerMilli = 120_000
	// slice is how many steps run between two looks at the clock and the context, and
	// before others may have the processor.
	slice = 20_000
	// longCall is how many steps make a call a long one: 5 ms. Long calls leave one
	// processor to the others.
	longCall = 5 * FuelPerMilli
	// maxDepth is how many calls may be inside of each other.
	maxDepth = 2000
	// maxArgument is the length of one argument of a host function, in bytes.
	maxArgument = 256 << 10
	// maxVectors is how many stretches one call of fd_write may write.
	maxVectors = 1024
	// maxPrinted is how much is kept of a line that has no end yet, in bytes.
	maxPrinted = 1024
)

// Budget is what a call may use.
type Budget struct {
	Time  time.Duration // of its own code: how long it waits for answers does not count
	Clock clock.Clock   // nil: only steps are counted
}

// fuel is the steps of the budget.
func (b Budget) fuel() int64 { return b.Time.Milliseconds() * FuelPerMilli }

// Usage is what a call has used.
type Usage struct {
	Fuel   int64         // steps
	Memory int           // bytes of its memory at the end, where it is largest
	Took   time.Duration // by the clock of the budget, waiting included; 0 without one
}

// call is the state of one call. Host functions are shared by all instances and are
// given it as the context, which it is itself.
type call struct {
	context.Context
	instance *instance
	stage    Stage
	budget   Budget
	began    time.Time
	until    time.Time
	spent    int64 // steps of the slices that are used up
	long     bool  // it has a place among the long ones
	printed  [standardError + 1][]byte
	extism   blocks // only modules made with Extism's kits have some
}

// Value implements context.Context. There is nothing to be found: only wazero asks, before
// every function, for settings that nobody here makes, and what a turn's context holds is
// a long way up and no business of a module's.
func (*call) Value(any) any { return nil }

// begin makes the call ready.
func (c *call) begin(ctx context.Context, stage Stage, b Budget) {
	c.Context, c.stage, c.budget, c.spent = ctx, stage, b, 0
	if b.Clock != nil {
		c.began = b.Clock.Now()
		c.until = c.began.Add(b.Time)
	}
}

// end forgets whom it was for.
func (c *call) end() {
	c.leave()
	c.Context, c.stage = context.Background(), Nobody{}
	c.extism.reset()
	for fd := range c.printed {
		c.printed[fd] = c.printed[fd][:0]
	}
}

// tick gives the next slice, or ends the call.
func (c *call) tick() {
	in := c.instance
	in.region.lookAway()
	if int32(in.depth.Get()) > maxDepth {
		panic(tooDeep)
	}
	// What was charged at once may be more than the slice had.
	c.spent += slice - in.left()
	in.refuel()
	if err := c.Err(); err != nil {
		panic(&givenUp{err})
	}
	if c.spent > c.budget.fuel() {
		panic(&Limit{Max: count(int(c.budget.fuel())) + " steps", Grant: "time"})
	}
	if c.budget.Clock != nil && c.budget.Clock.Now().After(c.until) {
		panic(&Limit{Max: c.budget.Time.String(), Grant: "time"})
	}
	if c.spent > longCall && !c.long {
		c.queue()
	}
	c.until = c.until.Add(lull.Breathe(c.Context))
	runtime.Gosched() // nothing else takes the processor from a module for 10 ms
}

// queue waits for a place among the long calls. The time until then is not the module's.
func (c *call) queue() {
	_, err := c.outside(func() (string, error) {
		select {
		case c.instance.places <- struct{}{}:
			c.long = true
			return "", nil
		case <-c.Done():
			return "", c.Err()
		}
	})
	if err != nil {
		panic(&givenUp{err})
	}
}

// leave gives the place among the long calls back.
func (c *call) leave() {
	if c.long {
		<-c.instance.places
		c.long = false
	}
}

// outside does what takes time that is not the module's.
func (c *call) outside(ask func() (string, error)) (string, error) {
	c.leave() // one that waits needs no processor
	c.instance.region.lookAway()
	if c.budget.Clock == nil {
		return ask()
	}
	began := c.budget.Clock.Now()
	answer, err := ask()
	c.until = c.until.Add(c.budget.Clock.Now().Sub(began))
	return answer, err
}

// print takes what is written to a stream, and logs it line by line.
func (c *call) print(fd int, p []byte) {
	for {
		line, rest, ended := bytes.Cut(p, []byte("\n"))
		room := maxPrinted - len(c.printed[fd])
		c.printed[fd] = append(c.printed[fd], line[:min(len(line), room)]...)
		if !ended {
			return
		}
		c.flush(fd)
		p = rest
	}
}

// flush logs what was written to a stream. A stream that is not granted goes nowhere.
func (c *call) flush(fd int) {
	if len(c.printed[fd]) == 0 {
		return
	}
	level := int32(abi.LevelInfo)
	if fd == standardError {
		level = abi.LevelError
	}
	_ = c.stage.Log(level, string(c.printed[fd]))
	c.printed[fd] = c.printed[fd][:0]
}

// invoke has the module do something, and returns a copy of what it says.
func (in *instance) invoke(ctx context.Context, op uint64, input []byte, maxOutput int, stage Stage, b Budget) (output string, used Usage, err error) {
	c := &in.call
	c.begin(ctx, stage, b)
	in.ready()
	if in.watched {
		in.region.watch()
	}
	output, err = in.protocol.invoke(in, op, input, maxOutput)
	in.region.watchEnds()
	if err != nil {
		err = explain(err)
		if t := (*Trap)(nil); errors.As(err, &t) {
			pages, _ := in.memory.Definition().Max()
			t.memory, t.granted = int(in.memory.Size()), int(pages)*pageSize
		}
	}
	used = Usage{Fuel: c.spent + slice - in.left(), Memory: int(in.memory.Size())}
	if b.Clock != nil {
		used.Took = b.Clock.Now().Sub(c.began)
	}
	for fd := range c.printed {
		c.flush(fd)
	}
	c.end()
	return output, used, err
}

// native is the contract of package abi.
type native struct{ alloc, call api.Function }

// invoke implements protocol.
func (n *native) invoke(in *instance, op uint64, input []byte, maxOutput int) (string, error) {
	s := in.stack[:]
	s[1], s[2] = 0, 0
	if len(input) > 0 {
		s[0] = uint64(len(input))
		if err := n.alloc.CallWithStack(&in.call, s); err != nil {
			return "", err
		}
		address := s[0]
		if !in.memory.Write(uint32(address), input) {
			return "", fmt.Errorf("dir_alloc: %w", errPointer)
		}
		s[1], s[2] = address, uint64(len(input))
	}
	s[0] = op
	if err := n.call.CallWithStack(&in.call, s); err != nil {
		return "", err
	}
	address, length := uint32(s[0]>>32), uint32(s[0])
	if int64(length) > int64(maxOutput) {
		return "", &Limit{Max: count(maxOutput) + " bytes of output"}
	}
	out, ok := in.memory.Read(address, length)
	if !ok {
		return "", errPointer
	}
	return string(out), nil
}

// count writes a number as people read it.
func count(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", count(n/1000), n%1000)
}
