package console

import "context"

// Desk is what the console shows and acts upon: one person in the emulator, the
// bot they talk to, and the files it comes from. Its methods are called from
// several goroutines at once.
//
// The errors of its acting methods are shown to the author as they are: one line,
// saying what was refused and how to mend it, without secrets.
type Desk interface {
	// Snapshot is all that is shown, as it is now. The console only reads it.
	Snapshot() State
	// Watch returns a channel that receives after each change (changes that
	// come before the last one was seen may be told once), and a function
	// that gives the watch up. Closing the channel says that nothing will
	// change any more.
	Watch() (changed <-chan struct{}, stop func())
	// Say sends a text of the person to the bot.
	Say(ctx context.Context, text string) error
	// Tap taps the quick reply or button that is shown with this title.
	Tap(ctx context.Context, title string) error
	// Event does what is not said: kind is one of the Kinds. The payload is
	// that of a postback, the parameter of a referral or an opt-in, the
	// address of an image, audio, video or file; get_started needs none.
	Event(ctx context.Context, kind, payload string) error
	// Reset forgets the person: thread, variables, topic, history.
	Reset(ctx context.Context) error
	// Skip delivers the next waiting message now.
	Skip(ctx context.Context) error
	// Source is the text of a script; the path is relative to the bot's
	// folder, with /. Paths that leave the folder never reach it, but it
	// must still answer only for files that are scripts of the bot.
	Source(path string) (text string, ok bool)
}

// Kinds are the events that Desk.Event is called with.
func Kinds() []string {
	return []string{"get_started", "postback", "referral", "optin", "image", "audio", "video", "file"}
}
