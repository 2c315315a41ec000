package index

import "github.com/footlight-bots/footlight/host/script/message"

// LookAhead is how many units behind a gap are taken as they come, without looking
// first for the most promising one.
const LookAhead = 16

// Glued is the flag of a unit that has no blank in front of it.
const Glued = 1 << 31

// Message is a text as the search sees it.
type Message struct {
	// Units are numbers of words, 0 for a unit that stands in no pattern, with the flag
	// Glued.
	Units []uint32
	Hash  uint32
	// Plain tells whether the units are what lies between blanks, so that exact
	// outlines can be trusted.
	Plain bool
}

// Split cuts a text into its units.
func (t *Table) Split(text message.Text) Message {
	m := Message{Plain: text.String != ""}
	glued := uint32(0)
	for i := 0; i < len(text.String); {
		if text.Classes[i]&message.Blank != 0 {
			i++
			glued = 0
			continue
		}
		start := i
		for i++; text.Classes[i]&message.Border == 0; {
			i++
		}
		unit := text.String[start:i]
		hash := HashWord(unit)
		m.Hash = HashText(m.Hash, hash)
		m.Units = append(m.Units, t.word(unit, hash)|glued)
		glued = Glued
		m.Plain = m.Plain && (i == len(text.String) || text.Classes[i]&message.Blank != 0)
	}
	return m
}

func (t *Table) word(unit string, hash uint32) uint32 {
	for n, end := t.WordBuckets.rows(hash); n < end; n++ {
		if w := &t.Words[n]; w.Hash == hash && w.Text == unit {
			return n
		}
	}
	return 0
}

// Search finds triggers natively. The search that counts is the one in modules,
// which does the same over the same tables: this one is its yardstick, and lets the
// index be tested alone. It is for one goroutine.
type Search struct {
	t       *Table
	m       Message
	bound   uint32
	sure    bool
	matches func(rank int) bool
	leapt   []uint32 // for each node with gaps: the stamp of the last search that looked behind it
	stamp   uint32
}

// NewSearch prepares a search.
func NewSearch(t *Table) *Search { return &Search{t: t, leapt: make([]uint32, len(t.Gaps))} }

// First returns the best rank below limit whose trigger matches; sure tells whether
// matches has said so, else the outline has. Without one the rank is limit.
// Matches asks the pattern of a trigger.
func (s *Search) First(root, set int, m Message, limit int, matches func(rank int) bool) (rank int, sure bool) {
	s.m, s.bound, s.sure, s.matches = m, uint32(limit), false, matches
	s.stamp++
	s.texts(set)
	if root != 0 {
		s.visit(uint32(root), 0)
	}
	return int(s.bound), s.sure
}

// texts looks for the whole text.
func (s *Search) texts(set int) {
	key := TextKey(s.m.Hash, set)
	for at, end := s.t.TextBuckets.rows(key); at < end; at++ {
		if e := &s.t.Texts[at]; e.Hash == key && e.Rank < s.bound && s.matches(int(e.Rank)) {
			s.bound, s.sure = e.Rank, true
		}
	}
}

// visit goes on from a node, which is reached in front of a unit.
func (s *Search) visit(node, pos uint32) {
	n := &s.t.Nodes[node]
	if n.Min >= s.bound {
		return
	}
	if n.Accept != 0 {
		s.accept(s.t.Accepts[n.Accept:], pos)
	}
	count := uint32(len(s.m.Units))
	if pos == count {
		return
	}
	unit := s.m.Units[pos] &^ Glued
	if unit != 0 && n.Any&HasWords != 0 {
		s.follow(EdgeKey(node, EdgeWord), unit, pos+1)
	}
	if unit != 0 && n.Any&HasSets != 0 {
		s.followSets(EdgeKey(node, EdgeSet), unit, pos+1)
	}
	if n.Any&HasGaps != 0 {
		s.leap(n, node, pos)
	}
	if any := n.Any & AnyMask; any != 0 {
		next := pos + 1
		for next < count && s.m.Units[next]&Glued != 0 {
			next++
		}
		s.visit(any, next)
	}
}

