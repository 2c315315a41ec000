package messenger

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger/prose"
)

// check collects the first problem of a payload, in the words of its author.
type check struct{ problem string }

func (c *check) fail(at, reason string) {
	if c.problem == "" {
		c.problem = strings.TrimPrefix(at+" "+reason, " ")
	}
}

// text wants o[key] to be a text of at most limit UTF-16 units.
func (c *check) text(o object, at, key string, limit int, required bool) {
	at = path(at, key)
	value, isText := o[key].(string)
	switch {
	case o[key] == nil && !required:
	case o[key] == nil:
		c.fail(at, "is missing")
	case !isText:
		c.fail(at, "must be a text")
	case required && prose.Trim(value) == "":
		c.fail(at, "is empty")
	case prose.Units(value) > limit:
		c.fail(at, fmt.Sprintf("is longer than %d characters", limit))
	}
}

// web wants o[key] to be an address; an empty one is as good as none.
func (c *check) web(o object, at, key string, required bool) {
	at = path(at, key)
	address, _ := o[key].(string)
	switch {
	case given(o[key]) == 0 && !required:
	case given(o[key]) == 0:
		c.fail(at, "is missing")
	case !isWeb(address):
		c.fail(at, "is not a web address")
	}
}

// oneOf wants o[key] to be one of the values.
func (c *check) oneOf(o object, at, key string, values ...string) {
	if value, _ := o[key].(string); !slices.Contains(values, value) {
		c.fail(path(at, key), "must be "+strings.Join(values, " or "))
	}
}

// each wants o[key] to be a list of least to most objects and checks each.
func (c *check) each(o object, key string, least, most int, rule func(item object, at string)) {
	c.eachIn(o, "", key, least, most, rule)
}

func (c *check) eachIn(o object, at, key string, least, most int, rule func(item object, at string)) {
	at = path(at, key)
	items, isList := o[key].([]any)
	switch {
	case o[key] == nil && least == 0:
		return
	case o[key] == nil:
		c.fail(at, "is missing")
	case !isList:
		c.fail(at, "must be a list")
	case len(items) < least:
		c.fail(at, fmt.Sprintf("has %d entries, at least %d needed", len(items), least))
	case len(items) > most:
		c.fail(at, fmt.Sprintf("has %d entries, at most %d allowed", len(items), most))
	}
	for i, item := range items {
		each, ok := item.(object)
		if !ok {
			c.fail(fmt.Sprintf("%s[%d]", at, i), "must be an object")
			continue
		}
		rule(each, fmt.Sprintf("%s[%d]", at, i))
	}
}

func path(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}

// amount checks a sum of money, a finite number or the text of one.
func (c *check) amount(o object, at, key string, required bool) {
	v, ok := o[key]
	if !ok && !required {
		return
	}
	n, err := strconv.ParseFloat(fmt.Sprint(v), 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		c.fail(at+"."+key, "is missing or not a number")
	}
}
