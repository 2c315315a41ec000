package messenger

import (
	"time"
)

// The limits of the platform (messenger.md sections 3.1 to 3.6), in one place: when
// Meta changes one, one line changes here. Lengths are in UTF-16 units, which is
// never more generous than counting code points (fidelity switch F1).
const (
	MaxText         = 2000               // of a message's text
	SafeText        = 1994               // where texts are split: under every reading of MaxText
	MaxMetadata     = 999                // of a message's metadata
	MaxQuickReplies = 13                 // of a message
	MaxTitle        = 20                 // title of a quick reply or a button
	MaxPayload      = 1000               // payload of a quick reply or a button
	MaxButtons      = 3                  // of a template's element, or a button template
	MaxButtonText   = 640                // text of a button template
	MaxElements     = 10                 // of a generic template; products of a product template
	MaxElementTitle = 80                 // title and subtitle of an element or a coupon
	MaxReceiptItems = 100                // elements of a receipt
	MaxFeedbackText = 400                // placeholder of a survey's free text
	MaxFeedbackDays = 7                  // life of a survey, days
	MinGridImages   = 2                  // of an image grid
	MaxGridImages   = 6                  // of an image grid
	MaxGridTitle    = 45                 // title of an image grid
	MaxOptInTitle   = 65                 // title of a request for notifications
	Window          = 24 * time.Hour     // after the person's last action
	PrivateReply    = 7 * 24 * time.Hour // after what the person wrote in public
	MaxBatch        = 50                 // calls in one call (section 3.10)
	MediaFetch      = 10 * time.Second   // Meta's time for fetching media by address
	MediaFetchVideo = 75 * time.Second   // … and a video
)
