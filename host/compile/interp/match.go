package interp

import (
	"strings"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/message"
)

// scopes are those of the Dynamic nodes that read variables.
var scopes = [...]world.Scope{ir.UserVar: world.User, ir.BotVar: world.Bot}

// plan says which nodes of a pattern must remember where they have failed: those
// that are reached in several ways, and runs, which reach themselves.
type plan struct {
	memo  []int // for each node: its number among those that remember, or -1
	memos int
}

func newPlan(p *ir.Pattern) plan {
	ways := make([]int, len(p.Nodes))
	for i := range p.Nodes {
		n := &p.Nodes[i]
		switch n.Op {
		case ir.Accept, ir.Fail:
		case ir.Split:
			for _, a := range n.Alts {
				ways[a]++
			}
		case ir.AnyRun, ir.DigitRun, ir.WordRun:
			ways[i] += 2
			ways[n.Next]++
		default:
			ways[n.Next]++
		}
	}
	pl := plan{memo: make([]int, len(p.Nodes))}
	for i, n := range ways {
		pl.memo[i] = -1
		if n > 1 {
			pl.memo[i] = pl.memos
			pl.memos++
		}
	}
	return pl
}

// matcher finds the first way through a pattern in the order of preference
// (L-TRIG-12) by backtracking. A node that remembers is tried at most once at each
// position, which makes it O(t·n) (L-TRIG-13).
type matcher struct {
	p      *ir.Pattern
	plan   *plan
	text   message.Text
	value  func(*ir.Node) string
	failed []uint64 // bit of (memo, position): was tried, and led nowhere
	slots  []int    // begin and end of each capture, -1 unset
	stack  []job
}

// job is something still to be tried, or a slot to be set back.
type job struct {
	node, pos int // node -1: slots[pos] is set back to old
	old       int
	more      bool // a run that has taken a character already
}

const restore = -1

func (m *matcher) match(p *ir.Pattern, pl *plan, text message.Text, value func(*ir.Node) string) ([]string, bool) {
	m.p, m.plan, m.text, m.value = p, pl, text, value
	m.reset()
	for len(m.stack) > 0 {
		j := m.stack[len(m.stack)-1]
		m.stack = m.stack[:len(m.stack)-1]
		if j.node == restore {
			m.slots[j.pos] = j.old
			continue
		}
		if m.follow(j) {
			return m.captures(), true
		}
	}
	return nil, false
}

func (m *matcher) reset() {
	words := (m.plan.memos*(len(m.text.String)+1) + 63) / 64
	if cap(m.failed) < words {
		m.failed = make([]uint64, words)
	}
	m.failed = m.failed[:words]
	clear(m.failed)
	m.slots = m.slots[:0]
	for range 2 * m.p.Slots {
		m.slots = append(m.slots, -1)
	}
	m.stack = append(m.stack[:0], job{})
}

// tried marks a node at a position, and tells whether it was marked before.
func (m *matcher) tried(node, pos int) bool {
	memo := m.plan.memo[node]
	if memo < 0 {
		return false
	}
	bit := memo*(len(m.text.String)+1) + pos
	if m.failed[bit/64]>>(bit%64)&1 != 0 {
		return true
	}
	m.failed[bit/64] |= 1 << (bit % 64)
	return false
}

// follow goes on from a job without turning back, leaving the other ways on the
// stack; it tells whether the end was reached.
func (m *matcher) follow(j job) bool {
	node, pos, more := j.node, j.pos, j.more
	s, classes := m.text.String, m.text.Classes
	for {
		n := &m.p.Nodes[node]
		isRun := n.Op == ir.AnyRun || n.Op == ir.DigitRun || n.Op == ir.WordRun
		// A run remembers where it has taken its first character, not where it stands before it.
		if more == isRun && m.tried(node, pos) {
			return false
		}
		next := n.Next
		switch n.Op {
		case ir.Accept:
			return pos == len(s)
		case ir.Fail:
			return false
		case ir.Literal:
			if !strings.HasPrefix(s[pos:], n.Text) {
				return false
			}
			pos += len(n.Text)
		case ir.Dynamic:
			value := m.value(n)
			if value == "" || !strings.HasPrefix(s[pos:], value) {
				return false
			}
			pos += len(value)
		case ir.Empty:
			if m.value(n) != "" {
				return false
			}
		case ir.AnyRun, ir.DigitRun, ir.WordRun:
			after, ok := m.take(n.Op, pos)
			if !more {
				if !ok {
					return false
				}
				pos, more = after, true
				continue
			}
			if ok {
				m.stack = append(m.stack, job{node: node, pos: after, more: true})
			}
		case ir.Gap:
			if classes[pos]&message.Border == 0 {
				return false
			}
			if classes[pos]&message.Blank != 0 {
				m.stack = append(m.stack, job{node: next, pos: pos})
				pos++
			}
		case ir.Split:
			for i := len(n.Alts) - 1; i > 0; i-- {
				m.stack = append(m.stack, job{node: n.Alts[i], pos: pos})
			}
			next = n.Alts[0]
		case ir.Open:
			m.set(2*n.Slot, pos)
		case ir.Close:
			m.set(2*n.Slot+1, pos)
		}
		node, more = next, false
	}
}

// set sets a slot, and sees to it that it is set back when this way fails.
func (m *matcher) set(slot, pos int) {
	m.stack = append(m.stack, job{node: restore, pos: slot, old: m.slots[slot]})
	m.slots[slot] = pos
}

// take takes one character of a run.
func (m *matcher) take(op ir.NodeOp, pos int) (after int, ok bool) {
	if pos == len(m.text.String) {
		return 0, false
	}
	class := m.text.Classes[pos]
	switch op {
	case ir.DigitRun:
		if class&message.Digit == 0 {
			return 0, false
		}
	case ir.WordRun:
		if class&(message.Digit|message.Blank) != 0 {
			return 0, false
		}
	}
	for pos++; m.text.Classes[pos]&message.Start == 0; {
		pos++
	}
	return pos, true
}

// captures are the captured texts, without blanks at their ends (L-CAP-2).
func (m *matcher) captures() []string {
	if m.p.Slots == 0 {
		return nil
	}
	captures := make([]string, m.p.Slots)
	for i := range captures {
		if from, to := m.slots[2*i], m.slots[2*i+1]; from >= 0 && to >= from {
			captures[i] = strings.Trim(m.text.String[from:to], " ")
		}
	}
	return captures
}
