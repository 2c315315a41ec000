package console

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"path"

	"github.com/gofiber/fiber/v2"
)

//go:embed page
var files embed.FS

// page is the embedded front end: plain modules and styles, served as they are.
type page struct {
	index []byte // with the tokens of this start filled in
	enter *template.Template
}

func newPage(start, forgery string) (*page, error) {
	all, err := template.ParseFS(files, "page/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse page: %w", err)
	}
	var index bytes.Buffer
	fill := struct{ Start, Forgery string }{start, forgery}
	if err := all.ExecuteTemplate(&index, "index.html", fill); err != nil {
		return nil, fmt.Errorf("fill page: %w", err)
	}
	return &page{index: index.Bytes(), enter: all.Lookup("enter.html")}, nil
}

func (c *Console) index(ctx *fiber.Ctx) error {
	ctx.Type("html", "utf-8")
	return ctx.Send(c.page.index)
}

// asset serves one embedded script, style or picture.
func (c *Console) asset(ctx *fiber.Ctx) error {
	name := ctx.Params("*")
	ext := path.Ext(name)
	if !fs.ValidPath(name) || ext == ".html" {
		return fiber.ErrNotFound
	}
	data, err := files.ReadFile(path.Join("page", name))
	if err != nil {
		return fiber.ErrNotFound
	}
	ctx.Set(fiber.HeaderContentType, contentType(ext))
	return ctx.Send(data)
}

// contentType names the types of the page itself, which a machine's own table of
// types may get wrong.
func contentType(ext string) string {
	switch ext {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return mime.TypeByExtension(ext)
}
