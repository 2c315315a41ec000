package macro

import (
	"encoding/binary"
	"encoding/json"
	"fmt"

	"github.com/footlight-bots/footlight/host/sandbox/plugin"
)

// maxAsked is how long what a plug-in gives the host in one call of a function may be,
// in bytes.
const maxAsked = 256 << 10

// Call implements sandbox.EngineHost.
func (a *actor) Call(_ string, args []uint32) (uint32, error) {
	name, params, err := a.vm.question(args)
	if err != nil {
		return 0, err
	}
	size := 0
	for _, p := range params {
		size += len(p)
	}
	if size > maxAsked {
		err = &plugin.Limit{Max: fmt.Sprintf("%d bytes in one argument", maxAsked)}
	}
	var value any
	if err == nil {
		value, err = a.do(name, params)
	}
	if err != nil {
		a.stop = err
		return 0, err
	}
	return a.vm.answer(value, "")
}

// do does what a plug-in asks; the value is its answer.
func (a *actor) do(name string, params []json.RawMessage) (any, error) {
	s := a.stage
	switch name {
	case "log":
		var level int32
		if len(params) > 0 {
			_ = json.Unmarshal(params[0], &level) // what is no level is debug
		}
		return nil, s.Log(level, nth(params, 1))
	case "now":
		now, err := s.Now()
		return now.UnixMilli(), err
	case "random":
		return a.draw()
	case "get":
		return s.Get(first(params))
	case "put":
		return withStatus(s.Put(first(params), nth(params, 1)))
	case "swap":
		return withStatus(s.Swap(first(params), nth(params, 1), nth(params, 2)))
	case "http":
		return a.ask(first(params))
	case "emit":
		return nil, s.Emit(first(params))
	case "cut":
		return nil, s.Cut()
	case "delay":
		var millis float64
		keep := len(params) > 1 && string(params[1]) == "true"
		if len(params) > 0 {
			_ = json.Unmarshal(params[0], &millis) // what is no number is no delay
		}
		return nil, s.Delay(int32(min(max(millis, 0), 1<<30)), keep)
	case "attach":
		return withStatus(s.Attach(first(params)))
	case "quick":
		return withStatus(s.Quick(first(params)))
	case "read":
		value, set, err := s.Read(first(params))
		if !set {
			return nil, err
		}
		return value, err
	case "write":
		return withStatus(s.Write(first(params), nth(params, 1)))
	case "clear":
		return withStatus(s.Clear(first(params)))
	case "topic":
		return nil, s.Topic(first(params))
	case "remind":
		return withStatus(s.Remind(first(params)))
	case "silence":
		return nil, s.Silence()
	}
	return nil, fmt.Errorf("the host knows no %q", name)
}

// withStatus is a status as a value.
func withStatus(status int32, err error) (any, error) { return status, err }

// draw is a random number from 0 up to 1.
func (a *actor) draw() (any, error) {
	var b [8]byte
	if err := a.stage.Random(b[:]); err != nil {
		return nil, err
	}
	const bits = 53
	return float64(binary.LittleEndian.Uint64(b[:])>>(64-bits)) / (1 << bits), nil
}

// ask makes a request. The clock of the call stands still meanwhile.
func (a *actor) ask(request string) (any, error) {
	if a.clock == nil {
		answer, err := a.stage.HTTP(request)
		return json.RawMessage(answer), err
	}
	began := a.clock.Now()
	answer, err := a.stage.HTTP(request)
	a.deadline = a.deadline.Add(a.clock.Now().Sub(began))
	return json.RawMessage(answer), err
}
