package macro

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/sandbox"
)

// buildFuel is what each step of making an image may use: it may run code, if the
// body of a macro closes its function.
const buildFuel = MaxFuel + hardFuel

// javascript is the language that macros are written in (L-BLK-4).
const javascript = "javascript"

// build makes the image: the engine with the prelude and all macros compiled.
func (s *Set) build(ctx context.Context) error {
	return s.make(ctx, prelude, func(v *vm, l *level) error {
		for global, used := range libraries {
			if !s.mentions(used) {
				continue
			}
			if h, err := v.invoke(l, v.roots.read, global); err != nil {
				return fmt.Errorf("library %s: %w", global, err)
			} else if err := v.free(h); err != nil {
				return err
			}
		}
		for i := range s.program.Objects {
			if err := s.compile(v, l, &s.program.Objects[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// make makes an image: the engine with a prelude and what fill puts into it.
func (s *Set) make(ctx context.Context, prelude string, fill func(*vm, *level) error) (err error) {
	host := &builder{ctx: ctx}
	m, err := s.engine.Start(ctx, host)
	if err != nil {
		return err
	}
	v := attach(m, roots{})
	host.vm = v
	defer func() { err = errors.Join(err, m.Close(ctx)) }()
	m.Serve(ctx, host)
	m.SetFuel(buildFuel)
	l, err := s.prepare(v, prelude)
	if err != nil {
		return err
	}
	if err := fill(v, l); err != nil {
		return err
	}
	spare, err := v.fn("wasm_malloc", spareBytes)
	if err != nil {
		return err
	}
	if _, err := v.fn("wasm_free", spare); err != nil {
		return err
	}
	s.roots = v.roots
	s.image, err = m.Save()
	return err
}

// prepare starts the engine and has it read a prelude.
func (s *Set) prepare(v *vm, prelude string) (*level, error) {
	if failed, err := v.fn("qjs_init"); err != nil || failed != 0 {
		return nil, errors.Join(fmt.Errorf("%w to start", errEngine), err)
	}
	for _, step := range []struct {
		name  string
		param uint32
	}{
		{"qjs_set_memory_limit", uint32(s.memory)},
		{"qjs_set_max_stack_size", maxStackBytes},
		{"qjs_set_interrupt_handler", 1},
	} {
		if _, err := v.fn(step.name, step.param); err != nil {
			return nil, err
		}
	}
	var err error
	if v.roots.block, err = v.fn("wasm_malloc", blockBytes); err != nil {
		return nil, err
	}
	if v.roots.undefined, err = v.fn("qjs_get_undefined"); err != nil {
		return nil, err
	}
	l, err := v.enter()
	if err != nil {
		return nil, err
	}
	name, err := v.write(hostFunction)
	if err != nil {
		return nil, err
	}
	function, err := v.fn("qjs_new_host_function", name, uint32(len(hostFunction)), 0)
	if err != nil {
		return nil, err
	}
	tools := function
	for _, file := range []struct{ name, source string }{{"ground.js", ground}, {"prelude.js", prelude}} {
		program, err := v.eval(file.source, file.name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.name, err)
		}
		if tools, err = v.apply(l, program, tools); err != nil {
			return nil, fmt.Errorf("%s: %w", file.name, err)
		}
	}
	for property, at := range map[string]*handle{
		"start": &v.roots.start, "finish": &v.roots.finish, "define": &v.roots.define, "read": &v.roots.read,
	} {
		if *at, err = v.property(tools, property); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// hostFunction is the name of the one function through which macros speak.
const hostFunction = "host"

// moduleFlag has a program evaluated as a module.
const moduleFlag = 1

// eval evaluates a script.
func (v *vm) eval(source, file string) (handle, error) { return v.evaluate(source, file, 0) }

// evaluate evaluates a program. It is called only while an image is built, when nothing
// else runs.
func (v *vm) evaluate(source, file string, flags uint32) (handle, error) {
	text, err := v.write(source)
	if err != nil {
		return 0, err
	}
	name, err := v.write(file)
	if err != nil {
		return 0, err
	}
	v.evaluating = true
	h, err := v.check(v.fn("qjs_eval", text, uint32(len(source)), name, flags))
	v.evaluating = false
	for _, address := range []uint32{text, name} {
		if _, freed := v.fn("wasm_free", address); freed != nil {
			return 0, errors.Join(err, freed)
		}
	}
	return h, err
}

func (v *vm) property(h handle, name string) (handle, error) {
	address, err := v.write(name)
	if err != nil {
		return 0, err
	}
	return v.check(v.fn("qjs_get_prop_string", h, address))
}

// compile defines a macro. The lines of its source are those of the script, so that
// stack traces name them.
func (s *Set) compile(v *vm, l *level, o *ir.Object) error {
	if o.Language != javascript {
		return nil
	}
	source := strings.Repeat("\n", max(o.Loc.Line-1, 0)) + "(async function (rs, args) {\n" + strings.TrimSuffix(o.Code, "\n") + "\n})"
	v.machine.SetFuel(buildFuel)
	body, err := v.eval(source, s.program.Files[o.Loc.File])
	var thrown *exception
	switch {
	case errors.As(err, &thrown):
		p := Problem{Macro: o.Name, Text: thrown.text, File: s.program.Files[o.Loc.File], Line: o.Loc.Line}
		if file, line := s.place(thrown.stack); file == p.File {
			p.Line = line
		}
		s.problems = append(s.problems, p)
		return nil
	case err != nil:
		return fmt.Errorf("macro %s: %w", o.Name, err)
	}
	name, err := v.newString(o.Name)
	if err != nil {
		return err
	}
	v.machine.SetFuel(buildFuel)
	if _, err := v.apply(l, v.roots.define, name, body); err != nil {
		return fmt.Errorf("macro %s: %w", o.Name, err)
	}
	s.callable[o.Name] = true
	return nil
}

// libraries are the global names of the libraries, and how code looks that uses
// them. The image then holds them ready; code that hides it still finds them, later.
var libraries = map[string]*regexp.Regexp{
	"_":      regexp.MustCompile(`(^|[^\w$])_($|[^\w$])`),
	"moment": regexp.MustCompile(`moment`),
}

func (s *Set) mentions(used *regexp.Regexp) bool {
	for i := range s.program.Objects {
		if used.MatchString(s.program.Objects[i].Code) {
			return true
		}
	}
	return false
}

// builder is the host of an image in the making: there is no turn yet.
type builder struct {
	ctx context.Context
	vm  *vm
}

var _ sandbox.EngineHost = (*builder)(nil)

// Call implements sandbox.EngineHost.
func (b *builder) Call(_ string, args []uint32) (uint32, error) {
	name, params, err := b.vm.question(args)
	if err != nil {
		return 0, err
	}
	if name == "library" {
		return b.vm.answer(library(first(params)), "")
	}
	return b.vm.answer(nil, "there is no turn yet")
}

// Interrupted implements sandbox.EngineHost.
func (b *builder) Interrupted() bool {
	return b.vm.machine.Fuel() < hardFuel || b.ctx.Err() != nil
}

// Now implements sandbox.EngineHost.
func (b *builder) Now() time.Time { return time.Unix(0, 0) }

// place finds a line of a script in a stack trace.
func (s *Set) place(stack string) (file string, line int) {
	for _, found := range stackLine.FindAllStringSubmatch(stack, -1) {
		for _, known := range s.program.Files {
			if found[1] == known {
				line, _ = strconv.Atoi(found[2])
				return known, line
			}
		}
	}
	return "", 0
}

var stackLine = regexp.MustCompile(`\(?([^\s()]+):(\d+):\d+\)?`)
