package direction

import "errors"

// Perform answers one operation of the contract for a plug-in: 0 describes it, 1
// runs a call. Serve does this for a module, and directiontest for tests; nobody
// else needs it.
func Perform(p *Plugin, host Host, op int32, input []byte) []byte {
	if op == opDescribe {
		return p.manifest()
	}
	text, err := p.run(host, input)
	var w jsonWriter
	w.open('{')
	if err != nil {
		w.text("error", err.Error())
	} else {
		w.optional("text", text)
	}
	w.close('}')
	return w.buf
}

func (p *Plugin) run(host Host, input []byte) (string, error) {
	in, err := ParseJSON(input)
	if err != nil {
		return "", err
	}
	d := p.direction(in.Get("name").Text())
	if d == nil {
		return "", errors.New("this plug-in has no direction " + in.Get("name").Text())
	}
	return d.Run(&Call{
		host:       host,
		direction:  d,
		attributes: in.Get("attributes"),
		block:      in.Get("block").Text(),
		person:     in.Get("person").Text(),
	})
}
