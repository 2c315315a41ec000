package plugin

import (
	"context"
	"errors"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/footlight-bots/footlight/sdk/abi"
)

// hostFunc is a function of the host. It finds its arguments on the stack s and leaves
// its result there.
type hostFunc func(c *call, m api.Module, s []uint64)

// hostFuncs are the functions of package abi, by name.
var hostFuncs = map[string]hostFunc{
	abi.FuncLog: func(c *call, m api.Module, s []uint64) {
		must(c.stage.Log(int32(s[0]), c.text(m, s[1], s[2])))
	},
	abi.FuncNow: func(c *call, _ api.Module, s []uint64) {
		at, err := c.stage.Now()
		must(err)
		s[0] = uint64(at.UnixMilli())
	},
	abi.FuncRandom: func(c *call, m api.Module, s []uint64) {
		if uint32(s[1]) > abi.MaxRandom {
			panic(&Limit{Max: count(abi.MaxRandom) + " random bytes at once"})
		}
		must(c.stage.Random(c.bytesOf(m, s[0], s[1])))
	},
	abi.FuncGet: func(c *call, m api.Module, s []uint64) {
		value, err := c.stage.Get(c.text(m, s[0], s[1]))
		must(err)
		s[0] = c.fill(m, value, s[2], s[3])
	},
	abi.FuncPut: func(c *call, m api.Module, s []uint64) {
		s[0] = status(c.stage.Put(c.text(m, s[0], s[1]), c.text(m, s[2], s[3])))
	},
	abi.FuncSwap: func(c *call, m api.Module, s []uint64) {
		s[0] = status(c.stage.Swap(c.text(m, s[0], s[1]), c.text(m, s[2], s[3]), c.text(m, s[4], s[5])))
	},
	abi.FuncHTTP: func(c *call, m api.Module, s []uint64) {
		request := c.text(m, s[0], s[1])
		answer, err := c.outside(func() (string, error) { return c.stage.HTTP(request) })
		must(err)
		s[0] = c.fill(m, answer, s[2], s[3])
	},
	abi.FuncEmit: func(c *call, m api.Module, s []uint64) { must(c.stage.Emit(c.text(m, s[0], s[1]))) },
	abi.FuncCut:  func(c *call, _ api.Module, _ []uint64) { must(c.stage.Cut()) },
	abi.FuncDelay: func(c *call, _ api.Module, s []uint64) {
		must(c.stage.Delay(int32(s[0]), uint32(s[1]) != 0))
	},
	abi.FuncAttach: func(c *call, m api.Module, s []uint64) { s[0] = status(c.stage.Attach(c.text(m, s[0], s[1]))) },
	abi.FuncQuick:  func(c *call, m api.Module, s []uint64) { s[0] = status(c.stage.Quick(c.text(m, s[0], s[1]))) },
	abi.FuncRead: func(c *call, m api.Module, s []uint64) {
		value, set, err := c.stage.Read(c.text(m, s[0], s[1]))
		must(err)
		if !set {
			s[0] = api.EncodeI32(unset)
			return
		}
		s[0] = c.fill(m, value, s[2], s[3])
	},
	abi.FuncWrite: func(c *call, m api.Module, s []uint64) {
		s[0] = status(c.stage.Write(c.text(m, s[0], s[1]), c.text(m, s[2], s[3])))
	},
	abi.FuncClear:   func(c *call, m api.Module, s []uint64) { s[0] = status(c.stage.Clear(c.text(m, s[0], s[1]))) },
	abi.FuncTopic:   func(c *call, m api.Module, s []uint64) { must(c.stage.Topic(c.text(m, s[0], s[1]))) },
	abi.FuncRemind:  func(c *call, m api.Module, s []uint64) { s[0] = status(c.stage.Remind(c.text(m, s[0], s[1]))) },
	abi.FuncSilence: func(c *call, _ api.Module, _ []uint64) { must(c.stage.Silence()) },
}

// unset is what read returns for a variable that is not set.
const unset = -1

// must ends the call when there is an error.
func must(err error) {
	if err != nil {
		panic(asFailure(err))
	}
}

// asFailure is an error as a call ends with it.
func asFailure(err error) error {
	var limit *Limit
	var denied *Denied
	var given *givenUp
	if errors.As(err, &limit) || errors.As(err, &denied) || errors.As(err, &given) {
		return err
	}
	return &givenUp{err}
}

// status is a status on the stack.
func status(n int32, err error) uint64 {
	must(err)
	return api.EncodeI32(n)
}

// Limits of what the host does for a module, which costs steps as well: else a call could
// keep it busy while it takes none itself.
const (
	hostSteps    = 32 // steps that a call of the host costs
	bytesPerStep = 16 // bytes that the host reads or writes for a step
)

// charge takes steps for what the host does.
func (c *call) charge(steps int) {
	left := c.instance.left() - int64(steps)
	c.instance.fuel.Set(uint64(left))
	if left < 0 {
		c.tick()
	}
}

// bytesOf is a stretch of the module's memory, valid until the function returns.
func (c *call) bytesOf(m api.Module, address, length uint64) []byte {
	b, ok := m.Memory().Read(uint32(address), uint32(length))
	if !ok {
		panic(errPointer)
	}
	c.charge(len(b) / bytesPerStep)
	return b
}

// text is a copy of a stretch of the module's memory.
func (c *call) text(m api.Module, address, length uint64) string {
	if uint32(length) > maxArgument {
		panic(&Limit{Max: count(maxArgument) + " bytes in one argument"})
	}
	return string(c.bytesOf(m, address, length))
}

// fill writes a value into the module's buffer if it fits, and returns its length.
func (c *call) fill(m api.Module, value string, address, room uint64) uint64 {
	if len(value) > 0 && len(value) <= int(uint32(room)) && !m.Memory().WriteString(uint32(address), value) {
		panic(errPointer)
	}
	c.charge(len(value) / bytesPerStep)
	return uint64(len(value))
}

// instantiateHost gives a runtime the functions of the contract.
func instantiateHost(ctx context.Context, r wazero.Runtime) error {
	b := r.NewHostModuleBuilder(abi.Host)
	for _, f := range abi.Functions {
		run := hostFuncs[f.Name]
		var params, results []api.ValueType
		for _, p := range f.Params {
			params = append(params, valueType(p.Type))
		}
		if f.Result != "" {
			results = append(results, valueType(f.Result))
		}
		b.NewFunctionBuilder().WithGoModuleFunction(hosted(run), params, results).Export(f.Name)
	}
	_, err := b.Instantiate(ctx)
	return err
}

// hosted is a function of the host as wazero calls it.
func hosted(run hostFunc) api.GoModuleFunc {
	return func(ctx context.Context, m api.Module, s []uint64) {
		c := ctx.(*call)
		c.charge(hostSteps)
		run(c, m, s)
	}
}

// valueType is a type by its name.
func valueType(name string) api.ValueType {
	if name == "i64" {
		return api.ValueTypeI64
	}
	return api.ValueTypeI32
}
