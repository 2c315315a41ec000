// Package request takes a Graph call apart: path, version, access token, and the
// parameters of query and body in their three encodings. It also knows which
// versions of Graph live.
//
// It does not know who may call and what there is to call. No API of the host is
// promised.
package request

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// maxBody is the largest body, in bytes: an upload and what goes with it.
const maxBody = MaxUpload + 1<<20

// Request is one Graph call. Its owner may change it.
type Request struct {
	Method  string
	Path    []string // without the version
	Version string   // as written; empty without one
	Params  map[string]any
	Secret  string // the access token as sent
	Upload  *Upload
	Broken  *refusal.Refusal // why the body could not be read; nil: it could
}

// Get is a parameter as text.
func (c *Request) Get(name string) string { return value.Text(c.Params[name]) }

// Fields is a comma-separated parameter, or a JSON list of strings.
func (c *Request) Fields(name string) []string {
	if l, ok := value.List(c.Params[name]); ok {
		out := make([]string, 0, len(l))
		for _, v := range l {
			out = append(out, value.Text(v))
		}
		return out
	}
	var out []string
	for _, f := range strings.Split(c.Get(name), ",") {
		if f = strings.TrimSpace(f); f != "" {
			out = append(out, f)
		}
	}
	return out
}

// Read takes a request apart: path, version, token, and the parameters of query and body.
func Read(w http.ResponseWriter, r *http.Request) *Request {
	c := &Request{Method: r.Method, Params: map[string]any{}}
	c.readPath(r.URL.Path)
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		c.Secret = strings.TrimSpace(bearer)
	} else if oauth, ok := strings.CutPrefix(r.Header.Get("Authorization"), "OAuth "); ok {
		c.Secret = strings.TrimSpace(oauth)
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	c.Broken = c.readBody(r)
	if r.URL.RawQuery != "" {
		c.addForm(r.URL.Query())
	}
	c.takeToken()
	if m := strings.ToUpper(c.Get("method")); m == http.MethodDelete || m == http.MethodGet || m == http.MethodPost {
		c.Method = m // Graph's old override, for clients that can only POST
		delete(c.Params, "method")
	}
	return c
}

// Inner is a call that is written down inside another one, as in a batch: a URL
// relative to the root, and a body in the form of a query.
func Inner(method, relative, body string) *Request {
	c := &Request{Method: method, Params: map[string]any{}}
	path, query, _ := strings.Cut(relative, "?")
	c.readPath(path)
	for _, text := range []string{body, query} {
		form, err := url.ParseQuery(text)
		if err != nil {
			c.Broken = refusal.New(100, 0, "Invalid parameter: a query is not valid")
		}
		c.addForm(form)
	}
	c.takeToken()
	return c
}

// usualParts is how many elements most paths have at most, with the version.
const usualParts = 4

func (c *Request) readPath(path string) {
	c.Path = make([]string, 0, usualParts)
	for part := range strings.SplitSeq(path, "/") {
		if part != "" {
			c.Path = append(c.Path, part)
		}
	}
	if len(c.Path) > 0 && isVersion(c.Path[0]) {
		c.Version, c.Path = c.Path[0], c.Path[1:]
	}
}

func (c *Request) takeToken() {
	if t := c.Get("access_token"); t != "" {
		c.Secret = t
	}
	delete(c.Params, "access_token")
}

func (c *Request) readBody(r *http.Request) *refusal.Refusal {
	kind, args := r.Header.Get("Content-Type"), map[string]string(nil)
	if kind != asJSON { // which is what most say, and nothing more
		kind, args, _ = mime.ParseMediaType(kind)
	}
	if kind == "multipart/form-data" {
		return c.readMultipart(multipart.NewReader(r.Body, args["boundary"]))
	}
	body, err := readAll(r)
	if err != nil {
		return unreadable(err)
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	if kind == asJSON {
		v, err := value.Decode(body)
		if err != nil {
			return refusal.New(100, 0, "Invalid parameter: the body is not valid JSON")
		}
		m := value.Object(v)
		if m == nil {
			return refusal.New(100, 0, "Invalid parameter: the body is not a JSON object")
		}
		c.Params = m
		return nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return refusal.New(100, 0, "Invalid parameter: the body is not a valid form")
	}
	c.addForm(form)
	return nil
}

// asJSON is the type of a body that is JSON.
const asJSON = "application/json"

// believed is the longest length of a body, in bytes, for which there is room before it has come.
const believed = 64 << 10

func readAll(r *http.Request) ([]byte, error) {
	room := max(0, min(r.ContentLength, believed)) + bytes.MinRead // which a Buffer wants to have at the end
	b := bytes.NewBuffer(make([]byte, 0, room))
	_, err := b.ReadFrom(r.Body)
	return b.Bytes(), err
}

func unreadable(err error) *refusal.Refusal {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return refusal.New(100, refusal.TooLarge, "Attachment size exceeds allowable limit")
	}
	return refusal.New(100, 0, "Invalid parameter: the body could not be read")
}

func (c *Request) readMultipart(form *multipart.Reader) *refusal.Refusal {
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unreadable(err)
		}
		if part.FileName() != "" {
			size, err := io.Copy(io.Discard, part)
			if err != nil {
				return unreadable(err)
			}
			kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
			c.Upload = &Upload{MIME: kind, Size: size}
			continue
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return unreadable(err)
		}
		c.addForm(url.Values{part.FormName(): {string(text)}})
	}
}

// addForm adds parameters whose values are JSON, or plain text where they do not
// look like an object or a list. What the body said already stays.
func (c *Request) addForm(form url.Values) {
	for name, values := range form {
		if _, ok := c.Params[name]; ok || len(values) == 0 {
			continue
		}
		text := values[len(values)-1]
		c.Params[name] = text
		if t := strings.TrimSpace(text); strings.HasPrefix(t, "{") || strings.HasPrefix(t, "[") {
			if v, err := value.Lenient(t); err == nil {
				c.Params[name] = v
			}
		}
	}
}

// Redacted are the parameters without what would give a secret away.
func (c *Request) Redacted() map[string]any {
	var out map[string]any // nil: nothing would
	for _, k := range secret {
		if _, ok := c.Params[k]; !ok {
			continue
		}
		if out == nil {
			out = maps.Clone(c.Params)
		}
		out[k] = "***"
	}
	if out == nil {
		return c.Params
	}
	return out
}

// secret are the parameters that give a secret away, and batch: its calls stand in the log by themselves.
var secret = [...]string{"input_token", "verify_token", "client_secret", "fb_exchange_token", "appsecret_proof", "account_linking_token", "batch"}
