// Code generated from sdk/abi/abi.json; DO NOT EDIT.

package direction

// The version of the contract that this library speaks.
const (
	abiMajor = 1
	abiMinor = 0
)

// The operations of dir_call.
const (
	opDescribe = 0 // Nothing in, a manifest out. Called once, before anything is granted: host functions refuse.
	opRun      = 1 // A call in, an outcome out.
)

// Level is how much a line of the log matters.
type Level int32

// The levels of the log.
const (
	LevelDebug Level = 0 // for the author of the direction
	LevelInfo  Level = 1 // what happened
	LevelWarn  Level = 2 // it went on, but not as wished
	LevelError Level = 3 // it did not go on
)

// What host functions return that return a status.
const (
	statusOK      = 0  // it is done
	statusChanged = 1  // swap: another value stands there; nothing was written
	statusInvalid = -1 // an argument is not what it has to be: a space that cannot be written, a name the host keeps, JSON of another shape; nothing was done
	statusFull    = -2 // a limit of the space is reached; nothing was written
	statusFailed  = -3 // the place where values are kept does not answer; nothing is known
)

// The spaces of keys.
const (
	spaceState  = "state"  // Values of the plug-in, shared by all people of the bot.
	spacePerson = "person" // Values of the plug-in about the person it runs for.
	spaceConfig = "config" // What the owner of the bot has written for the plug-in.
	spaceSecret = "secret" // Keys and passwords, granted one by one.
)

// Capability is something that a plug-in asks the owner of a bot for.
type Capability string

// The capabilities.
const (
	CanLog     Capability = "log"     // to write lines that are shown beside the turn
	CanClock   Capability = "clock"   // to know the time
	CanRandom  Capability = "random"  // to draw random numbers
	CanConfig  Capability = "config"  // to read settings that the owner writes for it
	CanSecret  Capability = "secret"  // to read secrets by name
	CanState   Capability = "state"   // to keep values for all people of the bot
	CanPerson  Capability = "person"  // to know the person's id and keep values about the person
	CanHTTP    Capability = "http"    // to ask hosts on the internet
	CanEmit    Capability = "emit"    // to say texts between other things it does
	CanCut     Capability = "cut"     // to end a message and begin another one
	CanDelay   Capability = "delay"   // to let what follows wait
	CanAttach  Capability = "attach"  // to send images, files, cards and templates
	CanQuick   Capability = "quick"   // to offer quick replies
	CanRead    Capability = "read"    // to read variables of the person
	CanWrite   Capability = "write"   // to set variables of the person
	CanTopic   Capability = "topic"   // to switch the topic of the person
	CanRemind  Capability = "remind"  // to schedule reminders
	CanSilence Capability = "silence" // to keep a whole reply back
)

// Kind is the kind of an attribute.
type Kind string

// The kinds of attributes.
const (
	KindText    Kind = "text"    // any text
	KindNumber  Kind = "number"  // an optional sign, digits, optionally a point and digits
	KindInteger Kind = "integer" // a number without a fraction
	KindBoolean Kind = "boolean" // true or false; a flag without value is true
	KindChoice  Kind = "choice"  // one of the choices, in the case of the manifest
	KindURL     Kind = "url"     // an http or https address
)

// Form is the form of a tag.
type Form string

// The forms of tags.
const (
	FormInline Form = "inline" // <name …>: the text that run returns stands in its place
	FormBlock  Form = "block"  // <name …>…</name>: run also gets the text between the two
	FormEffect Form = "effect" // <name …>: it does something and says nothing; a text that run returns is dropped
)

// Limits of the contract.
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
