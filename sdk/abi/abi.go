// Code generated from abi.json; DO NOT EDIT.

package abi

// The version this host speaks.
const (
	Major = 1
	Minor = 0
)

// The names that directions export, and the module that they import from.
const (
	Host         = "dir:host/v1"
	Marker       = "dir_abi_v1"
	ExportMemory = "memory"
	ExportAlloc  = "dir_alloc"
	ExportCall   = "dir_call"
)

// The operations of dir_call.
const (
	OpDescribe = 0 // Nothing in, a manifest out. Called once, before anything is granted: host functions refuse.
	OpRun      = 1 // A call in, an outcome out.
)

// The names of the host's functions.
const (
	FuncLog     = "log"
	FuncNow     = "now"
	FuncRandom  = "random"
	FuncGet     = "get"
	FuncPut     = "put"
	FuncSwap    = "swap"
	FuncHTTP    = "http"
	FuncEmit    = "emit"
	FuncCut     = "cut"
	FuncDelay   = "delay"
	FuncAttach  = "attach"
	FuncQuick   = "quick"
	FuncRead    = "read"
	FuncWrite   = "write"
	FuncClear   = "clear"
	FuncTopic   = "topic"
	FuncRemind  = "remind"
	FuncSilence = "silence"
)

// Functions are the functions of the host.
var Functions = []Function{
	{Name: FuncLog, Params: []Param{{"level", "i32"}, {"text", "i32"}, {"text_len", "i32"}}, Result: "", Since: 0, Capability: "log"},
	{Name: FuncNow, Result: "i64", Since: 0, Capability: "clock"},
	{Name: FuncRandom, Params: []Param{{"out", "i32"}, {"out_cap", "i32"}}, Result: "", Since: 0, Capability: "random"},
	{Name: FuncGet, Params: []Param{{"key", "i32"}, {"key_len", "i32"}, {"out", "i32"}, {"out_cap", "i32"}}, Result: "i32", Since: 0, Capability: ""},
	{Name: FuncPut, Params: []Param{{"key", "i32"}, {"key_len", "i32"}, {"value", "i32"}, {"value_len", "i32"}}, Result: "i32", Since: 0, Capability: ""},
	{Name: FuncSwap, Params: []Param{{"key", "i32"}, {"key_len", "i32"}, {"old", "i32"}, {"old_len", "i32"}, {"value", "i32"}, {"value_len", "i32"}}, Result: "i32", Since: 0, Capability: ""},
	{Name: FuncHTTP, Params: []Param{{"request", "i32"}, {"request_len", "i32"}, {"out", "i32"}, {"out_cap", "i32"}}, Result: "i64", Since: 0, Capability: "http"},
	{Name: FuncEmit, Params: []Param{{"text", "i32"}, {"text_len", "i32"}}, Result: "", Since: 0, Capability: "emit"},
	{Name: FuncCut, Result: "", Since: 0, Capability: "cut"},
	{Name: FuncDelay, Params: []Param{{"millis", "i32"}, {"keep", "i32"}}, Result: "", Since: 0, Capability: "delay"},
	{Name: FuncAttach, Params: []Param{{"element", "i32"}, {"element_len", "i32"}}, Result: "i32", Since: 0, Capability: "attach"},
	{Name: FuncQuick, Params: []Param{{"labels", "i32"}, {"labels_len", "i32"}}, Result: "i32", Since: 0, Capability: "quick"},
	{Name: FuncRead, Params: []Param{{"name", "i32"}, {"name_len", "i32"}, {"out", "i32"}, {"out_cap", "i32"}}, Result: "i32", Since: 0, Capability: "read"},
	{Name: FuncWrite, Params: []Param{{"name", "i32"}, {"name_len", "i32"}, {"value", "i32"}, {"value_len", "i32"}}, Result: "i32", Since: 0, Capability: "write"},
	{Name: FuncClear, Params: []Param{{"name", "i32"}, {"name_len", "i32"}}, Result: "i32", Since: 0, Capability: "write"},
	{Name: FuncTopic, Params: []Param{{"name", "i32"}, {"name_len", "i32"}}, Result: "", Since: 0, Capability: "topic"},
	{Name: FuncRemind, Params: []Param{{"reminder", "i32"}, {"reminder_len", "i32"}}, Result: "i32", Since: 0, Capability: "remind"},
	{Name: FuncSilence, Result: "", Since: 0, Capability: "silence"},
}

// The spaces of get, put and swap.
const (
	SpaceState  = "state"  // Values of the plug-in, shared by all people of the bot.
	SpacePerson = "person" // Values of the plug-in about the person it runs for.
	SpaceConfig = "config" // What the owner of the bot has written for the plug-in.
	SpaceSecret = "secret" // Keys and passwords, granted one by one.
)

