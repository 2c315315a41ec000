package session

import (
	"time"

	"github.com/footlight-bots/footlight/host/compile/reply"
)

// Limits of reminders: the first is of section 28 of the language, the second
// keeps all of them well below the largest session that a store takes.
const (
	MaxReminders     = 50      // of one person
	MaxReminderBytes = 8 << 10 // of the content of one, texts and scripts together
)

// ReminderPrefix is how the names of variables begin that tell when a reminder is due.
const ReminderPrefix = "_reminder_"

// Reminder is something to be said later (section 24 of the language).
type Reminder struct {
	Due     time.Time     `json:"due"`
	Content reply.Content `json:"content,omitempty"`
}

// NextReminder finds the reminder that is due first; of equal ones the first by name.
func (s State) NextReminder() (name string, due time.Time, ok bool) {
	for n, r := range s.Reminders {
		if !ok || r.Due.Before(due) || r.Due.Equal(due) && n < name {
			name, due, ok = n, r.Due, true
		}
	}
	return name, due, ok
}
