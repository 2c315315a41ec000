package macro

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/footlight-bots/footlight/host/sandbox"
)

// handle is a value of JavaScript, by its address; 0 is none.
type handle = uint32

// roots are the values that an image holds in store for its host.
type roots struct {
	undefined, start, finish, define, read handle
	block                                  uint32 // of blockBytes, for arguments and lengths
}

// blockBytes is room for the arguments of a call and one number more.
const (
	maxArgs    = 3
	blockBytes = 4 * (maxArgs + 1)
)

// vm is a machine with QuickJS on it.
type vm struct {
	machine *sandbox.Machine
	funcs   map[string]*sandbox.EngineFunc // those that run no JavaScript
	levels  []*level                       // one for each macro that is running, and those that ran
	depth   int
	roots   roots
	// evaluating tells that a program of the image is evaluated: what it throws is asked where.
	evaluating bool
	broken     bool // it came to an error, and runs nothing more
	worn       bool // it is not used in another turn
}

// level holds the functions that run JavaScript: a macro inside of another one needs
// its own.
type level struct{ call, job *sandbox.EngineFunc }

// errEngine tells that the engine has not done what it was asked.
var errEngine = errors.New("the engine refused")

// fn calls a function of the engine that runs no JavaScript.
func (v *vm) fn(name string, params ...uint32) (uint32, error) {
	f, known := v.funcs[name]
	if !known {
		var err error
		if f, err = v.machine.Func(name); err != nil {
			return 0, err
		}
		v.funcs[name] = f
	}
	result, err := f.Call(params...)
	if err != nil {
		v.broken = true
	}
	return result, err
}

// write puts a text into memory, with a zero behind it.
func (v *vm) write(text string) (address uint32, err error) {
	address, err = v.fn("wasm_malloc", uint32(len(text)+1))
	if err != nil {
		return 0, err
	}
	if address == 0 {
		return 0, fmt.Errorf("%w: no memory for a text of %d bytes", errEngine, len(text))
	}
	memory, err := v.machine.Read(address, uint32(len(text)+1))
	if err != nil {
		return 0, err
	}
	memory[copy(memory, text)] = 0
	return address, nil
}

// newString makes a string.
func (v *vm) newString(text string) (handle, error) {
	address, err := v.write(text)
	if err != nil {
		return 0, err
	}
	h, err := v.fn("qjs_new_string", address, uint32(len(text)))
	if err != nil {
		return 0, err
	}
	_, err = v.fn("wasm_free", address)
	return h, err
}

// text reads a string, and gives the handle back.
func (v *vm) text(h handle) (string, error) {
	s, err := v.peek(h)
	if err != nil {
		return "", err
	}
	return s, v.free(h)
}

// peek reads a string.
func (v *vm) peek(h handle) (string, error) {
	length := v.roots.block + 4*maxArgs
	address, err := v.fn("qjs_get_string_len", h, length)
	if err != nil {
		return "", err
	}
	if address == 0 {
		return "", fmt.Errorf("%w: no memory for the text of a value", errEngine)
	}
	number, err := v.machine.Read(length, 4)
	if err != nil {
		return "", err
	}
	memory, err := v.machine.Read(address, binary.LittleEndian.Uint32(number))
	if err != nil {
		return "", err
	}
	s := string(memory)
	_, err = v.fn("qjs_free_cstring", address)
	return s, err
}

func (v *vm) free(h handle) error {
	_, err := v.fn("qjs_free_value", h)
	return err
}

// exception is what was thrown.
type exception struct{ text, stack string }

func (e *exception) Error() string { return e.text }

// check turns a result that is an exception into an *exception error.
func (v *vm) check(h handle, err error) (handle, error) {
	if err != nil {
		v.broken = true
		return 0, err
	}
	if h != 0 {
		is, err := v.fn("qjs_is_exception", h)
		if err != nil || is == 0 {
			return h, err
		}
		if err := v.free(h); err != nil {
			return 0, err
		}
	}
	return 0, v.thrown()
}

// thrown takes the exception that is waiting.
func (v *vm) thrown() error {
	h, err := v.fn("qjs_get_exception")
	if err != nil {
		return err
	}
	text, err := v.peek(h)
	if err != nil {
		return err
	}
	stack := ""
	if v.evaluating {
		if stack, err = v.stack(h); err != nil {
			return err
		}
	}
	if err := v.free(h); err != nil {
		return err
	}
	return &exception{text, stack}
}

// stack is where an exception comes from, as far as it tells.
func (v *vm) stack(h handle) (string, error) {
	v.evaluating = false // what is thrown anew on the way is not looked into
	at, err := v.property(h, "stack")
	var again *exception
	if errors.As(err, &again) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return v.text(at)
}

// enter begins a level of macros inside of macros.
func (v *vm) enter() (*level, error) {
	if v.depth == len(v.levels) {
		l := &level{}
		for name, at := range map[string]**sandbox.EngineFunc{"qjs_call": &l.call, "qjs_execute_pending_job": &l.job} {
			f, err := v.machine.Func(name)
			if err != nil {
				return nil, err
			}
			*at = f
		}
		v.levels = append(v.levels, l)
	}
	v.depth++
	return v.levels[v.depth-1], nil
}

// invoke calls a function of JavaScript with strings.
func (v *vm) invoke(l *level, f handle, args ...string) (handle, error) {
	handles := make([]handle, len(args))
	for i, arg := range args {
		h, err := v.newString(arg)
		if err != nil {
			return 0, err
		}
		handles[i] = h
	}
	result, err := v.apply(l, f, handles...)
	for _, h := range handles {
		if v.broken {
			break
		}
		err = errors.Join(err, v.free(h))
	}
	return result, err
}

// apply calls a function of JavaScript.
func (v *vm) apply(l *level, f handle, args ...handle) (handle, error) {
	block, err := v.machine.Read(v.roots.block, blockBytes)
	if err != nil {
		return 0, err
	}
	for i, h := range args {
		binary.LittleEndian.PutUint32(block[4*i:], h)
	}
	return v.check(l.call.Call(f, v.roots.undefined, uint32(len(args)), v.roots.block))
}

// settle runs what promises have left to do.
func (v *vm) settle(l *level) error {
	for {
		pending, err := v.fn("qjs_is_job_pending")
		if err != nil || pending == 0 {
			return err
		}
		done, err := l.job.Call()
		if err != nil {
			v.broken = true
			return err
		}
		if int32(done) < 0 {
			return v.thrown()
		}
	}
}

// attach puts a vm on a machine.
func attach(m *sandbox.Machine, r roots) *vm {
	return &vm{machine: m, funcs: map[string]*sandbox.EngineFunc{}, roots: r}
}

// machine makes a vm out of the image.
func (s *Set) machine(ctx context.Context) (*vm, error) {
	m, err := s.engine.Restore(ctx, s.image)
	if err != nil {
		return nil, err
	}
	return attach(m, s.roots), nil
}
