package emit

// Records of a module's memory are rows of 32-bit words. These are their
// fields, as offsets in bytes; texts are an address and a length.

// A heard text is a message or redirect target, ready to be matched. Behind the
// bytes of each of its forms lie the classes of its positions.
const (
	heardText      = 0
	heardLen       = 4
	heardKept      = 8
	heardKeptLen   = 12 // -1 when there is no kept form
	heardUnits     = 16 // of each form, or 0 as long as nobody asked
	heardKeptUnits = 20
	heardSize      = 24
)

// A frame is what the reply to one text needs while it is made.
const (
	frameCaptures     = 0 // the captures: texts
	frameCount        = 4
	framePrevCaptures = 8
	framePrevCount    = 12
	frameTopics       = 16 // pending topics, first and last (L-EVAL-3)
	frameTopicsLast   = 20
	frameTargets      = 24 // pending redirects, first and last
	frameTargetsLast  = 28
	frameTrigger      = 32 // address of the trigger, 0 for a reminder
	frameSize         = 36
)

// A token of a reply in the making. From tokenHead on it is laid out like the
// header of the wire form of package reply.
const (
	tokenNext = 0
	tokenText = 4
	tokenHead = 8
	tokenN    = 12
	tokenLen  = 16
	tokenWait = 20 // next pending redirect
	tokenSize = 24
)

// headerSize is the length of a header of the wire form in bytes.
const headerSize = 12

// An argument in the making. It begins with a token, the head of its own list.
const (
	argTail  = tokenSize
	argOuter = tokenSize + 4
	argBytes = tokenSize + 8 // of the text in front of the argument
	argSize  = tokenSize + 12
)

// A topic that waits to be switched to.
const (
	topicNext = 0
	topicText = 4
	topicLen  = 8
	topicSize = 12
)

// A trigger. Its number is its place in the table; see number.
const (
	triggerPattern = 0
	triggerBody    = 4 // a row of steps
	triggerFlags   = 8 // and above them the weight; this and the next two are its ir.Rank
	triggerKey     = 12
	triggerSource  = 16
	triggerAsked   = 20 // the search in which its pattern was asked last and did not match
	triggerSize    = 24
)

// Flags of a trigger.
const (
	triggerIsKept  = 1 // the kept form of a text is tried first (L-NORM-8)
	triggerIsBegin = 2 // it belongs to the begin block
	triggerWeight  = 2 // bits
)

// A choice that the matcher can come back to, or a capture to be restored.
const (
	choiceNode = 0
	choiceAt   = 4
	choiceN    = 8
	choiceKind = 12
	choiceSize = 16
)
