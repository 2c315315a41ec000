package emit

import "github.com/footlight-bots/footlight/host/compile/wasmbin"

// routines are the functions that every module has: what templates call to
// append tokens and to speak to the host, the search, and the matcher.
type routines struct {
	// The arena.
	alloc, ensure, spend, tick wasmbin.Func
	// Texts of the host; see fetcher.
	askGet, askMath, askHistory, askID, askLastReply, askValue, askFlatten, askCheck wasmbin.Func
	askFetch, askData, askMacro, askDirect                                           wasmbin.Func
	// The list of tokens.
	token, text, measure, mark, problem, openArg, closeArg, closeCall, flatten, wire wasmbin.Func
	// Steps of templates.
	run, value, variable, history, id, math, star, choose, pick, ok wasmbin.Func
	// What lies beyond the session.
	fetch, macro, direct, unwire, datum wasmbin.Func
	// The matcher.
	match, walk, push, pickText, findKey, cutCaptures, equal, compare, readValues wasmbin.Func
	// The search.
	hear, split, word, matches, find, findPrevious, consider, before, precedes, collect wasmbin.Func
	// The walk over the index.
	scan, take, visit, accept, leap, promise, step, stepSets wasmbin.Func
	// Replies.
	respond, pendTopic, applyTopics, redirect, followTargets, follow, followAside, target, alias wasmbin.Func
	// The turn.
	start, answer, probe, fire, answerMessage wasmbin.Func
}

// routine says how a routine is declared and defined.
type routine struct {
	at              *wasmbin.Func
	name            string
	params, results string
	define          func()
}

