package bell

import (
	"sync"
	"testing"
)

func heard(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func TestRingsAreHeard(t *testing.T) {
	var b Bell
	b.Ring() // nobody watches yet
	one, stopOne := b.Watch()
	two, stopTwo := b.Watch()
	defer stopTwo()
	if heard(one) {
		t.Error("a ring from before the watching was heard")
	}
	b.Ring()
	b.Ring()
	if !heard(one) || heard(one) {
		t.Error("two rings in a row are one change to see")
	}
	if !heard(two) {
		t.Error("the second watcher heard nothing")
	}
	stopOne()
	b.Ring()
	if heard(one) {
		t.Error("heard after the watching ended")
	}
	if !heard(two) {
		t.Error("the end of one watching ended another")
	}
}

func TestRingingNeverWaits(t *testing.T) {
	var b Bell
	_, stop := b.Watch() // who never looks
	var ringers sync.WaitGroup
	for range 8 {
		ringers.Go(func() {
			for range 1000 {
				b.Ring()
			}
		})
	}
	ringers.Wait()
	stop()
}
