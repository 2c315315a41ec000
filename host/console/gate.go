package console

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// forgeryHeader carries the forgery token of this start on every acting request.
const forgeryHeader = "X-Footlight-Forgery"

// gate decides who may look and who may act.
type gate struct {
	token   string // access token; empty: only this machine may look
	forgery string // proves that a request was made by our own page
}

// admitListener refuses an address that other machines can reach, unless there
// is a token to keep them out.
func (g gate) admitListener(addr net.Addr) error {
	if g.token != "" {
		return nil
	}
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsLoopback() {
		return nil
	}
	return fmt.Errorf("console: %s can be reached from other machines: set a token, or listen on 127.0.0.1", addr)
}

// admitHost refuses requests that reached us under a foreign name. A page of
// another site whose name was made to point here (DNS rebinding) is known by that
// name alone. With a token there is nothing to check: such a page has no cookie.
func (g gate) admitHost(host string) error {
	if g.token != "" || isLoopbackName(host) {
		return nil
	}
	return errors.New("this console answers to localhost and 127.0.0.1 only")
}

// isLoopbackName tells whether a Host header names this machine to itself.
func isLoopbackName(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	return strings.EqualFold(name, "localhost") || net.ParseIP(name).IsLoopback()
}

// admitToken tells whether the request carries the access token, as a bearer or
// as the cookie that enter has set.
func (g gate) admitToken(ctx *fiber.Ctx) bool {
	if g.token == "" {
		return true
	}
	bearer, _ := strings.CutPrefix(ctx.Get(fiber.HeaderAuthorization), "Bearer ")
	return equal(bearer, g.token) || equal(ctx.Cookies(cookieName), g.cookie())
}

// admitAct refuses an acting request that our own page did not make: it needs the
// forgery token, which other sites cannot read, and must not say that it comes
// from another origin.
func (g gate) admitAct(ctx *fiber.Ctx) error {
	if err := sameOrigin(ctx); err != nil {
		return err
	}
	if !equal(ctx.Get(forgeryHeader), g.forgery) {
		return errors.New("the page is from an earlier start: load it again")
	}
	return nil
}

// sameOrigin refuses a request that a browser marks as coming from elsewhere.
// Requests without such marks do not come from a browser.
func sameOrigin(ctx *fiber.Ctx) error {
	foreign := errors.New("requests from other sites are refused")
	if site := ctx.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		return foreign
	}
	origin := ctx.Get(fiber.HeaderOrigin)
	if origin == "" {
		return nil
	}
	from, err := url.Parse(origin)
	if err != nil || from.Host == "" || !strings.EqualFold(from.Host, requestHost(ctx)) {
		return foreign
	}
	return nil
}

// requestHost is the Host header itself: what a proxy claims about it is not trusted.
func requestHost(ctx *fiber.Ctx) string { return string(ctx.Request().Header.Host()) }

// cookie is the value that stands for the token in a browser. It is derived, so
// that the token itself is not kept there.
func (g gate) cookie() string {
	mac := hmac.New(sha256.New, []byte(g.token))
	mac.Write([]byte("footlight console"))
	return hex.EncodeToString(mac.Sum(nil))
}

// equal compares in a time that does not depend on where the texts differ.
func equal(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
