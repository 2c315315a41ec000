package emit

import (
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
)

// The search finds the first trigger of a view that matches (L-SORT-1), without
// asking all: group by group it looks for what comes before the best so far.

// defineMatches writes matches(trigger, heard) → 1 if the trigger's pattern
// matches, the kept form first where the trigger asks for it (L-NORM-8).
func (e *emitter) defineMatches() {
	b := e.body(e.rt.matches)
	trigger, heard, pattern := b.Param(0), b.Param(1), b.i32()
	b.set(load(get(trigger), triggerPattern), pattern)
	b.do(call(e.rt.readValues, get(pattern)))
	b.when(and(and(load(get(trigger), triggerFlags), num(triggerIsKept)), ne(load(get(heard), heardKeptLen), num(-1))), func() {
		b.when(call(e.rt.match, get(pattern), load(get(heard), heardKept), load(get(heard), heardKeptLen)), func() { b.ret(num(1)) })
	})
	b.leave(call(e.rt.match, get(pattern), load(get(heard), heardText), load(get(heard), heardLen)))
}

// defineFind writes find(view, heard, previous) → the trigger that wins, or 0;
// previous tells whether triggers with % count.
func (e *emitter) defineFind() {
	b := e.body(e.rt.find)
	view, heard, previous := b.Param(0), b.Param(1), b.Param(2)
	b.setGlobal(e.g.search, add(glob(e.g.search), num(1)))
	b.setGlobal(e.g.best, num(0))
	b.setGlobal(e.g.befores, num(0))
	b.when(get(previous), func() {
		b.do(call(e.rt.findPrevious, get(view), get(heard)))
		b.when(glob(e.g.best), func() { b.ret(glob(e.g.best)) })
	})
	e.eachReach(b, view, func(reach wasmbin.Local) {
		b.do(call(e.rt.consider, load(get(reach), reachGroup), get(reach), get(heard)))
	})
	b.when(and(ne(glob(e.g.best), num(0)), not(glob(e.g.asked))), func() {
		b.do(call(e.rt.matches, glob(e.g.best), get(heard)))
		b.Drop()
	})
	b.leave(glob(e.g.best))
}

// eachReach runs inside for each group that a view reaches.
func (e *emitter) eachReach(b body, view wasmbin.Local, inside func(reach wasmbin.Local)) {
	reach, end := b.i32(), b.i32()
	b.set(load(get(view), viewReach), reach)
	b.set(add(get(reach), mul(load(get(view), viewCount), num(reachSize))), end)
	b.while(less(get(reach), get(end)), func(wasmbin.Label) {
		e.spend(b, matchCost)
		inside(reach)
		b.set(add(get(reach), num(reachSize)), reach)
	})
}

// defineConsider writes consider(set, reach, heard): looks in a set for a trigger
// that comes before the best so far.
func (e *emitter) defineConsider() {
	b := e.body(e.rt.consider)
	set, reach, heard, limit := b.Param(0), b.Param(1), b.Param(2), b.i32()
	b.set(call(e.rt.before, get(set), get(reach)), limit)
	b.when(not(get(limit)), func() { b.Return() })
	b.setGlobal(e.g.bound, get(limit))
	b.setGlobal(e.g.order, load(get(set), setOrder))
	b.setGlobal(e.g.sought, get(heard))
	b.when(load(get(set), setRoot), func() {
		b.setGlobal(e.g.units, e.unitsOf(b, heard, heardText, heardLen, heardUnits))
		b.do(call(e.rt.scan, load(get(set), setRoot), load(get(set), setKey)))
	})
	b.when(load(get(set), setKeptRoot), func() {
		b.when(ne(load(get(heard), heardKeptLen), num(-1)), func() {
			b.setGlobal(e.g.units, e.unitsOf(b, heard, heardKept, heardKeptLen, heardKeptUnits))
			b.do(call(e.rt.scan, load(get(set), setKeptRoot), load(get(set), setKeptKey)))
		})
		b.setGlobal(e.g.units, e.unitsOf(b, heard, heardText, heardLen, heardUnits))
		b.do(call(e.rt.scan, load(get(set), setKeptRoot), load(get(set), setKeptKey)))
	})
	b.when(eq(glob(e.g.bound), get(limit)), func() { b.Return() }) // and what is known of the best stays
	b.setGlobal(e.g.best, load(add(glob(e.g.order), shl(glob(e.g.bound), num(2))), 0))
	b.setGlobal(e.g.bestReach, get(reach))
}

// defineBefore writes before(set, reach) → how many triggers of a set come before
// the best so far; they are the first of their order.
func (e *emitter) defineBefore() {
	b := e.body(e.rt.before)
	set, reach, low, high, middle := b.Param(0), b.Param(1), b.i32(), b.i32(), b.i32()
	b.set(load(get(set), setCount), high)
	b.when(not(glob(e.g.best)), func() { b.ret(get(high)) })
	b.while(less(get(low), get(high)), func(wasmbin.Label) {
		e.spend(b, matchCost)
		b.set(shr(add(get(low), get(high)), num(1)), middle)
		trigger := load(add(load(get(set), setOrder), shl(get(middle), num(2))), 0)
		b.either(call(e.rt.precedes, trigger, get(reach)),
			func() { b.set(add(get(middle), num(1)), low) },
			func() { b.set(get(middle), high) })
	})
	b.leave(get(low))
}

