package session

import "time"

// Absence tells that somebody else talks with the person: a human, or another app. The bot
// stands back meanwhile, in a topic of the host's (L-EV-10).
type Absence struct {
	Topic string    `json:"topic,omitempty"` // where the person was, and returns to
	Since time.Time `json:"since"`           // the other's last word, by the platform's time stamp
	Until time.Time `json:"until"`           // from then on the bot has the word again
	By    string    `json:"by,omitempty"`    // id of the app, where known
	Owned bool      `json:"owned,omitempty"` // the platform gave the thread to that app
}

// Trial counts how often a turn was begun that did not come to its end, so that what kills
// its host is not begun for ever.
type Trial struct {
	Tries int  `json:"tries"`
	Told  bool `json:"told,omitempty"` // the person was told that no answer comes
}
