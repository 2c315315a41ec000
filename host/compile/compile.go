// Package compile takes a bot from its folder to a WebAssembly module: front end,
// lowering, emission. It does no I/O but to read the folder it is given, and the
// same folder gives the same bytes. No API of the host is promised.
package compile

import (
	"fmt"
	"io/fs"
	"sync"

	"github.com/footlight-bots/footlight/host/compile/emit"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/lower"
	"github.com/footlight-bots/footlight/host/compile/reach"
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/source"
)

// Result is a compiled bot. With errors among the Diagnostics it is the recovered
// program of L-BOT-7: whether that is put in service is the caller's decision.
type Result struct {
	Files       []*source.File
	Diagnostics []diag.Diagnostic // by file and place
	Program     *ir.Program
	Samples     int    // messages in "//?" lines above triggers (L-CHAT-3)
	Reached     int    // those that reach their trigger
	Wasm        []byte // the module
}

// Memory keeps what the builds of one bot have in common: documents, patterns, their places in the
// index, and which triggers nothing takes, all of them of the last build only. A build with a memory has
// the same result as one without; the less has changed, the less time it takes. The
// zero Memory is empty. It must not be used by two builds at once. What it holds is
// shared with the results, which nobody must change.
type Memory struct {
	documents link.Memory
	patterns  lower.Memory
	triggers  reach.Memory
	modules   emit.Memory
}

// Front reads and lowers the bot in a folder, and leaves the module out. Directions
// are those that installed plug-ins offer. An error
// is one of reading; what is wrong with the scripts is in the Diagnostics.
func Front(dir fs.FS, s link.Settings, directions ...link.Direction) (*Result, error) {
	return new(Memory).front(dir, s, directions, func(*ir.Program) {})
}

// front is Front; lowered hears of the program before it is looked at for triggers
// that cannot be reached.
func (m *Memory) front(dir fs.FS, s link.Settings, directions []link.Direction, lowered func(*ir.Program)) (*Result, error) {
	r := &Result{}
	checked, found, err := m.documents.Build(dir, s, directions, func(p *link.Program) []diag.Diagnostic {
		r.Program = m.patterns.Program(p)
		lowered(r.Program)
		report := m.triggers.Check(p, r.Program)
		r.Samples, r.Reached = report.Samples, report.Reached
		return report.Diagnostics
	})
	if err != nil {
		return nil, fmt.Errorf("compile: %w", err)
	}
	r.Files, r.Diagnostics = checked.Files, found.All()
	return r, nil
}

// Build compiles the bot in a folder.
func Build(dir fs.FS, s link.Settings, directions ...link.Direction) (*Result, error) {
	return new(Memory).Build(dir, s, directions...)
}

// Build compiles the bot in a folder. The module is made while the program is still
// looked at for triggers that cannot be reached: neither changes it.
func (m *Memory) Build(dir fs.FS, s link.Settings, directions ...link.Direction) (*Result, error) {
	var emitting sync.WaitGroup
	var wasm []byte
	var failed error
	r, err := m.front(dir, s, directions, func(p *ir.Program) {
		emitting.Go(func() { wasm, failed = m.modules.Module(p) })
	})
	emitting.Wait()
	if err != nil {
		return nil, err
	}
	if failed != nil {
		return nil, fmt.Errorf("compile: %w", failed)
	}
	r.Wasm = wasm
	return r, nil
}