// definePrecedes writes precedes(trigger, reach) → 1 if a trigger comes before the
// best so far: ir.Rank.Compare.
func (e *emitter) definePrecedes() {
	b := e.body(e.rt.precedes)
	trigger, reach, best := get(b.Param(0)), b.Param(1), glob(e.g.best)
	weight := func(trigger expr) expr { return shr(load(trigger, triggerFlags), num(triggerWeight)) }
	decide := func(a, c expr) {
		b.when(ne(a, c), func() { b.ret(less(a, c)) })
	}
	decide(weight(trigger), weight(best))
	decide(load(get(reach), reachLevel), load(glob(e.g.bestReach), reachLevel))
	decide(load(trigger, triggerKey), load(best, triggerKey))
	decide(load(get(reach), reachSteps), load(glob(e.g.bestReach), reachSteps))
	b.leave(less(load(trigger, triggerSource), load(best, triggerSource)))
}

// defineFindPrevious writes find_previous(view, heard): find among the triggers
// with %, whose pattern must match the last part or the whole last reply (L-PREV-2).
func (e *emitter) defineFindPrevious() {
	b := e.body(e.rt.findPrevious)
	view, heard := b.Param(0), b.Param(1)
	part, partLen, whole, wholeLen := b.i32(), b.i32(), b.i32(), b.i32()
	partUnits, wholeUnits, pattern, best, won := b.i32(), b.i32(), b.i32(), b.i32(), b.i32()
	e.eachReach(b, view, func(reach wasmbin.Local) {
		b.when(load(load(get(reach), reachGroup), groupPrevious), func() {
			b.when(not(get(partUnits)), func() {
				b.set(call(e.rt.askLastReply, num(LastPart)), part, partLen)
				b.when(eq(get(partLen), num(-1)), func() { b.Return() })
				b.set(call(e.rt.askLastReply, num(LastWhole)), whole, wholeLen)
				// The host gives the length of a text with its classes: twice the text and one.
				b.set(shr(get(partLen), num(1)), partLen)
				b.set(shr(get(wholeLen), num(1)), wholeLen)
				b.set(call(e.rt.split, get(part), get(partLen)), partUnits)
				b.set(call(e.rt.split, get(whole), get(wholeLen)), wholeUnits)
			})
			b.setGlobal(e.g.found, num(0))
			b.do(call(e.rt.collect, load(get(reach), reachGroup), get(partUnits)))
			b.do(call(e.rt.collect, load(get(reach), reachGroup), get(wholeUnits)))
			e.eachFound(b, reach, func(set wasmbin.Local) {
				b.set(load(get(set), previousPattern), pattern)
				b.do(call(e.rt.readValues, get(pattern)))
				b.when(e.matchesLast(pattern, part, partLen, whole, wholeLen), func() {
					b.set(glob(e.g.best), best)
					b.do(call(e.rt.consider, get(set), get(reach), get(heard)))
					b.when(ne(glob(e.g.best), get(best)), func() { b.set(get(pattern), won) })
				})
			})
		})
	})
	b.when(not(glob(e.g.best)), func() { b.Return() })
	e.matchesLast(won, part, partLen, whole, wholeLen)(b.Code)
	b.Drop()
	b.setGlobal(e.g.before, glob(e.g.captures))
	b.setGlobal(e.g.befores, glob(e.g.count))
	b.do(call(e.rt.matches, glob(e.g.best), get(heard)))
	b.Drop()
}

// matchesLast leaves 1 if a previous pattern matches the last reply; the last part
// is tried first.
func (e *emitter) matchesLast(pattern, part, partLen, whole, wholeLen wasmbin.Local) expr {
	return func(c *wasmbin.Code) {
		call(e.rt.match, get(pattern), get(part), get(partLen))(c)
		c.IfValue(wasmbin.I32, func() { num(1)(c) }, func() {
			call(e.rt.match, get(pattern), get(whole), get(wholeLen))(c)
		})
	}
}

// defineCollect writes collect(group, units): finds the previous patterns of a
// group that may match a text.
func (e *emitter) defineCollect() {
	b := e.body(e.rt.collect)
	group := b.Param(0)
	b.setGlobal(e.g.units, get(b.Param(1)))
	b.setGlobal(e.g.bound, num(-1))
	b.setGlobal(e.g.collecting, num(1))
	b.do(call(e.rt.scan, load(get(group), groupRoot), load(get(group), groupKey)))
	b.setGlobal(e.g.collecting, num(0))
}

// eachFound runs inside once for each set that was collected.
func (e *emitter) eachFound(b body, reach wasmbin.Local, inside func(set wasmbin.Local)) {
	found, set := b.i32(), b.i32()
	b.set(glob(e.g.found), found)
	b.while(get(found), func(wasmbin.Label) {
		e.spend(b, matchCost)
		list := load(load(get(reach), reachGroup), groupPrevious)
		b.set(load(add(list, shl(load(get(found), foundRank), num(2))), 0), set)
		b.when(ne(load(get(set), previousStamp), glob(e.g.search)), func() {
			b.store(get(set), previousStamp, glob(e.g.search))
			inside(set)
		})
		b.set(load(get(found), foundNext), found)
	})
}
