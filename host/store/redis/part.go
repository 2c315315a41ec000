package redis

import (
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/footlight-bots/footlight/host/store"
)

// A part is one partition: the names of its keys. What they hold is said in lua/common.lua.
type part struct {
	number                               int
	tag                                  string
	due, seen, pauses, rest, names, boot string
}

func newPart(prefix string, n int) part {
	tag := fmt.Sprintf("{%s:%d}", prefix, n)
	return part{
		number: n, tag: tag, due: tag + "due", seen: tag + "seen",
		pauses: tag + "pauses", rest: tag + "rest", names: tag + "names", boot: tag + "boot",
	}
}

func (p part) parked(page string) string { return p.tag + "parked:" + page }

// place is where a conversation's keys are.
type place struct {
	*part
	name      string // among the conversations of the part
	conv, box string
}

func (s *Store) place(k store.Key) place {
	name := k.Page + "/" + k.Person
	p := s.partOf(name)
	return place{part: p, name: name, conv: p.tag + "conv:" + name, box: p.tag + "box:" + name}
}

// out is the key of a conversation's sends.
func (p place) out() string { return p.tag + "out:" + p.name }

// partOf is the partition that a name belongs to.
func (s *Store) partOf(name string) *part {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name))
	return &s.parts[h.Sum32()%uint32(len(s.parts))]
}

func parseName(name string) store.Key {
	page, person, _ := strings.Cut(name, "/")
	return store.Key{Page: page, Person: person}
}
