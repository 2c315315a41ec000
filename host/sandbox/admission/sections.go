package admission

import (
	"strings"

	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
	"github.com/footlight-bots/footlight/host/sandbox/meter"
)

// finished refuses what a linker has still to work on, and what runs at once.
func (c *check) finished() {
	for _, s := range c.module.Sections {
		if s.ID == bytecode.SectionCustom && (s.Name == "linking" || strings.HasPrefix(s.Name, "reloc.") || strings.HasPrefix(s.Name, "dylink")) {
			c.refuse("the custom section %q belongs to a module that is not linked: link it (wasm-ld) before it is used here", s.Name)
		}
	}
	if c.module.Start {
		c.refuse("the start section names a function that would run before its limits are set: export it as _initialize instead (C: -mexec-model=reactor; Go: -buildmode=c-shared)")
	}
}

func (c *check) imports() {
	for _, i := range c.module.Imports {
		if i.Kind != bytecode.FuncKind {
			c.refuse("the import section asks for the %s %q: only functions are imported here; let the module have its own (C: without --import-memory)", i.Kind, i)
			continue
		}
		if i.Module == meter.TickModule {
			c.refuse("the import section asks for %q, which is the host's own: leave it out", i)
			continue
		}
		if why := c.rules.Allow(i); why != "" {
			c.refuse("the import section asks for the function %q: %s", i, why)
		}
	}
}

func (c *check) exports() {
	for _, e := range c.module.Exports {
		if e.Name == meter.FuelExport || e.Name == meter.DepthExport {
			c.refuse("the export section shows %q, which is a name of the host's own: choose another", e.Name)
		}
	}
}

func (c *check) memory() {
	memories := c.module.Memories
	if len(memories) > 1 {
		c.refuse("the memory section has %d memories: one is run here; compile without multiple memories", len(memories))
	}
	if len(memories) == 0 {
		return
	}
	m := memories[0]
	c.report.Pages = m.Min
	if m.HasMax {
		c.report.MaxPages = m.Max
	}
	if m.Min > c.rules.Pages {
		c.refuse("the memory section begins with %d pages of 64 KiB, and %d are granted: ask for a smaller memory (C, Rust: -z stack-size, --initial-memory) or grant more", m.Min, c.rules.Pages)
	}
}

func (c *check) tables() {
	var first, most uint64
	for _, t := range c.module.Tables {
		first += uint64(t.Min)
		if t.HasMax {
			most += uint64(t.Max)
		}
	}
	if most = max(first, most); most > uint64(c.rules.Table) {
		c.refuse("the table section asks for %d entries, more than %d: use fewer functions by reference, or give the table a smaller maximum", most, c.rules.Table)
	}
	c.report.Table = uint32(min(first, uint64(^uint32(0))))
}
