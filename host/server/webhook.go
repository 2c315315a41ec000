package server

import (
	"context"
	"crypto/subtle"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/footlight-bots/footlight/host/messenger"
)

const webhookPath = "/webhook"

// An answer is one of the ways in which a webhook POST ends.
type answer struct {
	name   string // in metrics
	status int
	text   string
}

// The answers. 200 is given to everything that was kept, known or not; a bad
// signature never gets it (messenger.md sections 2.2, 2.3).
var (
	accepted     = answer{"accepted", fiber.StatusOK, "EVENT_RECEIVED"}
	unreadable   = answer{"unreadable", fiber.StatusBadRequest, "the body is signed but is not a JSON object"}
	badSignature = answer{"bad_signature", fiber.StatusForbidden, "the signature is missing or does not belong to the body"}
	otherObject  = answer{"other_object", fiber.StatusNotFound, "only the object \"page\" is served here"}
	tooLarge     = answer{"too_large", fiber.StatusRequestEntityTooLarge, "the body is over 10 MiB"}
	badEncoding  = answer{"bad_encoding", fiber.StatusUnsupportedMediaType, "only gzip or no content encoding is understood"}
	unavailable  = answer{"unavailable", fiber.StatusServiceUnavailable, "the events could not be kept; send them again"}
	crowded      = answer{"crowded", fiber.StatusServiceUnavailable, "too many bytes are on their way in; send it again"}
	cutOff       = answer{"cut_off", fiber.StatusRequestTimeout, "the body did not come to its end in time"}
)

// verify answers the handshake with which a webhook is set up (section 2.1).
func (s *Server) verify(c *fiber.Ctx) error {
	mode, token, challenge := c.Query("hub.mode"), c.Query("hub.verify_token"), c.Query("hub.challenge")
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	switch {
	case mode == "" || token == "":
		return c.Status(fiber.StatusBadRequest).SendString("hub.mode and hub.verify_token are needed")
	case mode != "subscribe" || !s.known(token):
		s.log.Warn("webhook handshake refused: mode or verify token differ from ours", "from", c.IP())
		return c.Status(fiber.StatusForbidden).SendString("the verify token is not ours")
	}
	s.log.Info("webhook handshake done", "from", c.IP())
	return c.SendString(challenge)
}

// known tells whether a verify token is that of an app. However many are tried, it takes as long.
func (s *Server) known(token string) bool {
	found := 0
	for _, a := range s.apps {
		found |= subtle.ConstantTimeCompare([]byte(token), []byte(a.VerifyToken))
	}
	return found == 1
}

// receive takes one POST: signature over the bytes as sent, then JSON, then the Inbox,
// then 200 (rules 1 and 2 of messenger.md section 9).
func (s *Server) receive(c *fiber.Ctx) error {
	body, refusal := s.read(c, MaxBody) // as sent: the signature covers nothing else
	if refusal != (answer{}) {
		return s.answer(c, refusal)
	}
	defer body.release()
	a := s.open(c, body)
	if c.Context().Hijacked() { // it was answered when its time was up
		return nil
	}
	return s.answer(c, a)
}

// open checks a body and hands on what is in it.
func (s *Server) open(c *fiber.Ctx, b *body) answer {
	raw := b.bytes
	app, err := s.signer(c.Get(messenger.HeaderSignature), raw)
	if err != nil {
		s.alarm.Do(func() {
			s.log.Error("webhook refused: if it came from Messenger, our app secret is wrong and the app will be unsubscribed within the hour",
				"error", err, "from", c.IP(), "bytes", len(raw))
		})
		return badSignature
	}
	plain, refusal := b.unpack(c.Get(fiber.HeaderContentEncoding))
	if refusal != (answer{}) {
		s.log.Error("signed webhook cannot be unpacked", "answer", refusal.name, "bytes", len(raw))
		return refusal
	}
	envelope, err := messenger.Decode(plain)
	if err != nil {
		s.log.Error("signed webhook cannot be read", "error", err, "bytes", len(raw))
		return unreadable
	}
	if envelope.Object != messenger.ObjectPage {
		s.log.Warn("webhook of another object than page refused: the app is subscribed to more than Footlight serves", "object", clip(envelope.Object))
		return otherObject
	}
	return s.keep(c, s.ours(app, envelope.Events))
}

// signer finds the app whose secret signs a body. Which app is meant stands in the body, which is
// nobody's word before that.
func (s *Server) signer(signature string, raw []byte) (app *App, err error) {
	for i := range s.apps {
		if err = s.seals[i].Verify(signature, raw); err == nil {
			return &s.apps[i], nil
		}
	}
	return nil, err
}

// ours leaves out events of Pages that the app does not tell us of.
func (s *Server) ours(app *App, events []messenger.Event) []messenger.Event {
	if app.Serves == nil {
		return events
	}
	kept := events[:0]
	for _, e := range events {
		if app.Serves(e.Page) {
			kept = append(kept, e)
			continue
		}
		s.meters.strangers.Inc()
		s.strange.Do(func() {
			s.log.Error("event of a Page that is not served, not kept: give the Page a [[page]] of this app in footlight.toml, or end the app's subscription to it",
				"page", clip(e.Page), "app", app.ID, "kind", e.Kind)
		})
	}
	return kept
}

// keep hands events over and tells how that went.
func (s *Server) keep(c *fiber.Ctx, events []messenger.Event) answer {
	for _, e := range events {
		s.meters.events.WithLabelValues(string(e.Kind)).Inc()
	}
	if len(events) == 0 {
		return accepted
	}
	begun := s.clock.Now()
	err := s.inTime(c, unavailable, func(ctx context.Context) error { return s.inbox.Accept(ctx, events) })
	s.meters.accept.Observe(s.clock.Now().Sub(begun).Seconds())
	switch {
	case errors.Is(err, errLate):
		return unavailable // and was answered so
	case err != nil:
		s.log.Error("webhook not accepted: the platform is asked to send it again", "error", err, "events", len(events))
		return unavailable
	}
	return accepted
}

// answer ends a POST and counts it.
func (s *Server) answer(c *fiber.Ctx, a answer) error {
	s.meters.webhooks[a.name].Inc()
	return c.Status(a.status).SendString(a.text)
}

// clip bounds a value from outside for the log.
func clip(s string) string {
	const most = 64 // bytes
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strings.Clone(s)
}
