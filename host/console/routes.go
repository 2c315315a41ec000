package console

import (
	"errors"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

const (
	// maxBody is the most a request may carry, in bytes.
	maxBody = 128 << 10
	// readTimeout is how long a request may take to arrive, and how long an
	// idle connection is kept.
	readTimeout = 60 * time.Second
	// cookieName holds the access cookie.
	cookieName = "footlight_console"
)

// contentPolicy lets the page load nothing but its own files and talk to nobody
// but us; Trusted Types make the browser refuse text that is put in as markup.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// routes is the whole HTTP surface.
func (c *Console) routes() *fiber.App {
	app := fiber.New(fiber.Config{
		AppName:               "footlight console",
		DisableStartupMessage: true,
		BodyLimit:             maxBody,
		ReadTimeout:           readTimeout,
		WriteTimeout:          0, // streams stay open
		ErrorHandler:          failed,
		Immutable:             true, // what is handed to the desk outlives the request
	})
	app.Use(headers, c.guard)
	app.Get("/", c.index)
	app.Get("/page/*", c.asset)
	app.Post("/enter", c.enter)
	app.Get("/api/events", c.stream)
	app.Get("/api/state", c.state)
	app.Get("/api/source", c.source)
	app.Post("/api/say", c.say)
	app.Post("/api/tap", c.tap)
	app.Post("/api/event", c.event)
	app.Post("/api/reset", c.reset)
	app.Post("/api/skip", c.skip)
	app.Get("/api/explain", c.explain)
	app.Post("/api/walk", c.produce, c.walk)
	app.Post("/api/walk/answer", c.produce, c.answer)
	app.Post("/api/walk/off", c.produce, c.callOff)
	app.Post("/api/walk/dismiss", c.produce, c.dismiss)
	app.Get("/api/code.svg", c.produce, c.code)
	app.Get("/api/code.png", c.produce, c.code)
	app.Get("/api/doctor", c.produce, c.report)
	app.Post("/api/doctor", c.produce, c.examine)
	return app
}

// headers keeps every answer out of caches, frames and other sites.
func headers(ctx *fiber.Ctx) error {
	ctx.Set("Content-Security-Policy", contentPolicy)
	ctx.Set("X-Content-Type-Options", "nosniff")
	ctx.Set("X-Frame-Options", "DENY")
	// Stricter would make the form of the door send "Origin: null".
	ctx.Set("Referrer-Policy", "same-origin")
	ctx.Set("Cross-Origin-Opener-Policy", "same-origin")
	ctx.Set("Cross-Origin-Resource-Policy", "same-origin")
	ctx.Set("Cache-Control", "no-store")
	return ctx.Next()
}

// guard lets through who may look and, for acting requests, who may act.
func (c *Console) guard(ctx *fiber.Ctx) error {
	if err := c.gate.admitHost(requestHost(ctx)); err != nil {
		return refuse(ctx, fiber.StatusMisdirectedRequest, err.Error())
	}
	if ctx.Path() == "/enter" || strings.HasPrefix(ctx.Path(), "/page/") {
		return ctx.Next() // one checks for itself, the others hold nothing of the bot
	}
	if !c.gate.admitToken(ctx) {
		return c.askToken(ctx)
	}
	if ctx.Method() == fiber.MethodGet || ctx.Method() == fiber.MethodHead {
		return ctx.Next()
	}
	if err := c.gate.admitAct(ctx); err != nil {
		return refuse(ctx, fiber.StatusForbidden, err.Error())
	}
	return ctx.Next()
}

// refuse answers with an error that the page shows as it is.
func refuse(ctx *fiber.Ctx, status int, text string) error {
	return ctx.Status(status).JSON(fiber.Map{"error": text})
}

// failed answers what a handler returned as an error: mostly Fiber's own, such as
// an unknown path or a body that is too large.
func failed(ctx *fiber.Ctx, err error) error {
	var known *fiber.Error
	if errors.As(err, &known) {
		return refuse(ctx, known.Code, known.Message)
	}
	return refuse(ctx, fiber.StatusInternalServerError, "the console made a mistake")
}
