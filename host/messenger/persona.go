package messenger

import (
	"context"
	"errors"
	"net/http"
	"net/url"
)

// Persona is a name and a picture under which a Page can speak (section 3.8).
type Persona struct{ Name, Picture string }

// MaxPersonas is how many personas of a Page are looked through.
const MaxPersonas = 1000

// MakePersona adds a persona to the Page. The platform fetches the picture.
func (c *Client) MakePersona(ctx context.Context, p Persona) (id string, err error) {
	var w struct {
		ID text `json:"id"`
	}
	_, err = c.call(ctx, request{
		op: "make persona", method: http.MethodPost, path: c.page + "/personas", timeout: Medium{Kind: "image"}.Timeout(),
		body: map[string]any{"name": p.Name, "profile_picture_url": p.Picture},
	}, &w)
	if err == nil && w.ID == "" {
		err = &TransportError{Op: "make persona", Err: errors.New("answer of status 200 without id")}
	}
	return string(w.ID), err
}

// Personas are the names of the Page's personas, by id.
func (c *Client) Personas(ctx context.Context) (map[string]string, error) {
	type persona struct {
		ID   text `json:"id"`
		Name text `json:"name"`
	}
	list, err := pages[persona](ctx, c, request{
		op: "personas", method: http.MethodGet, path: c.page + "/personas", timeout: CallTimeout,
	}, MaxPersonas)
	out := map[string]string{}
	for _, p := range list {
		out[string(p.ID)] = string(p.Name)
	}
	return out, err
}

// DropPersona deletes a persona of the Page. What was said under it keeps its name.
func (c *Client) DropPersona(ctx context.Context, id string) error {
	_, err := c.call(ctx, request{op: "drop persona", method: http.MethodDelete, path: url.PathEscape(id), timeout: CallTimeout}, &struct{}{})
	return err
}
