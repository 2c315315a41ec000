package batch

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// reference is a part of the answer to an earlier call, as in {result=send:$.message_id} or
// {result=list:$.data.*.id}.
var reference = regexp.MustCompile(`\{result=([^:{}]+):\$((?:\.[A-Za-z0-9_*]+|\[(?:[0-9]+|\*)\])*)\}`)

// referring is how a reference begins; most items have none.
const referring = "{result="

// step is one step of a path: a key, a place in a list, or all there is.
var step = regexp.MustCompile(`[A-Za-z0-9_*]+`)

// refers is the name of the first call that the item takes something from; empty: none.
func (it Item) refers() string {
	for _, text := range []string{it.URL, it.Body} {
		if !strings.Contains(text, referring) {
			continue
		}
		if m := reference.FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
	return ""
}

// With is the item with the answers of earlier calls, by their names, in the place of its
// references. Several things are joined by commas; what is not there is empty.
func (it Item) With(answers map[string]any) Item {
	fill := func(text string) string {
		if !strings.Contains(text, referring) {
			return text
		}
		return reference.ReplaceAllStringFunc(text, func(found string) string {
			m := reference.FindStringSubmatch(found)
			var texts []string
			for _, v := range walk(answers[m[1]], step.FindAllString(m[2], -1)) {
				texts = append(texts, value.Text(v))
			}
			return strings.Join(texts, ",")
		})
	}
	it.URL, it.Body = fill(it.URL), fill(it.Body)
	return it
}

// walk is what a path leads to.
func walk(v any, path []string) []any {
	if len(path) == 0 {
		return []any{v}
	}
	list, isList := value.List(v)
	var next []any
	switch n, err := strconv.Atoi(path[0]); {
	case isList && path[0] == "*":
		next = list
	case isList && err == nil && n < len(list):
		next = list[n : n+1]
	case !isList:
		if one, ok := value.Object(v)[path[0]]; ok {
			next = []any{one}
		}
	}
	var out []any
	for _, one := range next {
		out = append(out, walk(one, path[1:])...)
	}
	return out
}