// Spaces are the spaces of get, put and swap.
var Spaces = []Space{
	{SpaceState, "state", true},
	{SpacePerson, "person", true},
	{SpaceConfig, "config", false},
	{SpaceSecret, "secret", false},
}

// The names of the capabilities.
const (
	CapLog     = "log"     // to write lines that are shown beside the turn
	CapClock   = "clock"   // to know the time
	CapRandom  = "random"  // to draw random numbers
	CapConfig  = "config"  // to read settings that the owner writes for it
	CapSecret  = "secret"  // to read secrets by name
	CapState   = "state"   // to keep values for all people of the bot
	CapPerson  = "person"  // to know the person's id and keep values about the person
	CapHTTP    = "http"    // to ask hosts on the internet
	CapEmit    = "emit"    // to say texts between other things it does
	CapCut     = "cut"     // to end a message and begin another one
	CapDelay   = "delay"   // to let what follows wait
	CapAttach  = "attach"  // to send images, files, cards and templates
	CapQuick   = "quick"   // to offer quick replies
	CapRead    = "read"    // to read variables of the person
	CapWrite   = "write"   // to set variables of the person
	CapTopic   = "topic"   // to switch the topic of the person
	CapRemind  = "remind"  // to schedule reminders
	CapSilence = "silence" // to keep a whole reply back
)

// Capabilities are what can be granted.
var Capabilities = []Capability{
	{CapLog, "grant", "", "to write lines that are shown beside the turn"},
	{CapClock, "grant", "", "to know the time"},
	{CapRandom, "grant", "", "to draw random numbers"},
	{CapConfig, "config", "settings", "to read settings that the owner writes for it"},
	{CapSecret, "secrets", "names of secrets", "to read secrets by name"},
	{CapState, "grant", "", "to keep values for all people of the bot"},
	{CapPerson, "grant", "", "to know the person's id and keep values about the person"},
	{CapHTTP, "hosts", "hosts", "to ask hosts on the internet"},
	{CapEmit, "grant", "", "to say texts between other things it does"},
	{CapCut, "grant", "", "to end a message and begin another one"},
	{CapDelay, "grant", "", "to let what follows wait"},
	{CapAttach, "grant", "", "to send images, files, cards and templates"},
	{CapQuick, "grant", "", "to offer quick replies"},
	{CapRead, "read", "names of variables", "to read variables of the person"},
	{CapWrite, "write", "names of variables", "to set variables of the person"},
	{CapTopic, "grant", "", "to switch the topic of the person"},
	{CapRemind, "grant", "", "to schedule reminders"},
	{CapSilence, "grant", "", "to keep a whole reply back"},
}

// The levels of the log.
const (
	LevelDebug = 0 // for the author of the direction
	LevelInfo  = 1 // what happened
	LevelWarn  = 2 // it went on, but not as wished
	LevelError = 3 // it did not go on
)

// What functions return that return a status.
const (
	StatusOK      = 0  // it is done
	StatusChanged = 1  // swap: another value stands there; nothing was written
	StatusInvalid = -1 // an argument is not what it has to be: a space that cannot be written, a name the host keeps, JSON of another shape; nothing was done
	StatusFull    = -2 // a limit of the space is reached; nothing was written
	StatusFailed  = -3 // the place where values are kept does not answer; nothing is known
)

// The kinds of attributes.
const (
	KindText    = "text"    // any text
	KindNumber  = "number"  // an optional sign, digits, optionally a point and digits
	KindInteger = "integer" // a number without a fraction
	KindBoolean = "boolean" // true or false; a flag without value is true
	KindChoice  = "choice"  // one of the choices, in the case of the manifest
	KindURL     = "url"     // an http or https address
)

// The forms of directions.
const (
	FormInline = "inline" // <name …>: the text that run returns stands in its place
	FormBlock  = "block"  // <name …>…</name>: run also gets the text between the two
	FormEffect = "effect" // <name …>: it does something and says nothing; a text that run returns is dropped
)

// Limits that are part of the contract.
const (
	MaxManifest = 65536 // bytes: a manifest
	MaxOutput   = 65536 // bytes: an outcome, and all that a call says together
	MaxKey      = 256   // bytes: a key, its space included
	MaxValue    = 16384 // bytes: a value of a space
	MaxKeys     = 1000  // keys: in the space state of one bot; in the space person of one person it is a tenth
	MaxPerson   = 65536 // bytes: keys and values of the space person of one person, all together
	MaxLogLine  = 1024  // bytes: a line of the log; what is longer is cut off
	MaxLogLines = 50    // lines: of the log in one call; the others are counted
	MaxEffects  = 100   // effects: what one call may do: texts, cuts, delays, elements, variables, topics, reminders
	MaxRequests = 5     // requests: in one call
	MaxRandom   = 65536 // bytes: in one call of random
)
