package meter

import "github.com/footlight-bots/footlight/host/sandbox/bytecode"

// value writes code that leaves one value of a type.
func (g *generator) value(t bytecode.ValType, depth int) {
	if depth <= 0 {
		g.leaf(t)
		return
	}
	switch g.n(12) {
	case 0, 1:
		g.leaf(t)
	case 2:
		g.load(t, depth)
	case 3: // select, with and without a type
		g.value(t, depth-1)
		g.value(t, depth-1)
		g.value(i32, depth-1)
		if g.n(2) == 0 {
			g.emit(0x1b)
		} else {
			g.emit(0x1c, 1, byte(t))
		}
	case 4:
		g.emit(opBlock, byte(t))
		g.inside(types{t}, false, func() { g.statement(depth - 1); g.value(t, depth-1) })
	case 5:
		g.value(i32, depth-1)
		g.emit(opIf, byte(t))
		g.inside(types{t}, false, func() {
			g.value(t, depth-1)
			g.emit(0x05)
			g.statement(depth - 1)
			g.value(t, depth-1)
		})
	case 6:
		g.emit(0x03, byte(t))
		g.inside(nil, true, func() {
			g.statement(depth - 1)
			g.left()
			g.index(0x0d, 0)
			g.value(t, depth-1)
		})
	case 7: // away from here; what follows is never run
		g.branch(depth)
		g.value(t, depth-1)
	case 8:
		g.odd(t, depth)
	default:
		o := operators[t][g.n(len(operators[t]))]
		for _, p := range o.params {
			g.value(p, depth-1)
		}
		g.emit(o.code...)
	}
}

func (g *generator) leaf(t bytecode.ValType) {
	switch g.n(3) {
	case 0:
		g.constant(t)
	case 1:
		g.index(opLocalGet, g.local(t))
	default:
		g.index(opGlobalGet, globalOf(t))
	}
}

// load reads memory, as anything but floating point; other types are computed.
func (g *generator) load(t bytecode.ValType, depth int) {
	switch t {
	case i32:
		g.address(depth)
		g.emit([]byte{0x28, 0x2c, 0x2d, 0x2e, 0x2f}[g.n(5)], 0, byte(g.n(64)))
	case i64:
		g.address(depth)
		g.emit([]byte{0x29, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35}[g.n(7)], 0, byte(g.n(64)))
	case v128:
		g.address(depth)
		switch g.n(3) {
		case 0:
			g.emit(0xfd, byte(g.n(11)), 0, byte(g.n(64)))
		case 1:
			g.emit(0xfd, 92+byte(g.n(2)), 0, 1)
		default:
			g.value(v128, depth-1)
			g.emit(0xfd, 84+byte(g.n(4)), 0, 1, byte(g.n(2)))
		}
	default:
		g.leaf(t)
	}
}

// odd are values that come from tables, sizes and the like.
func (g *generator) odd(t bytecode.ValType, depth int) {
	if t != i32 {
		g.call(depth)
		g.leaf(t)
		return
	}
	switch g.n(6) {
	case 0:
		g.emit(opMemorySize, 0)
	case 1:
		g.constant(i32)
		g.out = append(appendSigned(append(g.out, opI32Const), 3), 0x71, 0x40, 0)
	case 2:
		g.emit(opFC, fcTableSize, 0)
	case 3:
		g.emit(0xd2, byte(g.funcs-1), opI32Const, byte(g.n(3)), opFC, 15, 0)
	case 4:
		g.emit(opI32Const, byte(g.n(tableSize)), 0x25, 0, 0xd1)
	default:
		g.emit(0xd0, byte(bytecode.FuncRef), 0xd1)
	}
}

// statement writes code that leaves nothing.
func (g *generator) statement(depth int) {
	t := numeric[g.n(len(numeric))]
	if depth <= 0 {
		g.leaf(t)
		g.index(0x21, g.local(t))
		return
	}
	switch g.n(14) {
	case 0, 1:
		g.value(t, depth-1)
		g.index(0x21, g.local(t))
	case 2:
		g.value(t, depth-1)
		g.index(opGlobalSet, globalOf(t))
	case 3, 4:
		g.store(depth)
	case 5:
		g.value(t, depth-1)
		g.emit(0x1a)
	case 6: // an if without an else
		g.value(i32, depth-1)
		g.emit(opIf, noResult)
		g.inside(nil, false, func() { g.statement(depth - 1) })
	case 7:
		g.emit(opBlock, noResult)
		g.inside(nil, false, func() {
			g.statement(depth - 1)
			g.value(i32, depth-1)
			g.index(0x0d, 0)
			g.statement(depth - 1)
		})
	case 8:
		g.emit(0x03, noResult)
		g.inside(nil, true, func() {
			g.statement(depth - 1)
			g.statement(depth - 1)
			g.left()
			g.index(0x0d, 0)
		})
	case 9:
		g.table(depth)
	case 10:
		g.bulk(depth)
	case 11:
		g.call(depth)
	case 12:
		g.typed(depth)
	default:
		g.value(i32, depth-1)
		g.emit(opIf, noResult)
		g.inside(nil, false, func() { g.branch(depth) })
	}
}

