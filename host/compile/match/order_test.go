package match

import (
	"cmp"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/link"
)

func topic(name string, includes, inherits []string) *link.Topic {
	return &link.Topic{Name: name, Includes: includes, Inherits: inherits}
}

func TestReach(t *testing.T) {
	names := func(s ...string) []string { return s }
	tests := []struct {
		name    string
		dialect link.Dialect
		topics  []*link.Topic
		from    int
		want    ir.View // topic, level, steps
	}{
		{"L-TOP-5 alone", link.RiveScript, []*link.Topic{topic("random", nil, nil), topic("t", nil, nil)}, 1, ir.View{{Group: 1, Level: 0, Steps: 0}}},
		{
			"L-TOP-8 the root is last", link.Dexter,
			[]*link.Topic{topic("default", nil, nil), topic("t", nil, names("u")), topic("u", nil, nil)},
			1,
			ir.View{{Group: 1, Level: 0, Steps: 0}, {Group: 2, Level: 1, Steps: 1}, {Group: 0, Level: 2, Steps: 0}},
		},
		{
			"L-TOP-8 the root reached otherwise", link.Dexter,
			[]*link.Topic{topic("default", nil, nil), topic("t", names("default"), nil)},
			1,
			ir.View{{Group: 1, Level: 0, Steps: 0}, {Group: 0, Level: 0, Steps: 1}},
		},
		{
			"L-TOP-8 with what the root reaches", link.Dexter,
			[]*link.Topic{topic("default", names("u"), nil), topic("t", nil, nil), topic("u", nil, nil)},
			1,
			ir.View{{Group: 1, Level: 0, Steps: 0}, {Group: 0, Level: 1, Steps: 0}, {Group: 2, Level: 1, Steps: 1}},
		},
		{
			"L-TOP-6 levels", link.RiveScript,
			[]*link.Topic{topic("random", nil, nil), topic("a", names("b"), names("c")), topic("b", nil, names("d")), topic("c", names("e"), nil), topic("d", nil, nil), topic("e", nil, nil)},
			1,
			ir.View{{Group: 1, Level: 0, Steps: 0}, {Group: 2, Level: 0, Steps: 1}, {Group: 3, Level: 1, Steps: 1}, {Group: 4, Level: 1, Steps: 2}, {Group: 5, Level: 1, Steps: 2}},
		},
		{
			"L-TOP-6 the lowest level counts", link.RiveScript,
			[]*link.Topic{topic("random", nil, nil), topic("a", names("b"), names("c")), topic("b", names("c"), nil), topic("c", nil, nil)},
			1,
			ir.View{{Group: 1, Level: 0, Steps: 0}, {Group: 2, Level: 0, Steps: 1}, {Group: 3, Level: 0, Steps: 2}},
		},
		{
			"L-TOP-6 cycles", link.RiveScript,
			[]*link.Topic{topic("random", nil, nil), topic("a", names("b", "a"), nil), topic("b", names("a"), names("a"))},
			1,
			ir.View{{Group: 1, Level: 0, Steps: 0}, {Group: 2, Level: 0, Steps: 1}},
		},
		{"L-TOP-7 missing ones", link.RiveScript, []*link.Topic{topic("random", names("x"), names("y"))}, 0, ir.View{{Group: 0, Level: 0, Steps: 0}}},
		{
			"L-DIA-2 the other name of the root", link.Dexter,
			[]*link.Topic{topic("default", nil, nil), topic("t", names("random"), nil)},
			1,
			ir.View{{Group: 1, Level: 0, Steps: 0}, {Group: 0, Level: 0, Steps: 1}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Reach(&link.Program{Dialect: tt.dialect, Topics: tt.topics})[tt.from]
			if diff := gocmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// key makes the key of a pattern, or none.
func previous(text string) *Key {
	if text == "" {
		return nil
	}
	k := NewKey(text)
	return &k
}

// view puts the triggers of topics into groups, and lists what a view of them tries.
func view(reached ir.View, topics [][]Candidate, byText bool) (previous, order []int) {
	all := slices.Concat(topics...)
	ranks := Ranks(all, byText)
	p := &ir.Program{Views: []ir.View{reached}, Triggers: make([]ir.Trigger, len(all))}
	for i, c := range all {
		p.Triggers[c.Number].Rank = ranks[i]
	}
	for _, own := range topics {
		p.Groups = append(p.Groups, Group(own, ranks[:len(own)]))
		ranks = ranks[len(own):]
	}
	return p.Order(0)
}

// plainly is view by comparing what authors wrote, without ranks.
func plainly(reached ir.View, topics [][]Candidate, byText bool) (previous, order []int) {
	type placed struct {
		Candidate
		from ir.Reach
	}
	var all []placed
	for _, r := range reached {
		for _, c := range topics[r.Group] {
			all = append(all, placed{c, r})
		}
	}
	slices.SortFunc(all, func(a, b placed) int {
		if a.Previous == nil && b.Previous != nil {
			return -1
		}
		if a.Previous != nil && b.Previous == nil {
			return 1
		}
		if n := cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.from.Level, b.from.Level)); n != 0 {
			return n
		}
		if a.Previous != nil && b.Previous != nil {
			if n := a.Previous.compare(b.Previous, byText); n != 0 {
				return n
			}
		}
		return cmp.Or(a.Key.compare(&b.Key, byText), cmp.Compare(a.from.Steps, b.from.Steps), cmp.Compare(a.Source, b.Source))
	})
	for _, c := range all {
		if c.Previous != nil {
			previous = append(previous, c.Number)
		} else {
			order = append(order, c.Number)
		}
	}
	return previous, order
}

func TestView(t *testing.T) {
	own := []Candidate{
		{Number: 0, Key: NewKey("*"), Source: 0},
		{Number: 1, Key: NewKey("a"), Source: 1},
		{Number: 2, Key: NewKey("b"), Source: 2},
		{Number: 3, Key: NewKey("*"), Weight: 2, Source: 3},
		{Number: 4, Key: NewKey("*"), Previous: previous("* x"), Source: 4},
		{Number: 5, Key: NewKey("*"), Previous: previous("y x"), Source: 5},
		{Number: 6, Key: NewKey("a b"), Previous: previous("* x"), Source: 6},
	}
	included := []Candidate{{Number: 7, Key: NewKey("a"), Source: -1}, {Number: 8, Key: NewKey("long one"), Source: 8}}
	below := []Candidate{{Number: 9, Key: NewKey("a b c"), Source: 9}, {Number: 10, Key: NewKey("*"), Weight: 1, Source: 10}}
	reached := ir.View{{Group: 0}, {Group: 1, Steps: 1}, {Group: 2, Level: 1, Steps: 1}}
	previous, order := view(reached, [][]Candidate{own, included, below}, false)
	// Weight before level (L-SORT-2, L-SORT-3), class and words, own before included (L-SORT-7), source.
	if diff := gocmp.Diff([]int{3, 10, 8, 1, 2, 7, 0, 9}, order); diff != "" {
		t.Errorf("L-SORT: %s", diff)
	}
	// The previous pattern counts before the trigger.
	if diff := gocmp.Diff([]int{5, 6, 4}, previous); diff != "" {
		t.Errorf("L-PREV-4: %s", diff)
	}
}

// The order is total and does not depend on the order in which it is made.
func TestOrderIsTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := []string{"a", "b", "a b", "*", "* *", "[a]", "_", "# b", "(a|b)"}
		var topics [][]Candidate
		var reached ir.View
		n := 0
		for i := range rapid.IntRange(1, 3).Draw(t, "topics") {
			reached = append(reached, ir.Reach{Group: i, Level: rapid.IntRange(0, 1).Draw(t, "level"), Steps: rapid.IntRange(0, 2).Draw(t, "steps")})
			var list []Candidate
			for range rapid.IntRange(0, 6).Draw(t, "triggers") {
				c := Candidate{Number: n, Source: n, Weight: rapid.Uint32Range(0, 1).Draw(t, "weight"), Key: NewKey(rapid.SampledFrom(texts).Draw(t, "text"))}
				if rapid.Bool().Draw(t, "previous") {
					c.Previous = previous(rapid.SampledFrom(texts).Draw(t, "previous text"))
				}
				list = append(list, c)
				n++
			}
			topics = append(topics, list)
		}
		byText := rapid.Bool().Draw(t, "by text")
		previous, order := view(reached, topics, byText)
		if len(order)+len(previous) != n {
			t.Fatalf("%d triggers, %d in the view", n, len(order)+len(previous))
		}
		wantPrevious, wantOrder := plainly(reached, topics, byText)
		if !slices.Equal(previous, wantPrevious) || !slices.Equal(order, wantOrder) {
			t.Fatalf("by ranks %v %v, as written %v %v", previous, order, wantPrevious, wantOrder)
		}
		shuffled := make([][]Candidate, len(topics))
		for i := range topics {
			shuffled[i] = rapid.Permutation(topics[i]).Draw(t, "permutation")
		}
		other := slices.Clone(reached)
		slices.Reverse(other)
		otherPrevious, otherOrder := view(other, shuffled, byText)
		if !slices.Equal(previous, otherPrevious) || !slices.Equal(order, otherOrder) {
			t.Fatalf("%v %v, and %v %v when it is made in another order", previous, order, otherPrevious, otherOrder)
		}
	})
}
