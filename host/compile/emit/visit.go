package emit

import (
	"github.com/footlight-bots/footlight/host/compile/index"
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
)

// The walk over the tables of an index, as index.Search does it. Its state lies in
// globals: the units, the best rank so far and whether its trigger was asked, and
// what is searched.

// defineScan writes scan(root, key): one walk, over the units in the global.
func (e *emitter) defineScan() {
	b := e.body(e.rt.scan)
	root, key := b.Param(0), b.Param(1)
	b.setGlobal(e.g.stamp, add(glob(e.g.stamp), num(1)))
	b.set(add(load(glob(e.g.units), unitsHash), get(key)), key)
	e.probe(b, get(key), e.tables.textBuckets, func(at wasmbin.Local) {
		b.when(eq(load(get(at), textHash), get(key)), func() {
			b.do(call(e.rt.take, load(get(at), textRank), num(0)))
			b.Drop()
		})
	})
	b.do(call(e.rt.visit, get(root), num(0)))
}

// defineTake writes take(rank, certain) → 1 if the trigger of a rank is the best so
// far; when previous patterns are searched all of them are kept instead.
func (e *emitter) defineTake() {
	b := e.body(e.rt.take)
	rank, certain, found, trigger := b.Param(0), b.Param(1), b.i32(), b.i32()
	b.when(not(less(get(rank), glob(e.g.bound))), func() { b.ret(num(0)) })
	b.when(glob(e.g.collecting), func() {
		b.set(call(e.rt.alloc, num(foundSize)), found)
		b.store(get(found), foundNext, glob(e.g.found))
		b.store(get(found), foundRank, get(rank))
		b.setGlobal(e.g.found, get(found))
		b.ret(num(0))
	})
	b.when(not(get(certain)), func() {
		b.set(load(add(glob(e.g.order), shl(get(rank), num(2))), 0), trigger)
		b.when(eq(load(get(trigger), triggerAsked), glob(e.g.search)), func() { b.ret(num(0)) })
		b.when(not(call(e.rt.matches, get(trigger), glob(e.g.sought))), func() {
			b.store(get(trigger), triggerAsked, glob(e.g.search))
			b.ret(num(0))
		})
	})
	b.setGlobal(e.g.bound, get(rank))
	b.setGlobal(e.g.asked, not(get(certain)))
	b.leave(num(1))
}

// A previous pattern that may match.
const (
	foundNext = 0
	foundRank = 4
	foundSize = 8
)

// defineVisit writes visit(node, unit): goes on from a node that is reached in
// front of a unit.
func (e *emitter) defineVisit() {
	b := e.body(e.rt.visit)
	node, pos := b.Param(0), b.Param(1)
	row, flags, unit, next, blank := b.i32(), b.i32(), b.i32(), b.i32(), b.i32()
	e.spend(b, matchCost)
	b.set(add(num(e.tables.nodes), mul(get(node), num(nodeRow))), row)
	b.when(not(less(load(get(row), nodeMin), glob(e.g.bound))), func() { b.Return() })
	b.when(load(get(row), nodeAccept), func() { b.do(call(e.rt.accept, load(get(row), nodeAccept), get(pos))) })
	b.when(eq(get(pos), load(glob(e.g.units), unitsCount)), func() { b.Return() })
	b.set(load(get(row), nodeAny), flags)
	b.set(add(get(pos), num(1)), next)
	b.when(and(get(flags), num(signedWord(index.HasWords|index.HasSets))), func() {
		b.set(e.unitAt(pos), unit)
		b.when(get(unit), func() {
			b.when(and(get(flags), num(signedWord(index.HasWords))), func() {
				b.do(call(e.rt.step, edgeKey(node, index.EdgeWord), get(unit), get(next)))
			})
			b.when(and(get(flags), num(index.HasSets)), func() {
				b.do(call(e.rt.stepSets, edgeKey(node, index.EdgeSet), get(unit), get(next)))
			})
		})
	})
	b.when(and(get(flags), num(index.HasGaps)), func() { b.do(call(e.rt.leap, get(row), get(node), get(pos))) })
	b.when(and(get(flags), num(index.AnyMask)), func() {
		b.set(get(next), blank)
		b.while(less(get(blank), load(glob(e.g.units), unitsCount)), func(out wasmbin.Label) {
			b.unless(and(e.unit(blank), num(signedWord(index.Glued))), out)
			b.set(add(get(blank), num(1)), blank)
		})
		b.do(call(e.rt.visit, and(get(flags), num(index.AnyMask)), get(blank)))
	})
}

