package sandbox

import (
	"github.com/tetratelabs/wazero/api"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
)

// once writes what produce gives into the module's buffer. When it does not fit the
// module asks again, and is given what was produced before: what is done to the
// world is done once.
func (c *call) once(m api.Module, address, room uint64, produce func() (text []byte, ok bool)) uint64 {
	if !c.owes {
		c.owed, c.owedOK = produce()
	}
	text, ok := c.owed, c.owedOK
	c.owes = ok && uint64(len(text)) > room
	if !c.owes {
		c.owed = nil
	}
	if !ok {
		return none
	}
	return writeBytes(m, text, address, room)
}

// says adds tokens to what the module reads next.
func (c *call) says(tokens []reply.Token) {
	for _, t := range tokens {
		c.wire = reply.Append(c.wire, t)
	}
}

// fetched makes the requests of a trigger (L-HTTP-3).
func fetched(c *call, m api.Module, s []uint64) {
	s[0] = c.once(m, s[2], s[3], func() ([]byte, bool) {
		calls := c.handed(m, s)
		requests := make([]world.Request, len(calls))
		for i, q := range calls {
			requests[i] = world.Request{Method: q.Name, Name: argument(q, 0), URL: argument(q, 1), Options: argument(q, 2)}
		}
		problem := c.world.Fetch(requests)
		return []byte(problem), problem != ""
	})
}

// directed runs a direction of a plug-in (L-EXT-4).
func directed(c *call, m api.Module, s []uint64) {
	s[0] = c.once(m, s[2], s[3], func() ([]byte, bool) {
		c.wire = c.wire[:0]
		for _, q := range c.handed(m, s) {
			d := world.Direction{Name: q.Name, Attributes: c.attributes[:0]}
			for _, arg := range q.Args {
				if len(arg.Pieces) == 2 {
					d.Attributes = append(d.Attributes, world.Attribute{Name: arg.Pieces[0].Text, Value: arg.Pieces[1].Text})
				} else {
					d.Block = arg.Text()
				}
			}
			c.attributes = d.Attributes
			c.says(c.world.Direct(d))
		}
		return c.wire, true
	})
}

// argument is the text of the n-th argument, or nothing.
func argument(q reply.RawCall, n int) string {
	if n >= len(q.Args) {
		return ""
	}
	return q.Args[n].Text()
}

// handed reads what a module has built aside. It is good until the next time.
func (c *call) handed(m api.Module, s []uint64) []reply.RawCall {
	calls, err := c.raw.Decode(read(m, s[0], s[1]))
	if err != nil {
		panic(err)
	}
	return calls
}
