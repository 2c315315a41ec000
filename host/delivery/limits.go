package delivery

import "time"

// The bounds of delivery. Times are measured by the clock of the Config.
const (
	// DefaultWorkers is how many conversations one host works on at a time.
	DefaultWorkers = 128
	// DefaultPoll is how often the store is asked for work that other hosts took in or left behind.
	DefaultPoll = 500 * time.Millisecond
	// LookGap is how soon the store is asked for work that other hosts took in for a conversation while this one had it.
	LookGap = 20 * time.Millisecond
	// LeaseFor is how long a conversation stays with a host that died. While the
	// host lives, the lease is renewed three times in that time.
	LeaseFor = 15 * time.Second
	// TurnTime is the most time a turn may take; then it counts as failed.
	TurnTime = 25 * time.Second
	// FallbackBy is how long after a person spoke they are told that no answer comes yet: a try that begins later is too late (rule 20 of messenger.md section 9).
	FallbackBy = 25 * time.Second
	// DefaultHumanFor is how long the bot stands back after the last word of a human.
	DefaultHumanFor = time.Hour
	// ControlLapse is how long the bot stands back once the platform gave a thread to another app: it lapses then (messenger.md section 2.9).
	ControlLapse = 24 * time.Hour
	// MaxReorder is the longest time an event may wait for earlier ones.
	MaxReorder = 300 * time.Millisecond
	// DrainTime is how long Run waits, once told to stop, for the steps in hand.
	DrainTime = 25 * time.Second
	// StoreRetry is the pause after an error of the store.
	StoreRetry = time.Second
	// ParkFor is how long a conversation is left alone of which the store says that it cannot keep it, or read it, however often it is asked.
	ParkFor = 5 * time.Minute
	// BotRetry is the pause before events are tried again whose bot has no generation yet.
	BotRetry = time.Second
	// BotWait is how long events wait for a bot before they are set aside: after
	// that the platform would refuse the answer.
	BotWait = 24 * time.Hour
	// MaxTurnTries is how often an event is tried whose turn errs, before it is set aside.
	MaxTurnTries = 4
	// MaxTrials is how many events of a person may be remembered as tried in vain; beyond it those that do not wait any more make room.
	MaxTrials = 20
	// MaxSendTries is how often a send at least meets refusals of one passing class before it is given up. Tries that did not reach the platform do not count.
	MaxSendTries = 5
	// GiveUpAfter is how long after the first such refusal a send is tried at least.
	GiveUpAfter = 15 * time.Minute
	// ControlProbe is how often a send is tried again while another app has the thread.
	ControlProbe = 5 * time.Minute
	// EchoWait is how long a send of unknown outcome waits at least for its echo before it is sent again.
	EchoWait = 5 * time.Second
	// PauseProbe is the pause of a Page whose token, permission or standing is gone; then one more send tries whether it is mended.
	PauseProbe = time.Hour
	// MaxTextsPerSecond is how many messages a second go out to the people of a Page from one host, audio and video not counted (messenger.md section 3.9).
	MaxTextsPerSecond = 300
	// MaxBurst is how many messages go out to one person at a time.
	MaxBurst = 20
	// PersonGap is the pause before further ones.
	PersonGap = time.Second
	// MaxLeaseTurns is how many turns of one person are taken before others have a chance.
	MaxLeaseTurns = 20
	// MaxUsage is how much of a quota may be used up, in percent, before the host pauses by itself.
	MaxUsage = 95
	// UsagePause is how long it pauses when the platform does not say.
	UsagePause = time.Minute
	// UploadPoll is how long a message waits at a time while its medium is being uploaded for another one.
	UploadPoll = 250 * time.Millisecond
	// ReadSkew is by how much the platform's clock may differ from ours when a conversation is read back.
	ReadSkew = 2 * time.Second
	// MaxQueued is how many sends may wait for one person, messages of all replies together.
	MaxQueued = 500
	// TypingAfter is how long a turn may take before the person is shown that somebody is typing.
	TypingAfter = 2 * time.Second
	// TypingRenew is how often the typing indicator is renewed during a delay; the platform lets it go out after about 20 s.
	TypingRenew = 15 * time.Second
	// MaxTyping is for how many people at a time the typing indicator is kept up.
	MaxTyping = 1000
	// MaxMarks is how many marks may wait to be sent; beyond it they are left out.
	MaxMarks = 1000
	// SeenGap is how long a mark that somebody was heard waits for others of the same Page, to go out with them.
	SeenGap = 20 * time.Millisecond
	// markers is how many marks are sent at a time.
	markers = 8
	// quietFor is the least time between two log lines about the same Page that cannot be served.
	quietFor = time.Minute
)
