package emit

import "github.com/footlight-bots/footlight/host/compile/wasmbin"

// Names between a module and its host. Texts pass as address and length; a text
// that the host gives is written into a buffer of the module, and the result is
// its length, or -1 when there is none. A text that is longer than the buffer is
// not written: the module grows its memory and asks again.
const (
	HostModule = "footlight" // module name of all imports

	// Custom sections.
	SectionMeta     = "footlight"          // the ir.Meta but for its triggers, as JSON
	SectionTriggers = "footlight.triggers" // see ir.Triggers
	SectionPlaces   = "footlight.places"   // see ir.Places

	ExportMemory = "memory"
	ExportArena  = "arena"  // global: where the memory of a turn begins
	ExportStep   = "step"   // global: address of the step of a template that is being taken, or 0
	ExportAnswer = "answer" // (plain, kept i32) → (address, length i32): tokens in the wire form of package reply
	ExportProbe  = "probe"  // (plain, kept i32) → number of a trigger, or -1
	ExportFire   = "fire"   // (number of a deferred script i32) → as answer

	// While an import runs the module may be entered again: a macro asks for a reply.
	ExportAlloc  = "alloc"  // (n i32) → address of n bytes of the turn's memory
	ExportFollow = "follow" // (address, length of a text there i32) → as answer: what comes of a redirect to the text
)

// Before answer or probe is called the host writes, from the arena's begin on,
// the plain text, its classes, and when there is one the kept text and its
// classes. plain and kept are the lengths of the texts in bytes, kept is -1 when
// there is none.

// Values of the first parameter of ImportHistory and ImportLastReply.
const (
	HistoryInput = 0
	HistoryReply = 1
	HistoryHeld  = 2 // no history: what was kept with the reminder that comes due

	LastPart  = 0
	LastWhole = 1
)

// Imports of a module.
const (
	ImportTopic       = "topic"        // () → the number of the current topic
	ImportSwitchTopic = "switch_topic" // (name)
	ImportGet         = "get"          // (scope, name, buffer) → length
	ImportSet         = "set"          // (scope, name, value); both are trimmed by the host
	ImportClear       = "clear"        // (scope, name)
	ImportMath        = "math"         // (operation, name, operand, buffer) → length of the problem, or -1
	ImportHistory     = "history"      // (input, reply or held, n, buffer) → length
	ImportID          = "id"           // (buffer) → length
	ImportLastReply   = "last_reply"   // (part or whole, buffer) → length of the normalised text; its classes follow it in the buffer
	ImportValue       = "value"        // (kind, name, n, buffer) → length: a value as it stands in patterns (L-TRIG-6)
	ImportNormalise   = "normalise"    // (text, buffer) → lengths of the plain and kept form (low and high half, the kept one may be -1), laid out like a message
	ImportRandom      = "random"       // (n i64) → a number below n
	ImportCompare     = "compare"      // (trigger, condition, operator, left, right) → 1 if it holds; traced
	ImportDelay       = "delay"        // (seconds as text) → milliseconds
	ImportFlatten     = "flatten"      // (tokens in wire form, buffer) → length of their text (L-EVAL-6)
	ImportTrace       = "trace"        // (kind, trigger, n, of, text, captures as texts): a trace.Event
	ImportTick        = "tick"         // () → new fuel; does not return when a turn has had its share
	ImportCheck       = "check"        // (a shortcode in wire form, buffer) → length of the problem, or -1
	ImportFetch       = "fetch"        // (requests in wire form, buffer) → length of the problem, or -1 (L-HTTP-3)
	ImportData        = "data"         // (path, buffer) → length of what an answer has there (L-HTTP-5)
	ImportMacro       = "macro"        // (a call in wire form, 1 in argument position, buffer) → length of its tokens in wire form (section 23)
	ImportDirect      = "direct"       // (a direction in wire form, buffer) → length of its tokens in wire form (L-EXT-4)
	ImportLimit       = "limit"        // (which) does not return: a limit of section 28 was met
)

// Values of the parameter of ImportLimit.
const (
	LimitRedirects = iota // the turn's reply is the Deep Recursion error (L-RED-6)
	LimitText             // a reply or argument is too long
	LimitMemory           // the turn needs more memory than there is
)

// imports are the functions of the host.
type imports struct {
	topic, switchTopic, get, set, clear, math, history, id, lastReply, value,
	normalise, random, compare, delay, flatten, trace, tick, check, limit,
	fetch, data, macro, direct wasmbin.Func
}

func declareImports(m *wasmbin.Module) imports {
	f := func(name, params, results string) wasmbin.Func {
		return m.Import(HostModule, name, wasmbin.Signature(params, results))
	}
	return imports{
		topic:       f(ImportTopic, "", "i"),
		switchTopic: f(ImportSwitchTopic, "ii", ""),
		get:         f(ImportGet, "iiiii", "i"),
		set:         f(ImportSet, "iiiii", ""),
		clear:       f(ImportClear, "iii", ""),
		math:        f(ImportMath, "iiiiiii", "i"),
		history:     f(ImportHistory, "iiii", "i"),
		id:          f(ImportID, "ii", "i"),
		lastReply:   f(ImportLastReply, "iii", "i"),
		value:       f(ImportValue, "iiiiii", "i"),
		normalise:   f(ImportNormalise, "iiii", "l"),
		random:      f(ImportRandom, "l", "l"),
		compare:     f(ImportCompare, "iiiiiii", "i"),
		delay:       f(ImportDelay, "ii", "i"),
		flatten:     f(ImportFlatten, "iiii", "i"),
		trace:       f(ImportTrace, "iiiiiiii", ""),
		tick:        f(ImportTick, "", "i"),
		check:       f(ImportCheck, "iiii", "i"),
		limit:       f(ImportLimit, "i", ""),
		fetch:       f(ImportFetch, "iiii", "i"),
		data:        f(ImportData, "iiii", "i"),
		macro:       f(ImportMacro, "iiiii", "i"),
		direct:      f(ImportDirect, "iiii", "i"),
	}
}
