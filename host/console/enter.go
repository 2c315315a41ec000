package console

import (
	"bytes"
	"time"

	"github.com/gofiber/fiber/v2"
)

// cookieAge is how long a browser is remembered after the token was given.
const cookieAge = 30 * 24 * time.Hour

// askToken answers who has not shown the access token: the page gets a form, and
// the link that the terminal prints ("/?token=…") is taken at once.
func (c *Console) askToken(ctx *fiber.Ctx) error {
	if ctx.Path() != "/" || ctx.Method() != fiber.MethodGet {
		return refuse(ctx, fiber.StatusUnauthorized, "the access token is missing or wrong: load the page again")
	}
	if given := ctx.Query("token"); equal(given, c.gate.token) {
		return c.remember(ctx)
	}
	return c.form(ctx, ctx.Query("token") != "")
}

// enter takes the token from the form.
func (c *Console) enter(ctx *fiber.Ctx) error {
	if err := sameOrigin(ctx); err != nil {
		return refuse(ctx, fiber.StatusForbidden, err.Error())
	}
	if c.gate.token != "" && !equal(ctx.FormValue("token"), c.gate.token) {
		return c.form(ctx, true)
	}
	return c.remember(ctx)
}

func (c *Console) form(ctx *fiber.Ctx, wrong bool) error {
	var out bytes.Buffer
	if err := c.page.enter.Execute(&out, struct{ Wrong bool }{wrong}); err != nil {
		return err
	}
	ctx.Type("html", "utf-8")
	return ctx.Status(fiber.StatusUnauthorized).Send(out.Bytes())
}

// remember sets the cookie and leaves the address that holds the token.
func (c *Console) remember(ctx *fiber.Ctx) error {
	if c.gate.token != "" {
		ctx.Cookie(&fiber.Cookie{
			Name:     cookieName,
			Value:    c.gate.cookie(),
			Path:     "/",
			MaxAge:   int(cookieAge / time.Second),
			HTTPOnly: true,
			// Lax, so that the printed link works from anywhere; acts need the forgery token besides.
			SameSite: fiber.CookieSameSiteLaxMode,
		})
	}
	return ctx.Redirect("/", fiber.StatusSeeOther)
}