func (e *emitter) routines() []routine {
	r := &e.rt
	fetch := func(f *wasmbin.Func, in wasmbin.Func, params int) func() {
		return func() { e.fetcher(*f, in, params) }
	}
	return []routine{
		{&r.alloc, "alloc", "i", "i", e.defineAlloc},
		{&r.ensure, "ensure", "i", "", e.defineEnsure},
		{&r.spend, "spend", "i", "", e.defineSpend},
		{&r.tick, "tick", "", "", e.defineTick},
		{&r.askGet, "ask_get", "iii", "ii", fetch(&r.askGet, e.in.get, 3)},
		{&r.askMath, "ask_math", "iiiii", "ii", fetch(&r.askMath, e.in.math, 5)},
		{&r.askHistory, "ask_history", "ii", "ii", fetch(&r.askHistory, e.in.history, 2)},
		{&r.askID, "ask_id", "", "ii", fetch(&r.askID, e.in.id, 0)},
		{&r.askLastReply, "ask_last_reply", "i", "ii", fetch(&r.askLastReply, e.in.lastReply, 1)},
		{&r.askValue, "ask_value", "iiii", "ii", fetch(&r.askValue, e.in.value, 4)},
		{&r.askFlatten, "ask_flatten", "ii", "ii", fetch(&r.askFlatten, e.in.flatten, 2)},
		{&r.askCheck, "ask_check", "ii", "ii", fetch(&r.askCheck, e.in.check, 2)},
		{&r.askFetch, "ask_fetch", "ii", "ii", fetch(&r.askFetch, e.in.fetch, 2)},
		{&r.askData, "ask_data", "ii", "ii", fetch(&r.askData, e.in.data, 2)},
		{&r.askMacro, "ask_macro", "iii", "ii", fetch(&r.askMacro, e.in.macro, 3)},
		{&r.askDirect, "ask_direct", "ii", "ii", fetch(&r.askDirect, e.in.direct, 2)},
		{&r.token, "token", "iiii", "i", e.defineToken},
		{&r.text, "text", "ii", "", e.defineText},
		{&r.measure, "measure", "i", "", e.defineMeasure},
		{&r.mark, "mark", "i", "", e.defineMark},
		{&r.problem, "problem", "ii", "", e.defineProblem},
		{&r.openArg, "open_arg", "", "", e.defineOpenArg},
		{&r.closeArg, "close_arg", "", "ii", e.defineCloseArg},
		{&r.closeCall, "close_call", "", "", e.defineCloseCall},
		{&r.flatten, "flatten", "i", "ii", e.defineFlatten},
		{&r.wire, "wire", "i", "ii", e.defineWire},
		{&r.run, "run", "i", "i", e.defineRun},
		{&r.value, "value", "i", "ii", e.defineValue},
		{&r.variable, "variable", "iii", "", e.defineVariable},
		{&r.history, "history", "ii", "", e.defineHistory},
		{&r.id, "id", "", "", e.defineID},
		{&r.math, "math", "iiiii", "", e.defineMath},
		{&r.star, "star", "iii", "", e.defineStar},
		{&r.readValues, "read_values", "i", "", e.defineReadValues},
		{&r.choose, "choose", "i", "i", e.defineChoose},
		{&r.pick, "pick", "ii", "i", e.definePick},
		{&r.fetch, "fetch", "", "i", e.defineFetch},
		{&r.macro, "macro", "", "", e.defineMacro},
		{&r.direct, "direct", "", "", e.defineDirect},
		{&r.unwire, "unwire", "ii", "", e.defineUnwire},
		{&r.datum, "datum", "ii", "", e.defineDatum},
		{&r.match, "match", "iii", "i", e.defineMatch},
		{&r.walk, "walk", "iiiii", "i", e.defineWalk},
		{&r.push, "push", "iiii", "", e.definePush},
		{&r.pickText, "pick_text", "iiii", "ii", e.definePickText},
		{&r.findKey, "find_key", "iii", "i", e.defineFindKey},
		{&r.cutCaptures, "cut_captures", "i", "", e.defineCutCaptures},
		{&r.equal, "equal", "iii", "i", e.defineEqual},
		{&r.compare, "compare", "iiii", "i", e.defineCompare},
		{&r.hear, "hear", "iii", "i", e.defineHear},
		{&r.split, "split", "ii", "i", e.defineSplit},
		{&r.word, "word", "iii", "i", e.defineWord},
		{&r.scan, "scan", "ii", "", e.defineScan},
		{&r.take, "take", "ii", "i", e.defineTake},
		{&r.visit, "visit", "ii", "", e.defineVisit},
		{&r.accept, "accept", "ii", "", e.defineAccept},
		{&r.leap, "leap", "iii", "", e.defineLeap},
		{&r.promise, "promise", "iiil", "", e.definePromise},
		{&r.step, "step", "iii", "", e.defineStep},
		{&r.stepSets, "step_sets", "iii", "", e.defineStepSets},
		{&r.matches, "matches", "ii", "i", e.defineMatches},
		{&r.find, "find", "iii", "i", e.defineFind},
		{&r.findPrevious, "find_previous", "ii", "", e.defineFindPrevious},
		{&r.consider, "consider", "iii", "", e.defineConsider},
		{&r.before, "before", "ii", "i", e.defineBefore},
		{&r.precedes, "precedes", "ii", "i", e.definePrecedes},
		{&r.collect, "collect", "ii", "", e.defineCollect},
		{&r.respond, "respond", "iii", "", e.defineRespond},
		{&r.pendTopic, "pend_topic", "ii", "", e.definePendTopic},
		{&r.applyTopics, "apply_topics", "", "", e.defineApplyTopics},
		{&r.redirect, "redirect", "ii", "", e.defineRedirect},
		{&r.followTargets, "follow_targets", "", "", e.defineFollowTargets},
		{&r.follow, "follow", "ii", "", e.defineFollow},
		{&r.target, "target", "ii", "i", e.defineTarget},
		{&r.followAside, "follow_aside", "ii", "ii", e.defineFollowAside},
		{&r.alias, "alias", "iii", "i", e.defineAlias},
		{&r.start, "start", "ii", "", e.defineStart},
		{&r.answer, "answer", "ii", "ii", e.defineAnswer},
		{&r.probe, "probe", "ii", "i", e.defineProbe},
		{&r.fire, "fire", "i", "ii", e.defineFire},
		{&r.answerMessage, "answer_message", "", "", e.defineAnswerMessage},
		{&r.ok, "ok", "", "", e.defineOK},
	}
}

func (e *emitter) declareRoutines() {
	for _, r := range e.routines() {
		*r.at = e.m.Declare(r.name, wasmbin.Signature(r.params, r.results))
	}
}

func (e *emitter) defineRoutines() {
	for _, r := range e.routines() {
		r.define()
	}
}
