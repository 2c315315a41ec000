package console

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
)

const (
	// maxText is the most a person may say, and the longest payload or title,
	// in characters.
	maxText = 20_000
	// actTimeout is how long the desk may take for one act.
	actTimeout = 10 * time.Second
)

// state answers with the whole desk: what the page shows, for scripts.
func (c *Console) state(ctx *fiber.Ctx) error { return ctx.JSON(c.view()) }

// source answers with the text of one script.
func (c *Console) source(ctx *fiber.Ctx) error {
	path := ctx.Query("path")
	if !fs.ValidPath(path) || strings.ContainsAny(path, "\\\x00:") {
		return refuse(ctx, fiber.StatusBadRequest, "path: must name a file inside the bot's folder")
	}
	text, ok := c.desk.Source(path)
	if !ok {
		return refuse(ctx, fiber.StatusNotFound, fmt.Sprintf("%s is not a script of this bot", path))
	}
	return ctx.JSON(fiber.Map{"path": path, "text": text})
}

func (c *Console) say(ctx *fiber.Ctx) error {
	var in struct{ Text string }
	if err := decode(ctx, &in); err != nil {
		return refuse(ctx, fiber.StatusBadRequest, err.Error())
	}
	if err := checkText("text", in.Text); err != nil {
		return refuse(ctx, fiber.StatusBadRequest, err.Error())
	}
	return c.act(ctx, func(act context.Context) error { return c.desk.Say(act, in.Text) })
}

func (c *Console) tap(ctx *fiber.Ctx) error {
	var in struct{ Title string }
	if err := decode(ctx, &in); err != nil {
		return refuse(ctx, fiber.StatusBadRequest, err.Error())
	}
	if err := checkText("title", in.Title); err != nil {
		return refuse(ctx, fiber.StatusBadRequest, err.Error())
	}
	return c.act(ctx, func(act context.Context) error { return c.desk.Tap(act, in.Title) })
}

func (c *Console) event(ctx *fiber.Ctx) error {
	var in struct{ Kind, Payload string }
	if err := decode(ctx, &in); err != nil {
		return refuse(ctx, fiber.StatusBadRequest, err.Error())
	}
	if !slices.Contains(Kinds(), in.Kind) {
		return refuse(ctx, fiber.StatusBadRequest, fmt.Sprintf("kind: must be one of %s", strings.Join(Kinds(), ", ")))
	}
	if in.Kind != "get_started" {
		if err := checkText("payload", in.Payload); err != nil {
			return refuse(ctx, fiber.StatusBadRequest, err.Error())
		}
	}
	return c.act(ctx, func(act context.Context) error { return c.desk.Event(act, in.Kind, in.Payload) })
}

func (c *Console) reset(ctx *fiber.Ctx) error { return c.act(ctx, c.desk.Reset) }

func (c *Console) skip(ctx *fiber.Ctx) error { return c.act(ctx, c.desk.Skip) }

// act runs one act on the desk. What the desk refuses is the author's to read.
func (c *Console) act(ctx *fiber.Ctx, do func(context.Context) error) error {
	bounded, cancel := context.WithTimeout(c.ctx, actTimeout)
	defer cancel()
	if err := do(bounded); err != nil {
		return refuse(ctx, fiber.StatusUnprocessableEntity, err.Error())
	}
	return ctx.SendStatus(fiber.StatusNoContent)
}

// decode reads a JSON body. Only that type is taken: forms of other sites cannot send it.
func decode(ctx *fiber.Ctx, into any) error {
	kind, _, _ := strings.Cut(ctx.Get(fiber.HeaderContentType), ";")
	if strings.TrimSpace(kind) != fiber.MIMEApplicationJSON {
		return fmt.Errorf("content type: must be %s", fiber.MIMEApplicationJSON)
	}
	if err := json.Unmarshal(ctx.Body(), into); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	return nil
}

func checkText(name, text string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return fmt.Errorf("%s: must not be empty", name)
	case utf8.RuneCountInString(text) > maxText:
		return fmt.Errorf("%s: more than %d characters", name, maxText)
	}
	return nil
}