// unit leaves what Message.Units has at a position.
func (e *emitter) unit(pos wasmbin.Local) expr {
	return load(add(glob(e.g.units), shl(get(pos), num(2))), unitsList)
}

// unitAt leaves the number of the word at a position.
func (e *emitter) unitAt(pos wasmbin.Local) expr { return and(e.unit(pos), num(index.Glued-1)) }

// edgeKey leaves index.EdgeKey.
func edgeKey(node wasmbin.Local, kind int) expr { return add(shl(get(node), num(2)), num(kind)) }

// acceptRank leaves the rank of an accept.
func (e *emitter) acceptRank(accept expr) expr {
	return shr(and(accept, num(index.EdgeAccept-1)), num(index.AcceptRank))
}

// defineAccept writes accept(list, unit): takes the best of the outlines that end
// at a node.
func (e *emitter) defineAccept() {
	b := e.body(e.rt.accept)
	list, pos := b.Param(0), b.Param(1)
	entry, rank, here := b.i32(), b.i32(), b.i32()
	b.set(num(index.AcceptOpen), here)
	b.when(eq(get(pos), load(glob(e.g.units), unitsCount)), func() { b.set(num(index.AcceptEnd), here) })
	b.Loop(func(again wasmbin.Label) {
		e.spend(b, matchCost)
		b.set(load(get(list), 0), entry)
		b.set(e.acceptRank(get(entry)), rank)
		b.when(not(less(get(rank), glob(e.g.bound))), func() { b.Return() })
		b.when(and(get(entry), get(here)), func() {
			certain := and(ne(and(get(entry), num(index.AcceptExact)), num(0)), load(glob(e.g.units), unitsPlain))
			b.when(call(e.rt.take, get(rank), certain), func() { b.Return() })
		})
		b.set(add(get(list), num(4)), list)
		and(get(entry), num(index.AcceptLast))(b.Code)
		b.Op(wasmbin.I32Eqz)
		b.BrIf(again)
	})
}

// defineLeap writes leap(row, node, unit): looks behind the gap of a node, once in a
// walk, for the first time comes furthest in front; see index.Search.
func (e *emitter) defineLeap() {
	b := e.body(e.rt.leap)
	row, node, pos := b.Param(0), b.Param(1), b.Param(2)
	end, seen, unit, sets := b.i32(), b.i32(), b.i32(), b.i32()
	mask := b.Local(wasmbin.I64)
	b.set(load(glob(e.g.units), unitsCount), end)
	b.set(add(num(e.tables.gaps), mul(get(node), num(gapSize))), seen)
	b.when(eq(load(get(seen), gapStamp), glob(e.g.stamp)), func() { b.Return() })
	b.store(get(seen), gapStamp, glob(e.g.stamp))
	b.set(load64(get(seen), gapMask), mask)
	b.when(more(sub(get(end), get(pos)), num(index.LookAhead)), func() {
		b.do(call(e.rt.promise, get(node), get(pos), get(end), get(mask)))
	})
	b.set(and(load(get(row), nodeAny), num(index.HasGapSet)), sets)
	b.while(and(less(get(pos), get(end)), less(load(get(row), nodeMin), glob(e.g.bound))), func(wasmbin.Label) {
		e.spend(b, matchCost)
		b.set(e.unitAt(pos), unit)
		b.set(add(get(pos), num(1)), pos)
		b.when(leads(mask, unit), func() {
			b.do(call(e.rt.step, edgeKey(node, index.EdgeGap), get(unit), get(pos)))
		})
		b.when(and(ne(get(unit), num(0)), ne(get(sets), num(0))), func() {
			b.do(call(e.rt.stepSets, edgeKey(node, index.EdgeGapSet), get(unit), get(pos)))
		})
	})
}