// accept takes the best of the outlines that end at one place.
func (s *Search) accept(list []uint32, pos uint32) {
	here := uint32(AcceptOpen)
	if int(pos) == len(s.m.Units) {
		here = AcceptEnd
	}
	for _, a := range list {
		rank := acceptRank(a)
		if rank >= s.bound {
			return
		}
		if a&here != 0 {
			certain := a&AcceptExact != 0 && s.m.Plain
			if certain || s.matches(int(rank)) {
				s.bound, s.sure = rank, !certain
				return
			}
		}
		if a&AcceptLast != 0 {
			return
		}
	}
}

// acceptRank is the rank of an accept.
func acceptRank(accept uint32) uint32 { return accept &^ EdgeAccept >> AcceptRank }

// leap looks behind the gap of a node, which needs to be done only once in a search:
// a node is never visited further in front than it was the first time. For nodes are a
// tree: one way leads to each of them, from its parent, and if the visits of the parent
// come in ascending order, so do those behind a word or a set that follows at once, and
// behind all units up to a blank. Behind a gap they come from the one leap of the
// parent, which goes on unit by unit; what promise visits before is the first
// position of its node there.
func (s *Search) leap(n *Node, node, pos uint32) {
	end := uint32(len(s.m.Units))
	if s.leapt[node] == s.stamp {
		return
	}
	s.leapt[node] = s.stamp
	if end-pos > LookAhead {
		s.promise(node, pos, end)
	}
	for ; pos < end && n.Min < s.bound; pos++ {
		unit := s.m.Units[pos] &^ Glued
		if s.leads(node, unit) {
			s.follow(EdgeKey(node, EdgeGap), unit, pos+1)
		}
		if unit != 0 && n.Any&HasGapSet != 0 {
			s.followSets(EdgeKey(node, EdgeGapSet), unit, pos+1)
		}
	}
}

// leads tells whether there may be edges with a unit behind the gap of a node.
func (s *Search) leads(node, unit uint32) bool {
	return unit != 0 && s.t.Gaps[node]>>(unit&GapBit)&1 != 0
}

// promise goes first where the best rank behind a gap may be found. In a long
// message many triggers match, and a good rank turns most of the others away.
func (s *Search) promise(node, pos, end uint32) {
	least, best, at := s.bound, uint32(0), uint32(0)
	for ; pos < end; pos++ {
		if unit := s.m.Units[pos] &^ Glued; s.leads(node, unit) {
			s.edges(EdgeKey(node, EdgeGap), unit, func(to uint32) {
				if m := s.least(to); m < least {
					least, best, at = m, to, pos+1
				}
			})
		}
	}
	if best != 0 {
		s.cross(best, at)
	}
}

// least is the best rank at the end of an edge or behind it.
func (s *Search) least(to uint32) uint32 {
	if to&EdgeAccept != 0 {
		return acceptRank(to)
	}
	return s.t.Nodes[to].Min
}

// cross goes to the end of an edge.
func (s *Search) cross(to, pos uint32) {
	if to&EdgeAccept != 0 {
		s.accept([]uint32{to}, pos)
		return
	}
	s.visit(to, pos)
}

// follow takes the edges with a unit.
func (s *Search) follow(from, unit, pos uint32) {
	s.edges(from, unit, func(to uint32) { s.cross(to, pos) })
}

func (s *Search) edges(from, unit uint32, inside func(to uint32)) {
	for at, end := s.t.EdgeBuckets.rows(EdgeHash(from, unit)); at < end; at++ {
		if e := &s.t.Edges[at]; e.From == from && e.Unit == unit {
			inside(e.To)
		}
	}
}

// followSets takes the edges with the large sets of a word.
func (s *Search) followSets(from, unit, pos uint32) {
	for at := s.t.Words[unit].Classes; s.t.Classes[at] != 0; at++ {
		s.follow(from, s.t.Classes[at], pos)
	}
}
