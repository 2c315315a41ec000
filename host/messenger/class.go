package messenger

import "time"

// Class says what a failed call means for what waits behind it (messenger.md
// section 5.2).
type Class string

// The classes of errors.
const (
	ClassTransient Class = "T" // retry with backoff
	ClassAmbiguous Class = "A" // outcome unknown: look for the echo before retrying
	ClassRate      Class = "R" // pause the scope, then retry
	ClassWindow    Class = "W" // hold until the person writes, or drop
	ClassPerson    Class = "U" // permanent for this person: drop, mark the person
	ClassMessage   Class = "M" // permanent for this message: dead-letter with its text
	ClassPage      Class = "P" // stop the Page's sends, alert
	ClassConfig    Class = "C" // tell the operator
)

// Host says what the host does about a class of refusals by itself.
func (c Class) Host() string {
	switch c {
	case ClassTransient:
		return "tries again by itself, after growing pauses."
	case ClassAmbiguous:
		return "looks whether the message arrived after all, and tries again only if it did not."
	case ClassRate:
		return "sends nothing for a while, then goes on by itself; nothing is lost."
	case ClassWindow:
		return "drops the message: Messenger would refuse it again. The bot answers as soon as the person writes."
	case ClassPerson:
		return "gives up what waits for this person; everybody else is served."
	case ClassMessage:
		return "drops this message, keeps it for you (footlight user show), and goes on."
	case ClassPage:
		return "pauses the Page and keeps its messages; after the cure, footlight page resume sends them at once."
	}
	return "leaves it to you: it is about how things are set up."
}

// Scope is how far a failure reaches; each holds those before it.
type Scope uint8

// The scopes.
const (
	ScopeMessage Scope = iota
	ScopePerson
	ScopePage
	ScopeApp
)

// Verdict is what is to be done about a failed call.
type Verdict struct {
	Class Class
	Scope Scope
	// Retries is how often the call is to be tried again before the class is taken
	// at its word; -1: as often as the schedule of the class has it.
	Retries int
	// Wait is the least pause before the next try; zero: as the schedule has it.
	Wait time.Duration
	// Hold asks for the message to be kept rather than dropped: another app controls
	// the thread, and will give it back (codes 2018300, 2018321).
	Hold bool
	// Away tells that the platform as a whole did not answer, or was not reached: that is
	// nothing about this call.
	Away bool
	// Arrived tells that the platform has most likely taken the message, although it answers
	// with an error: only who has looked for it in vain may send it again.
	Arrived bool
	// Renew tells that the platform does not know (any more) what was uploaded for the message: it
	// is to be uploaded anew before the next try.
	Renew bool
}

// bySchedule leaves the number of retries to the schedule.
const bySchedule = -1

// soon is the pause before the retry of refusals that pass within seconds (section 5.4).
const soon = 5 * time.Second

// codes is a pair of code and subcode. The platform puts the numbers above a
// million in either position, under different codes as years go by (switches F6,
// F7): a rule for one of them has code 0 and holds wherever the number stands.
type codes struct{ code, subcode int }