// leads leaves 1 if there may be edges with a unit behind a gap.
func leads(mask, unit wasmbin.Local) expr {
	bit := op(wasmbin.I64ShrU, get(mask), op(wasmbin.I64ExtendI32U, and(get(unit), num(index.GapBit))))
	return and(op(wasmbin.I32WrapI64, bit), ne(get(unit), num(0)))
}

// definePromise writes promise(node, unit, end, mask): goes first where the best rank
// behind a gap may be found.
func (e *emitter) definePromise() {
	b := e.body(e.rt.promise)
	node, pos, end := b.Param(0), b.Param(1), b.Param(2)
	mask, unit, least, to, at, low := b.Param(3), b.i32(), b.i32(), b.i32(), b.i32(), b.i32()
	b.set(glob(e.g.bound), least)
	b.while(less(get(pos), get(end)), func(wasmbin.Label) {
		b.set(e.unitAt(pos), unit)
		b.set(add(get(pos), num(1)), pos)
		b.when(leads(mask, unit), func() {
			e.edges(b, edgeKey(node, index.EdgeGap), get(unit), func(edge wasmbin.Local) {
				b.either(less(load(get(edge), edgeTo), num(signedWord(index.EdgeAccept))),
					func() {
						b.set(load(add(num(e.tables.nodes), mul(load(get(edge), edgeTo), num(nodeRow))), nodeMin), low)
					},
					func() { b.set(e.acceptRank(load(get(edge), edgeTo)), low) })
				b.when(less(get(low), get(least)), func() {
					b.set(get(low), least)
					b.set(get(edge), to)
					b.set(get(pos), at)
				})
			})
		})
	})
	b.when(get(to), func() { e.cross(b, to, at) })
}

// edges runs inside for the edges from a node and kind with a unit.
func (e *emitter) edges(b body, from, unit expr, inside func(edge wasmbin.Local)) {
	hash := add(mul(from, num(signedWord(index.SetFactor))), mul(unit, num(signedWord(index.EdgeFactor))))
	e.probe(b, hash, e.tables.edgeBuckets, func(at wasmbin.Local) {
		b.when(and(eq(load(get(at), edgeFrom), from), eq(load(get(at), edgeUnit), unit)), func() { inside(at) })
	})
}

// cross goes to the end of an edge, where the next unit is that at pos.
func (e *emitter) cross(b body, edge, pos wasmbin.Local) {
	b.either(less(load(get(edge), edgeTo), num(signedWord(index.EdgeAccept))),
		func() { b.do(call(e.rt.visit, load(get(edge), edgeTo), get(pos))) },
		func() { b.do(call(e.rt.accept, add(get(edge), num(edgeTo)), get(pos))) })
}

// defineStep writes step(from, unit, pos): takes the edges with a unit.
func (e *emitter) defineStep() {
	b := e.body(e.rt.step)
	from, unit, pos := b.Param(0), b.Param(1), b.Param(2)
	e.edges(b, get(from), get(unit), func(edge wasmbin.Local) {
		e.cross(b, edge, pos)
	})
}

// defineStepSets writes step_sets(from, unit, pos): takes the edges with the
// large sets of a word.
func (e *emitter) defineStepSets() {
	b := e.body(e.rt.stepSets)
	from, unit, pos, list := b.Param(0), b.Param(1), b.Param(2), b.i32()
	b.set(load(add(num(e.tables.words), shl(get(unit), num(wordShift))), wordClasses), list)
	b.while(load(get(list), 0), func(wasmbin.Label) {
		b.do(call(e.rt.step, get(from), load(get(list), 0), get(pos)))
		b.set(add(get(list), num(4)), list)
	})
}
