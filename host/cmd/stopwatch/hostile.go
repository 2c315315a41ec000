package main

import (
	"strings"

	"github.com/footlight-bots/footlight/host/compile/wasmbin"
)

// attack is something that a hostile bot does in each of its turns, as often as its people ask for it.
type attack struct {
	name   string
	script string            // its answer to whatever is said
	files  map[string]string // beside the script
}

// How often the plug-in counts that toils, and the macro: much, and little enough to come to an end.
const (
	maxToil      = 20_000_000
	maxMacroToil = "300000"
)

// attacks are what hosts are measured with: each takes as much as it can get of time, of memory, of messages or of
// tries. Some are stopped by a limit, and some know the limits and stay below them.
func attacks() ([]attack, error) {
	macro := func(name, body string) attack {
		return attack{name: "a macro: " + name, script: "> object harm javascript\n" + body + "\n< object\n\n+ *\n- <call>harm</call>\n"}
	}
	list := []attack{
		{name: "a script: redirects to itself", script: "+ *\n- {@ a}\n"},
		{name: "a script: as many steps as it may take", script: "+ *\n- <set n=1>{@ b}{@ b}{@ b}{@ b}\n+ b\n- {@ c}{@ c}{@ c}{@ c}\n" +
			"+ c\n- {random}a|b{/random}<set x=<get x> x>{@ d}{@ d}{@ d}\n+ d\n- " + strings.Repeat("{random}a|b|c|d{/random}", 200) + "\n"},
		{name: "a script: text that doubles", script: "+ *\n- {@ b}{@ b}\n+ b\n- {@ c}{@ c}\n+ c\n- {@ d}{@ d}\n+ d\n- " + strings.Repeat("long text ", 900) + "\n"},
		{name: "a script: as many messages as it may send", script: "+ *\n- " + strings.Repeat(strings.Repeat("long text ", 150)+"<send>", 20) + "\n"},
		macro("for ever", "for (;;) {}"),
		macro("much, and no more than it may", "let n = 0; for (let i = 0; i < "+maxMacroToil+"; i++) n += i % 7; return n"),
		macro("recursion", "const f = () => f() + 1; return f()"),
		macro("all memory", "const all = []; for (;;) all.push(new Uint8Array(1 << 20).fill(1))"),
		macro("a long answer", "return 'long text '.repeat(100000)"),
		{name: "a plug-in in JavaScript: for ever", script: "+ *\n- <harm>\n", files: map[string]string{
			"plugins/harm/harm.js": "export const manifest = { version: '1', directions: [{ name: 'harm' }] };\nexport function run() { for (;;) {} }\n",
		}},
	}
	for _, module := range []struct {
		name string
		work func(*wasmbin.Code)
	}{{"for ever", forEver}, {"much, and no more than it may", toil}, {"all memory", allMemory}} {
		wasm, err := direction("harm", "done", module.work)
		if err != nil {
			return nil, err
		}
		list = append(list, attack{name: "a plug-in: " + module.name, script: "+ *\n- <harm>\n", files: map[string]string{"plugins/harm/harm.wasm": wasm}})
	}
	return list, nil
}

// forEver does nothing again and again.
func forEver(c *wasmbin.Code) { c.Loop(func(again wasmbin.Label) { c.Br(again) }) }

// toil counts, and comes to an end.
func toil(c *wasmbin.Code) {
	n := c.Local(wasmbin.I32)
	c.Loop(func(again wasmbin.Label) {
		c.LocalGet(n)
		c.I32(1)
		c.Op(wasmbin.I32Add)
		c.LocalSet(n)
		c.LocalGet(n)
		c.I32(maxToil)
		c.Op(wasmbin.I32LtU)
		c.BrIf(again)
	})
}

// allMemory takes all that there is, and then writes every byte of it again and again.
func allMemory(c *wasmbin.Code) {
	const page = 1 << 16
	c.Loop(func(more wasmbin.Label) {
		c.I32(1)
		c.MemoryGrow()
		c.I32(-1)
		c.Op(wasmbin.I32Ne)
		c.BrIf(more)
	})
	c.Loop(func(again wasmbin.Label) {
		c.I32(0)
		c.I32(1)
		c.MemorySize()
		c.I32(page)
		c.Op(wasmbin.I32Mul)
		c.MemoryFill()
		c.Br(again)
	})
}