func (g *generator) store(depth int) {
	g.address(depth)
	switch g.n(4) {
	case 0:
		g.value(i32, depth-1)
		g.emit([]byte{0x36, 0x3a, 0x3b}[g.n(3)], 0, byte(g.n(64)))
	case 1:
		g.value(i64, depth-1)
		g.emit([]byte{0x37, 0x3c, 0x3d, 0x3e}[g.n(4)], 0, byte(g.n(64)))
	case 2:
		g.value(v128, depth-1)
		g.emit(0xfd, 11, 0, byte(g.n(64)))
	default:
		g.value(v128, depth-1)
		g.emit(0xfd, 88+byte(g.n(4)), 0, byte(g.n(64)), byte(g.n(2)))
	}
}

// table branches to one of the blocks that take nothing.
func (g *generator) table(depth int) {
	g.emit(opBlock, noResult, opBlock, noResult)
	g.labels, g.loops = append(g.labels, nil), append(g.loops, false)
	g.inside(nil, false, func() {
		g.value(i32, depth-1)
		g.emit(0x0e, 3, 0, 1, 0, 1)
	})
	g.labels, g.loops = g.labels[:len(g.labels)-1], g.loops[:len(g.loops)-1]
	g.emit(opEnd)
}

// bulk works on stretches of memory and of the table, small ones and mostly inside.
func (g *generator) bulk(depth int) {
	three := func(within int) {
		for range 2 {
			g.value(i32, depth-1)
			g.out = append(appendSigned(append(g.out, opI32Const), int64(within)), 0x71)
		}
		g.emit(opI32Const, byte(g.n(8)))
	}
	switch g.n(9) {
	case 0:
		three(0xfff)
		g.emit(opFC, 10, 0, 0)
	case 1:
		three(0xffff)
		g.emit(opFC, 11, 0)
	case 2:
		three(7)
		g.emit(opFC, 8, 1, 0)
	case 3:
		three(3)
		g.emit(opFC, 14, 0, 0)
	case 4:
		three(1)
		g.emit(opFC, 12, 1, 0)
	case 5:
		g.emit(opI32Const, byte(g.n(tableSize)), 0xd0, byte(bytecode.FuncRef), opI32Const, 1, opFC, 17, 0)
	case 6:
		g.emit(opI32Const, byte(g.n(tableSize)), 0xd2, byte(g.funcs-1), 0x26, 0)
	case 7:
		g.emit(opFC, 9, byte(g.n(dataSegments)))
	default:
		g.emit(opFC, 13, byte(g.n(elemSegments)))
	}
}

// call calls a function, directly or through the table, as long as there is budget.
func (g *generator) call(depth int) {
	f := g.n(g.funcs)
	g.left()
	g.emit(opIf, noResult)
	g.inside(nil, false, func() {
		for _, p := range g.types[f].Params {
			g.value(p, depth-2)
		}
		if g.n(2) == 0 {
			g.index(opCall, f)
		} else { // entry f, unless it was changed: then it may trap
			g.emit(opI32Const, byte(f), 0x11, byte(f), 0)
		}
		for range g.types[f].Results {
			g.emit(0x1a)
		}
	})
}

// typed writes a block, loop or if with a type of its own: it takes and leaves values.
func (g *generator) typed(depth int) {
	n := g.funcs + g.n(len(g.types)-g.funcs)
	t := g.types[n]
	for _, p := range t.Params {
		g.value(p, depth-1)
	}
	loop := g.n(3) == 0
	label := t.Results
	op := byte(opBlock)
	if loop {
		op, label = 0x03, t.Params
	}
	g.emit(op, byte(n))
	g.inside(label, loop, func() {
		for range t.Params {
			g.emit(0x1a)
		}
		g.statement(depth - 1)
		if loop {
			for _, p := range t.Params {
				g.value(p, 0)
			}
			g.left()
			g.index(0x0d, 0)
			for range t.Params {
				g.emit(0x1a)
			}
		}
		for _, r := range t.Results {
			g.value(r, depth-1)
		}
	})
	for range t.Results {
		g.emit(0x1a)
	}
}

// branch leaves a block or the function, with the values that it takes; a loop is begun
// again only by itself.
func (g *generator) branch(depth int) {
	to := g.n(len(g.labels) + 1)
	if to == len(g.labels) || g.loops[len(g.labels)-1-to] {
		for _, r := range g.result {
			g.value(r, depth-2)
		}
		g.emit(0x0f)
		return
	}
	for _, t := range g.labels[len(g.labels)-1-to] {
		g.value(t, depth-2)
	}
	g.index(opBr, to)
}