// verdicts is the table of messenger.md section 5.3. Where it leaves the choice
// between two classes, the one that cannot send twice, or that stops less, is taken.
var verdicts = map[codes]Verdict{
	{1, 0}:       {Class: ClassAmbiguous, Retries: 3},
	{1, 99}:      {Class: ClassPage, Scope: ScopePage, Retries: 1},
	{0, 1357046}: {Class: ClassAmbiguous, Retries: 3, Arrived: true},
	{2, 0}:       {Class: ClassAmbiguous, Scope: ScopePerson, Retries: bySchedule},
	{0, 2018344}: {Class: ClassConfig},
	{3, 0}:       {Class: ClassPage, Scope: ScopePage},
	{4, 0}:       {Class: ClassRate, Scope: ScopeApp, Retries: bySchedule},
	{0, 2018022}: {Class: ClassRate, Scope: ScopeApp, Retries: bySchedule},
	{0, 2018354}: {Class: ClassMessage},
	{9, 0}:       {Class: ClassRate, Scope: ScopePerson, Retries: bySchedule},
	{0, 2018352}: {Class: ClassRate, Scope: ScopePerson, Retries: bySchedule},

	{10, 0}:      {Class: ClassPage, Scope: ScopePage},
	{0, 1404170}: {Class: ClassPage, Scope: ScopePage},
	{0, 1893015}: {Class: ClassPerson, Scope: ScopePerson},
	{0, 1893063}: {Class: ClassPage, Scope: ScopePage},
	{0, 2018065}: {Class: ClassWindow, Scope: ScopePerson},
	{0, 2018108}: {Class: ClassPerson, Scope: ScopePerson},
	{0, 2018278}: {Class: ClassWindow, Scope: ScopePerson},
	{0, 2018336}: {Class: ClassPerson, Scope: ScopePerson},
	{0, 2534022}: {Class: ClassWindow, Scope: ScopePerson},
	{0, 2534077}: {Class: ClassPage, Scope: ScopePage},

	{17, 0}:    {Class: ClassRate, Scope: ScopeApp, Retries: bySchedule},
	{32, 0}:    {Class: ClassRate, Scope: ScopePage, Retries: bySchedule},
	{341, 0}:   {Class: ClassRate, Scope: ScopeApp, Retries: bySchedule},
	{33, 0}:    {Class: ClassPerson, Scope: ScopePerson},
	{100, 33}:  {Class: ClassPerson, Scope: ScopePerson},
	{100, 0}:   {Class: ClassMessage},
	{101, 0}:   {Class: ClassConfig, Scope: ScopeApp},
	{102, 0}:   {Class: ClassPage, Scope: ScopePage},
	{190, 0}:   {Class: ClassPage, Scope: ScopePage},
	{105, 0}:   {Class: ClassMessage},
	{194, 0}:   {Class: ClassMessage},
	{368, 0}:   {Class: ClassPage, Scope: ScopePage},
	{506, 0}:   {Class: ClassMessage},
	{551, 0}:   {Class: ClassPerson, Scope: ScopePerson},
	{613, 0}:   {Class: ClassRate, Scope: ScopePage, Retries: bySchedule, Wait: soon},
	{1200, 0}:  {Class: ClassTransient, Scope: ScopePerson, Retries: bySchedule, Wait: soon},
	{2022, 0}:  {Class: ClassPage, Scope: ScopePage},
	{2200, 0}:  {Class: ClassConfig, Scope: ScopeApp},
	{2500, 0}:  {Class: ClassPage, Scope: ScopePage},
	{10303, 0}: {Class: ClassConfig},
	{80001, 0}: {Class: ClassRate, Scope: ScopePage, Retries: bySchedule},
	{80002, 0}: {Class: ClassRate, Scope: ScopePage, Retries: bySchedule},
	{80006, 0}: {Class: ClassRate, Scope: ScopePage, Retries: bySchedule},

	{0, 2018001}: {Class: ClassPerson, Scope: ScopePerson},
	{0, 2018008}: {Class: ClassMessage, Retries: 1},
	{0, 2018014}: {Class: ClassMessage},
	{0, 2018015}: {Class: ClassMessage},
	{0, 2018034}: {Class: ClassMessage},
	{0, 2018035}: {Class: ClassMessage},
	{0, 2018040}: {Class: ClassMessage},
	{0, 2018041}: {Class: ClassMessage},
	{0, 2018047}: {Class: ClassMessage},
	{0, 2018053}: {Class: ClassMessage},
	{0, 2018055}: {Class: ClassMessage},
	{0, 2018074}: {Class: ClassMessage, Retries: 1, Renew: true},
	{0, 2018098}: {Class: ClassMessage},
	{0, 2018099}: {Class: ClassMessage},
	{0, 2018109}: {Class: ClassMessage},
	{0, 2018145}: {Class: ClassConfig},
	{0, 2018164}: {Class: ClassConfig},
	{0, 2018173}: {Class: ClassMessage},
	{0, 2018175}: {Class: ClassMessage},
	{0, 2018294}: {Class: ClassMessage, Retries: 1},
	{0, 2018320}: {Class: ClassMessage},
	{0, 2018328}: {Class: ClassMessage},
	{0, 2534013}: {Class: ClassConfig},
	{0, 2534014}: {Class: ClassPerson, Scope: ScopePerson},
	{0, 2534015}: {Class: ClassMessage},
	{0, 2534025}: {Class: ClassMessage},
	{0, 2534029}: {Class: ClassPage, Scope: ScopePage},
	{0, 2534037}: {Class: ClassConfig},

	{0, 1545041}: {Class: ClassPerson, Scope: ScopePerson, Retries: 1, Wait: soon},
	{0, 2018021}: {Class: ClassConfig},
	{0, 2018027}: {Class: ClassConfig},
	{0, 2018028}: {Class: ClassPerson, Scope: ScopePerson}, // testers go on being served
	{0, 2534041}: {Class: ClassPage, Scope: ScopePage},
	{0, 1893016}: {Class: ClassPerson, Scope: ScopePerson},
	{0, 2018338}: {Class: ClassPage, Scope: ScopePage},
	{0, 2534040}: {Class: ClassRate, Scope: ScopePage, Retries: bySchedule, Wait: soon},
	{0, 2018024}: {Class: ClassTransient, Scope: ScopePerson, Retries: bySchedule, Wait: soon},

	{0, 2018144}: {Class: ClassConfig},
	{0, 2018154}: {Class: ClassConfig},
	{0, 2018163}: {Class: ClassConfig},
	{0, 2018166}: {Class: ClassConfig},
	{0, 2018171}: {Class: ClassConfig},
	{0, 2018234}: {Class: ClassConfig},
	{0, 2018218}: {Class: ClassPerson, Scope: ScopePerson},
	{0, 2018247}: {Class: ClassConfig},
	{0, 2018300}: {Class: ClassWindow, Scope: ScopePerson, Hold: true},
	{0, 2018321}: {Class: ClassWindow, Scope: ScopePerson, Hold: true},
	{0, 2300052}: {Class: ClassPerson, Scope: ScopePerson},
	{0, 9000001}: {Class: ClassMessage},
}

// judge finds the verdict on an answer by its numbers, and by status and the
// transient flag only where the numbers say nothing (sections 5.1, 5.3). Texts are
// never looked at: they change, and come translated.
func judge(status, code, subcode int, transient bool) Verdict {
	for _, c := range []codes{{code, subcode}, {0, subcode}, {0, code}, {code, 0}} {
		if v, ok := verdicts[c]; ok && c != (codes{}) {
			return v
		}
	}
	switch {
	case inRange(2018182, code, 2018188), inRange(2018182, subcode, 2018188): // media template
		return Verdict{Class: ClassMessage}
	case inRange(200, code, 299): // permissions
		return Verdict{Class: ClassPage, Scope: ScopePage}
	case status == 429:
		return Verdict{Class: ClassRate, Scope: ScopePage, Retries: bySchedule}
	case status >= 500:
		return Verdict{Class: ClassAmbiguous, Retries: bySchedule, Away: code == 0}
	case status >= 300 && status < 400: // not the Graph API at all
		return Verdict{Class: ClassPage, Scope: ScopePage}
	case transient:
		return Verdict{Class: ClassTransient, Retries: bySchedule}
	}
	return Verdict{Class: ClassMessage}
}

func inRange(low, n, high int) bool { return low <= n && n <= high }
