package link

import (
	"strings"

	"github.com/footlight-bots/footlight/host/script/syntax"
)

// shadows reports what stands behind a condition that is always true (W103).
func (l *linker) shadows() {
	for _, t := range l.all() {
		for _, trigger := range t.Triggers {
			for i := range trigger.Conditions {
				if alwaysTrue(&trigger.Conditions[i]) {
					l.shadowed(trigger, i)
					break
				}
			}
		}
	}
}

func (l *linker) shadowed(t *Trigger, from int) {
	condition := &t.Conditions[from]
	report := func(at syntax.Text) {
		d := draft("W103", at.Span, "this line is never used", "a condition above it is always true")
		d.AddNote("that condition stands", condition.Span)
		l.found.Add(*d)
	}
	for _, c := range t.Conditions[from+1:] {
		report(syntax.Text{Span: c.Span})
	}
	for _, r := range t.Replies {
		report(syntax.Text{Span: r.Span})
	}
}

// alwaysTrue tells whether a condition compares literals and holds.
func alwaysTrue(c *syntax.Condition) bool {
	left, ok := c.Left.Literal()
	right, also := c.Right.Literal()
	if !ok || !also {
		return false
	}
	left, right = something(left), something(right)
	switch c.Op {
	case "==":
		return left == right
	case "!=":
		return left != right
	}
	a, ok := syntax.Number(left)
	b, also := syntax.Number(right)
	if !ok || !also {
		return false
	}
	switch c.Op {
	case "<":
		return a < b
	case "<=":
		return a <= b
	case ">":
		return a > b
	}
	return a >= b
}

// something is a value without white space at its ends; all that counts as
// nothing is empty (L-COND-4).
func something(s string) string {
	if s = strings.TrimSpace(s); s == "undefined" {
		return ""
	}
	return s
}
