package simulator

import "context"

// outside runs what must not live in a bubble: connections with deadlines of the
// machine's clock, and what outlasts a run. Time stands still in the bubble meanwhile.
type outside struct {
	ask  chan func()
	done chan struct{}
	end  chan struct{}
}

func newOutside() *outside {
	o := &outside{ask: make(chan func()), done: make(chan struct{}), end: make(chan struct{})}
	go func() {
		defer close(o.end)
		for do := range o.ask {
			do()
			o.done <- struct{}{}
		}
	}()
	return o
}

// do runs a function and waits for it. One at a time is enough: everything in a
// run happens one after the other.
func (o *outside) do(f func(ctx context.Context)) {
	o.ask <- func() { f(context.Background()) }
	<-o.done
}

func (o *outside) close() {
	close(o.ask)
	<-o.end
}
