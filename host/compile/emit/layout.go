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
	frameSize         = 32
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

// A trigger.
const (
	triggerPattern  = 0
	triggerPrevious = 4 // 0 without
	triggerKept     = 8
	triggerNumber   = 12
	triggerBody     = 16 // into the table
	triggerBegin    = 20 // 1 for a trigger of the begin block
	triggerSize     = 24
)

// A pattern.
const (
	patternFirst  = 0 // address of its first node
	patternSlots  = 4
	patternMemos  = 8 // nodes that remember where they failed
	patternBare   = 12
	patternValues = 16 // addresses of the values it reads, and how many
	patternCount  = 20
	patternSize   = 24
)

// A node of a pattern.
const (
	nodeOp   = 0
	nodeNext = 4
	nodeA    = 8
	nodeB    = 12
	nodeMemo = 16 // number among the nodes that remember, or -1
	nodeStop = 20 // of a wildcard: see stopOf
	nodeSize = 24
)

// A value that stands in patterns: a variable or a line of history.
const (
	valueKind    = 0
	valueName    = 4
	valueLen     = 8
	valueN       = 12
	valueStamp   = 16 // the search in which it was read last
	valueData    = 20
	valueDataLen = 24
	valueSize    = 28
)

// A choice that the matcher can come back to, or a capture to be restored.
const (
	choiceNode = 0
	choiceAt   = 4
	choiceN    = 8
	choiceKind = 12
	choiceSize = 16
)
