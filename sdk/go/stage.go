package direction

import (
	"strconv"
	"time"
)

// Emit says a text before the one that Run returns. Like that one it is text,
// whatever is in it. It needs CanEmit.
func (c *Call) Emit(text string) { c.host.Emit(text) }

// Cut ends the message; what follows is a new one. It needs CanCut.
func (c *Call) Cut() { c.host.Cut() }

// Delay lets what follows go out later, by 0 to 120 seconds. If the person writes
// in between, it does not come, unless it is to be kept. It needs CanDelay.
func (c *Call) Delay(d time.Duration, keep bool) {
	const longest = 120 * time.Second
	c.host.Delay(int32(min(max(d, 0), longest).Milliseconds()), keep)
}

// Silence keeps the whole reply of this turn back. It needs CanSilence.
func (c *Call) Silence() { c.host.Silence() }

// Quick adds 1 to 13 quick replies to the message. It needs CanQuick.
func (c *Call) Quick(labels ...string) error {
	var w jsonWriter
	w.list(labels)
	return statusError(c.host.Quick(w.buf))
}

// Image adds an image by its address. It needs CanAttach, like all that follow.
func (c *Call) Image(url string) error { return c.attach("image", url) }

// Audio adds a recording by its address.
func (c *Call) Audio(url string) error { return c.attach("audio", url) }

// Video adds a film by its address.
func (c *Call) Video(url string) error { return c.attach("video", url) }

// File adds a file by its address.
func (c *Call) File(url string) error { return c.attach("file", url) }

// Link adds a button that opens an address.
func (c *Call) Link(url, title string) error { return c.attach("link", url, title) }

// Template adds a Messenger template: the JSON of its payload.
func (c *Call) Template(payload string) error { return c.attachJSON("template", payload) }

// Card adds a card. Image and buttons may be left out; a button is a label, =, and
// an address or a text that counts as typed.
func (c *Call) Card(title, subtitle, image string, buttons ...string) error {
	return c.attach("card", append([]string{title, subtitle, image}, buttons...)...)
}

// Cards adds cards to leaf through: the JSON list of the elements of a template.
func (c *Call) Cards(elements string) error { return c.attachJSON("cards", elements) }

// Typing shows the typing indicator before the message.
func (c *Call) Typing() error { return c.attach("typing") }

// Metadata adds JSON for a web page that hosts the bot.
func (c *Call) Metadata(json string) error { return c.attachJSON("metadata", json) }

func (c *Call) attach(name string, args ...string) error {
	var w jsonWriter
	w.open('{')
	w.text("name", name)
	w.texts("args", args)
	w.close('}')
	return statusError(c.host.Attach(w.buf))
}

// attachJSON adds an element whose one argument is JSON.
func (c *Call) attachJSON(name, json string) error {
	if _, err := ParseJSON([]byte(json)); err != nil {
		return err
	}
	var w jsonWriter
	w.open('{')
	w.text("name", name)
	w.key("args").open('[')
	w.element().raw(json)
	w.close(']')
	w.close('}')
	return statusError(c.host.Attach(w.buf))
}

// Read is a variable of the person, and empty if it is not set. It needs CanRead
// with that name.
func (c *Call) Read(name string) string { return c.host.Read(name) }

// Write sets a variable of the person. It needs CanWrite with that name.
func (c *Call) Write(name, value string) error { return statusError(c.host.Write(name, value)) }

// Clear clears a variable of the person. It needs CanWrite with that name.
func (c *Call) Clear(name string) error { return statusError(c.host.Clear(name)) }

// Topic switches the topic of the person. It needs CanTopic.
func (c *Call) Topic(name string) { c.host.Topic(name) }

// Remind lets the bot say a text later, in place of a reminder of the same name.
// When is a number and a unit, such as 30 minutes, or what At makes of a time. It
// needs CanRemind.
func (c *Call) Remind(name, when, text string) error {
	var w jsonWriter
	w.open('{')
	w.text("name", name)
	w.text("text", text)
	w.text("time", when)
	w.close('}')
	return statusError(c.host.Remind(w.buf))
}

// Cancel cancels a reminder. It needs CanRemind.
func (c *Call) Cancel(name string) error {
	var w jsonWriter
	w.open('{')
	w.text("name", name)
	w.flag("cancel", true)
	w.close('}')
	return statusError(c.host.Remind(w.buf))
}

// At writes a time for Remind.
func At(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
