package server

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/footlight-bots/footlight/host/messenger"
)

// The paths of the callbacks of messenger.md section 7, as they are entered in the app's
// settings at Meta.
const (
	deletionPath    = "/deletion"
	deauthorisePath = "/deauthorise"
)

// codeBytes is how much chance is in a confirmation code: nobody guesses one.
const codeBytes = 15

// People is told what people want of what is kept of them, by the id that they have for
// an app.
type People interface {
	// Forget keeps the wish of a user to be forgotten, under a code. It is durable when it
	// returns; the same code may come again.
	Forget(ctx context.Context, code, app, user string) error
	// Progress tells in a sentence how far the request with a code is, without a word
	// about who made it; ok is false when there is none.
	Progress(ctx context.Context, code string) (sentence string, ok bool, err error)
	// Leave is called when a user has taken back what they had allowed the app.
	Leave(ctx context.Context, app, user string) error
}

// deletion takes the wish of somebody to be forgotten (rule 17 of messenger.md section 9).
// It is kept before it is answered; the code follows from the request, so that one that
// is repeated is the same request.
func (s *Server) deletion(c *fiber.Ctx) error {
	app, request, ok := s.signedRequest(c)
	if !ok {
		return nil
	}
	code := confirmation(app.Secret, request)
	if err := s.within(s.patience, func(ctx context.Context) error { return s.people.Forget(ctx, code, app.ID, request.User) }); err != nil {
		return s.notNow(c, "data deletion request not kept: the platform is asked to send it again", err)
	}
	s.log.Info("data deletion request kept", "code", code)
	return c.JSON(fiber.Map{"url": s.base(c) + deletionPath + "?code=" + url.QueryEscape(code), "confirmation_code": code})
}

// deauthorise takes note that somebody has taken the app away (rule 18).
func (s *Server) deauthorise(c *fiber.Ctx) error {
	app, request, ok := s.signedRequest(c)
	if !ok {
		return nil
	}
	if err := s.within(s.patience, func(ctx context.Context) error { return s.people.Leave(ctx, app.ID, request.User) }); err != nil {
		return s.notNow(c, "deauthorisation not heeded: the platform is asked to send it again", err)
	}
	return c.JSON(fiber.Map{"success": true})
}

// signedRequest reads the request of a callback; ok is false when it was refused, and
// that is answered.
func (s *Server) signedRequest(c *fiber.Ctx) (app *App, request messenger.SignedRequest, ok bool) {
	b, refusal := s.read(c, MaxForm)
	if refusal == tooLarge {
		refusal.text = "the form is over " + strconv.Itoa(MaxForm>>10) + " KiB"
	}
	if refusal != (answer{}) {
		refuse(c, refusal.status, refusal.text)
		return nil, request, false
	}
	defer b.release()
	form, err := url.ParseQuery(string(b.bytes))
	if err != nil || form.Get("signed_request") == "" {
		refuse(c, fiber.StatusBadRequest, "a form with the field signed_request is needed")
		return nil, request, false
	}
	for i := range s.apps { // the first whose signature it is
		app = &s.apps[i]
		if request, err = messenger.ReadSignedRequest(app.Secret, form.Get("signed_request"), s.clock.Now()); !errors.Is(err, messenger.ErrSignedRequestWrong) {
			break
		}
	}
	switch {
	case err == nil:
		return app, request, true
	case errors.Is(err, messenger.ErrSignedRequestWrong):
		s.alarm.Do(func() {
			s.log.Error("callback refused: if it came from Meta, our app secret is wrong", "path", c.Path(), "error", err, "from", c.IP())
		})
		refuse(c, fiber.StatusForbidden, err.Error())
	default:
		s.alarm.Do(func() { s.log.Warn("callback refused", "path", c.Path(), "error", err, "from", c.IP()) })
		refuse(c, fiber.StatusBadRequest, err.Error())
	}
	return nil, request, false
}

// refuse answers with a line.
func refuse(c *fiber.Ctx, status int, text string) {
	_ = c.Status(status).SendString(text + "\n") // never fails
}

func (s *Server) notNow(c *fiber.Ctx, what string, err error) error {
	s.log.Error(what, "error", err)
	return c.Status(fiber.StatusServiceUnavailable).SendString("not now; send it again\n")
}

// confirmation is the code of a request. Only who knows the app secret can make one.
func confirmation(secret string, r messenger.SignedRequest) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("footlight deletion\n" + r.User + "\n" + strconv.FormatInt(r.Issued.Unix(), 10)))
	return strings.ToLower(base32.StdEncoding.EncodeToString(mac.Sum(nil)[:codeBytes]))
}

// base is where the world reaches us: as set, or else the host that was asked for, over
// https unless that is this machine.
func (s *Server) base(c *fiber.Ctx) string {
	if s.public != "" {
		return s.public
	}
	host := string(c.Context().Host())
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	if ip := net.ParseIP(name); name == "localhost" || ip != nil && ip.IsLoopback() {
		return "http://" + host
	}
	return "https://" + host
}

// deletionStatus tells whoever has a code how far the request is. Nothing on the page
// says whose it is.
func (s *Server) deletionStatus(c *fiber.Ctx) error {
	code := c.Query("code")
	if code == "" {
		return s.page(c, fiber.StatusBadRequest, "This page needs the code that you were given when you asked for your data to be deleted.")
	}
	found := make(chan string, 1)
	err := s.within(s.patience, func(ctx context.Context) error {
		sentence, known, err := s.people.Progress(ctx, code)
		if !known {
			sentence = ""
		}
		found <- sentence
		return err
	})
	if err != nil {
		s.log.Error("state of a data deletion request unknown", "error", err)
		return s.page(c, fiber.StatusServiceUnavailable, "This cannot be looked up just now. Please try again in a while.")
	}
	if sentence := <-found; sentence != "" {
		return s.page(c, fiber.StatusOK, sentence)
	}
	return s.page(c, fiber.StatusNotFound, "There is no request with this code, or it was closed long ago.")
}

// page writes a page of one sentence of ours.
func (s *Server) page(c *fiber.Ctx, status int, sentence string) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; style-src 'unsafe-inline'")
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Status(status).SendString(`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
		`<meta name="robots" content="noindex"><title>Deletion of your data</title>` +
		`<body style="font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem"><h1 style="font-size:1.4rem">Deletion of your data</h1><p>` +
		sentence + `</p></body></html>`)
}
