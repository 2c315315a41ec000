package console

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/footlight-bots/footlight/host/deploy"
	"github.com/footlight-bots/footlight/host/script/diag"
)

// maxAnswer is the longest setting or answer that a walk is given, in characters:
// tokens of Meta's are a few hundred.
const maxAnswer = 4096

// produce lets through only where there is a producer.
func (c *Console) produce(ctx *fiber.Ctx) error {
	if c.producer == nil {
		return refuse(ctx, fiber.StatusNotFound, "this desk puts no bot on a Page")
	}
	return ctx.Next()
}

func (c *Console) walk(ctx *fiber.Ctx) error {
	var o Order
	if err := decode(ctx, &o); err != nil {
		return refuse(ctx, fiber.StatusBadRequest, err.Error())
	}
	for _, f := range []struct {
		name string
		text *string
	}{{"public", &o.Public}, {"app", &o.App}, {"page", &o.Page}, {"addr", &o.Addr}} {
		if *f.text = strings.TrimSpace(*f.text); utf8.RuneCountInString(*f.text) > maxAnswer {
			return refuse(ctx, fiber.StatusBadRequest, fmt.Sprintf("%s: more than %d characters", f.name, maxAnswer))
		}
	}
	return done(ctx, c.producer.Start(o))
}

func (c *Console) answer(ctx *fiber.Ctx) error {
	var a Answer
	if err := decode(ctx, &a); err != nil {
		return refuse(ctx, fiber.StatusBadRequest, "the answer cannot be read") // the error may quote what was typed
	}
	if utf8.RuneCountInString(a.Text) > maxAnswer {
		return refuse(ctx, fiber.StatusBadRequest, fmt.Sprintf("text: more than %d characters", maxAnswer))
	}
	return done(ctx, c.producer.Answer(a))
}

func (c *Console) callOff(ctx *fiber.Ctx) error {
	c.producer.CallOff()
	return done(ctx, nil)
}

func (c *Console) dismiss(ctx *fiber.Ctx) error { return done(ctx, c.producer.Dismiss()) }

func (c *Console) examine(ctx *fiber.Ctx) error { return done(ctx, c.producer.Examine()) }

// done answers an act. What the producer refuses is the author's to read.
func done(ctx *fiber.Ctx, err error) error {
	if err != nil {
		return refuse(ctx, fiber.StatusUnprocessableEntity, err.Error())
	}
	return ctx.SendStatus(fiber.StatusNoContent)
}

// report answers with the latest examination, byte for byte as footlight doctor --json.
func (c *Console) report(ctx *fiber.Ctx) error {
	report := c.producer.Checkup().Report
	if report == nil {
		return refuse(ctx, fiber.StatusNotFound, "nobody has looked yet: POST here to look")
	}
	var out bytes.Buffer
	if err := deploy.WriteJSON(&out, report); err != nil {
		return err
	}
	ctx.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return ctx.Send(out.Bytes())
}

// code answers with the QR code of the link to the Page, as a drawing or a picture.
func (c *Console) code(ctx *fiber.Ctx) error {
	_, code, err := c.producer.Code(ctx.Query("ref"))
	if err != nil {
		return refuse(ctx, fiber.StatusUnprocessableEntity, err.Error())
	}
	if strings.HasSuffix(ctx.Path(), ".svg") {
		ctx.Set(fiber.HeaderContentType, "image/svg+xml")
		return ctx.Send(code.SVG())
	}
	picture, err := code.PNG()
	if err != nil {
		return err
	}
	ctx.Set(fiber.HeaderContentType, "image/png")
	return ctx.Send(picture)
}

// maxExplained is how many answers of the platform are explained at once.
const maxExplained = 3

// explanation is what footlight explain says.
type explanation struct {
	Title string        `json:"title"`
	Text  string        `json:"text,omitempty"` // of a code of ours: as the terminal prints it
	Notes []deploy.Note `json:"notes,omitempty"`
}

// explain answers what a code of ours or of Meta's means.
func (c *Console) explain(ctx *fiber.Ctx) error {
	question := strings.TrimSpace(ctx.Query("code"))
	if utf8.RuneCountInString(question) > maxAnswer {
		return refuse(ctx, fiber.StatusBadRequest, fmt.Sprintf("code: more than %d characters", maxAnswer))
	}
	if text, ok := diag.Explain(question); ok {
		return ctx.JSON([]explanation{{Title: strings.ToUpper(question), Text: text}})
	}
	var list []explanation
	for _, e := range deploy.Explain(question) {
		list = append(list, explanation{Title: e.Title, Notes: each(e.Notes, deploy.Note.AtDesk)})
	}
	if len(list) == 0 {
		return refuse(ctx, fiber.StatusNotFound, fmt.Sprintf("nothing is known of %q", question))
	}
	return ctx.JSON(list[:min(len(list), maxExplained)])
}
