package sandbox

import (
	"github.com/tetratelabs/wazero/api"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
)

// once writes what produce gives into the module's buffer. When it does not fit the
// module asks again, and is given what was produced before: what is done to the
// world is done once.
func (c *call) once(m api.Module, address, room uint64, produce func() (text string, ok bool)) uint64 {
	if !c.owes {
		c.owed, c.owedOK = produce()
	}
	text, ok := c.owed, c.owedOK
	c.owes = ok && uint64(len(text)) > room
	if !c.owes {
		c.owed = ""
	}
	return c.writeOr(m, text, ok, address, room)
}

// fetched makes the requests of a trigger (L-HTTP-3).
func fetched(c *call, m api.Module, s []uint64) {
	s[0] = c.once(m, s[2], s[3], func() (string, bool) {
		calls := decodeRaw(m, s)
		requests := make([]world.Request, len(calls))
		for i, q := range calls {
			requests[i] = world.Request{Method: q.Name, Name: argument(q, 0), URL: argument(q, 1), Options: argument(q, 2)}
		}
		problem := c.world.Fetch(requests)
		return problem, problem != ""
	})
}

// directed runs a direction of a plug-in (L-EXT-4).
func directed(c *call, m api.Module, s []uint64) {
	s[0] = c.once(m, s[2], s[3], func() (string, bool) {
		var wire []byte
		for _, q := range decodeRaw(m, s) {
			d := world.Direction{Name: q.Name}
			for _, arg := range q.Args {
				if len(arg.Pieces) == 2 {
					d.Attributes = append(d.Attributes, world.Attribute{Name: arg.Pieces[0].Text, Value: arg.Pieces[1].Text})
				} else {
					d.Block = arg.Text()
				}
			}
			for _, t := range c.world.Direct(d) {
				wire = reply.Append(wire, t)
			}
		}
		return string(wire), true
	})
}

// argument is the text of the n-th argument, or nothing.
func argument(q reply.RawCall, n int) string {
	if n >= len(q.Args) {
		return ""
	}
	return q.Args[n].Text()
}

// decodeRaw reads what a module has built aside.
func decodeRaw(m api.Module, s []uint64) []reply.RawCall {
	calls, err := reply.DecodeRaw(read(m, s[0], s[1]))
	if err != nil {
		panic(err)
	}
	return calls
}
