package main

import (
	"strconv"
	"strings"
	"time"

	direction "github.com/footlight-bots/footlight/sdk/go"
)

const (
	// keepFor is how long an answer is as good as a new one.
	keepFor = 15 * time.Minute
	// slots is how many answers are remembered. Two that fall into the same slot push
	// each other out, so the space never fills up.
	slots = 500
)

// key is the question in words.
func (q question) key() string {
	return strings.ToLower(q.city) + ", day " + strconv.Itoa(q.day) + ", " + q.units
}

// slot is where the answer is kept: FNV-1a of the question.
func (q question) slot() string {
	h := uint32(2166136261)
	for _, b := range []byte(q.key()) {
		h = (h ^ uint32(b)) * 16777619
	}
	return strconv.Itoa(int(h % slots))
}

// recall is an answer that is not old yet. Kept are the time, the question and the
// answer, line by line.
func recall(c *direction.Call, q question) (text string, fresh bool) {
	kept, err := c.State().Get(q.slot())
	if err != nil {
		c.Warn("cannot remember: " + err.Error())
		return "", false
	}
	parts := strings.SplitN(kept, "\n", 3)
	if len(parts) < 3 || parts[1] != q.key() {
		return "", false
	}
	at, err := strconv.ParseInt(parts[0], 10, 64)
	age := c.Now().Sub(time.UnixMilli(at))
	return parts[2], err == nil && age >= 0 && age < keepFor
}

// keep remembers an answer. It is no harm if it cannot.
func keep(c *direction.Call, q question, text string) {
	value := direction.At(c.Now()) + "\n" + q.key() + "\n" + text
	if err := c.State().Put(q.slot(), value); err != nil {
		c.Warn("cannot keep the answer: " + err.Error())
	}
}
