package direction

import "errors"

// Perform answers one operation of the contract for a plug-in: 0 describes it, 1
// runs a call. Serve does this for a module, and directiontest for tests; nobody
// else needs it.
func Perform(p *Plugin, host Host, op int32, input []byte) []byte {
	s := server{plugin: p}
	return s.perform(host, op, string(input))
}

// server answers operations for a plug-in, and uses its memory again and again:
// in WebAssembly an allocation takes as long as reading a short call.
type server struct {
	plugin *Plugin
	call   Call
	out    jsonWriter
}

func (s *server) perform(host Host, op int32, input string) []byte {
	if op == opDescribe {
		s.makeRoom()
		return s.plugin.manifest()
	}
	text, err := s.run(host, input)
	w := &s.out
	w.buf = w.buf[:0]
	w.open('{')
	if err != nil {
		w.text("error", err.Error())
	} else {
		w.optional("text", text)
	}
	w.close('}')
	return w.buf
}

// makeRoom is for the attributes of every direction: calls that begin from what the module
// is now find it.
func (s *server) makeRoom() {
	most := 0
	for i := range s.plugin.Directions {
		most = max(most, len(s.plugin.Directions[i].Attributes))
	}
	s.call.attributes = make([]value, 0, most)
}

func (s *server) run(host Host, input string) (string, error) {
	s.call = Call{host: host, attributes: s.call.attributes[:0]}
	name, err := s.call.read(input)
	if err != nil {
		return "", err
	}
	s.call.direction = s.plugin.direction(name)
	if s.call.direction == nil {
		return "", errors.New("this plug-in has no direction " + name)
	}
	return s.call.direction.Run(&s.call)
}

// read takes in what the host says about a call, and returns the name of the
// direction.
func (c *Call) read(input string) (name string, err error) {
	p := jsonReader{data: input}
	p.blanks()
	if !p.word("{") {
		return "", p.fault("a call is missing")
	}
	for first := true; ; first = false {
		key, done, err := p.field(first)
		if err != nil || done {
			return name, err
		}
		p.blanks()
		if key == "attributes" && p.word("{") {
			if err := c.readAttributes(&p); err != nil {
				return "", err
			}
			continue
		}
		v, err := p.value(1)
		if err != nil {
			return "", err
		}
		switch key {
		case "name":
			name = v.Text()
		case "block":
			c.block = v.Text()
		case "person":
			c.person = v.Text()
		}
	}
}

func (c *Call) readAttributes(p *jsonReader) error {
	for first := true; ; first = false {
		key, done, err := p.field(first)
		if err != nil || done {
			return err
		}
		v, err := p.value(2)
		if err != nil {
			return err
		}
		c.attributes = append(c.attributes, value{key, v})
	}
}
