package index

import "github.com/footlight-bots/footlight/host/script/message"

// Message is a text as the search sees it.
type Message struct {
	Units []uint32 // numbers of words; 0 for a unit that stands in no pattern
	Hash  uint32
	// Plain tells whether the units are what lies between blanks, so that exact
	// outlines can be trusted.
	Plain bool
}

// Split cuts a text into its units.
func (t *Table) Split(text message.Text) Message {
	m := Message{Plain: text.String != ""}
	for i := 0; i < len(text.String); {
		if text.Classes[i]&message.Blank != 0 {
			i++
			continue
		}
		start := i
		for i++; text.Classes[i]&message.Border == 0; {
			i++
		}
		unit := text.String[start:i]
		hash := HashWord(unit)
		m.Hash = HashText(m.Hash, hash)
		m.Units = append(m.Units, t.word(unit, hash))
		m.Plain = m.Plain && (i == len(text.String) || text.Classes[i]&message.Blank != 0)
	}
	return m
}

func (t *Table) word(unit string, hash uint32) uint32 {
	for at := place(hash, len(t.Slots)); ; at = (at + 1) % uint32(len(t.Slots)) {
		n := t.Slots[at]
		if n == 0 {
			return 0
		}
		if w := &t.Words[n]; w.Hash == hash && w.Text == unit {
			return n
		}
	}
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
	from    []gap // for each node with gaps
	stamp   uint32
}

// gap notes from where on the units behind a gap have been looked at.
type gap struct{ stamp, from uint32 }

// NewSearch prepares a search.
func NewSearch(t *Table) *Search { return &Search{t: t, from: make([]gap, t.Gapped+1)} }

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
	for at := place(key, len(s.t.Texts)); s.t.Texts[at].Rank != 0; at = (at + 1) % uint32(len(s.t.Texts)) {
		if e := &s.t.Texts[at]; e.Hash == key && e.Rank-1 < s.bound && s.matches(int(e.Rank-1)) {
			s.bound, s.sure = e.Rank-1, true
		}
	}
}

// visit goes on from a node, which is reached in front of a unit.
func (s *Search) visit(node, pos uint32) {
	n := &s.t.Nodes[node]
	if n.Min >= s.bound {
		return
	}
	s.accept(n, pos)
	count := uint32(len(s.m.Units))
	if pos == count {
		return
	}
	if any := n.Any & AnyMask; any != 0 {
		s.visit(any, pos+1)
	}
	unit := s.m.Units[pos]
	if unit != 0 && n.Any&HasWords != 0 {
		s.follow(EdgeKey(node, EdgeWord), unit, pos+1)
	}
	if unit != 0 && n.Any&HasSets != 0 {
		s.followSets(EdgeKey(node, EdgeSet), unit, pos+1)
	}
	if n.Any&HasGaps != 0 {
		s.leap(n, node, pos)
	}
}

// accept takes the best of the outlines that end at a node.
func (s *Search) accept(n *Node, pos uint32) {
	if n.Accept == 0 {
		return
	}
	for _, a := range s.t.Accepts[n.Accept:] {
		rank := a >> AcceptRank
		if rank >= s.bound {
			return
		}
		if a&AcceptOpen != 0 || int(pos) == len(s.m.Units) {
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

// leap looks behind the gap of a node, at those units only that were not looked at
// before.
func (s *Search) leap(n *Node, node, pos uint32) {
	end := uint32(len(s.m.Units))
	seen := &s.from[node]
	if seen.stamp == s.stamp {
		end = min(end, seen.from)
	}
	if pos >= end {
		return
	}
	*seen = gap{s.stamp, pos}
	for ; pos < end && n.Min < s.bound; pos++ {
		unit := s.m.Units[pos]
		if unit == 0 {
			continue
		}
		s.follow(EdgeKey(node, EdgeGap), unit, pos+1)
		if n.Any&HasGapSet != 0 {
			s.followSets(EdgeKey(node, EdgeGapSet), unit, pos+1)
		}
	}
}

// follow takes the edges with a unit.
func (s *Search) follow(from, unit, pos uint32) {
	edges := s.t.Edges
	for at := place(EdgeHash(from, unit), len(edges)); edges[at].To != 0; at = (at + 1) % uint32(len(edges)) {
		if e := &edges[at]; e.From == from && e.Unit == unit {
			s.visit(e.To, pos)
		}
	}
}

// followSets takes the edges with the large sets of a word.
func (s *Search) followSets(from, unit, pos uint32) {
	for at := s.t.Words[unit].Classes; s.t.Classes[at] != 0; at++ {
		s.follow(from, s.t.Classes[at], pos)
	}
}
