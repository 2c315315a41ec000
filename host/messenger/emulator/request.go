package emulator

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
)

// Bounds of a request, in bytes: a body with an upload in it, and any other.
const (
	maxUpload = 25 << 20
	maxBody   = maxUpload + 1<<20
)

// call is one Graph request on its way through the emulator.
type call struct {
	method  string
	path    []string // without the version
	version string   // as written; empty without one
	params  map[string]any
	secret  string // the access token as sent
	token   *token
	app     *app   // of the token
	page    *page  // of a Page token
	note    string // for the call log
	trace   string
	upload  *upload
	broken  *refusal // why the body could not be read
}

// upload is the file of a multipart request.
type upload struct {
	mime string
	size int64
}

// get is a parameter as text.
func (c *call) get(name string) string { return text(c.params[name]) }

// fields is a comma-separated parameter, or a JSON list of strings.
func (c *call) fields(name string) []string {
	if l, ok := list(c.params[name]); ok {
		out := make([]string, 0, len(l))
		for _, v := range l {
			out = append(out, text(v))
		}
		return out
	}
	var out []string
	for _, f := range strings.Split(c.get(name), ",") {
		if f = strings.TrimSpace(f); f != "" {
			out = append(out, f)
		}
	}
	return out
}

// read takes a request apart: path, version, token, and the parameters of query and body.
func read(w http.ResponseWriter, r *http.Request) *call {
	c := &call{method: r.Method, params: map[string]any{}}
	for _, part := range strings.Split(r.URL.Path, "/") {
		if part != "" {
			c.path = append(c.path, part)
		}
	}
	if len(c.path) > 0 && versionLike(c.path[0]) {
		c.version, c.path = c.path[0], c.path[1:]
	}
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		c.secret = strings.TrimSpace(bearer)
	} else if oauth, ok := strings.CutPrefix(r.Header.Get("Authorization"), "OAuth "); ok {
		c.secret = strings.TrimSpace(oauth)
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	c.broken = c.readBody(r)
	c.addForm(r.URL.Query())
	if t := c.get("access_token"); t != "" {
		c.secret = t
	}
	delete(c.params, "access_token")
	if m := strings.ToUpper(c.get("method")); m == http.MethodDelete || m == http.MethodGet || m == http.MethodPost {
		c.method = m // Graph's old override, for clients that can only POST
		delete(c.params, "method")
	}
	return c
}

func (c *call) readBody(r *http.Request) *refusal {
	kind, args, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "multipart/form-data" {
		return c.readMultipart(multipart.NewReader(r.Body, args["boundary"]))
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return unreadable(err)
	}
	if len(strings.TrimSpace(string(body))) == 0 {
		return nil
	}
	if kind == "application/json" {
		v, err := decode(body)
		if err != nil {
			return refuse(100, 0, "Invalid parameter: the body is not valid JSON")
		}
		m := object(v)
		if m == nil {
			return refuse(100, 0, "Invalid parameter: the body is not a JSON object")
		}
		c.params = m
		return nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return refuse(100, 0, "Invalid parameter: the body is not a valid form")
	}
	c.addForm(form)
	return nil
}

func unreadable(err error) *refusal {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return refuse(100, 2018109, "Attachment size exceeds allowable limit")
	}
	return refuse(100, 0, "Invalid parameter: the body could not be read")
}

func (c *call) readMultipart(form *multipart.Reader) *refusal {
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
			c.upload = &upload{mime: kind, size: size}
			continue
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return unreadable(err)
		}
		c.addForm(url.Values{part.FormName(): {string(value)}})
	}
}

// addForm adds parameters whose values are JSON, or plain text where they do not
// look like an object or a list. What the body said already stays.
func (c *call) addForm(form url.Values) {
	for name, values := range form {
		if _, ok := c.params[name]; ok || len(values) == 0 {
			continue
		}
		value := values[len(values)-1]
		c.params[name] = value
		if t := strings.TrimSpace(value); strings.HasPrefix(t, "{") || strings.HasPrefix(t, "[") {
			if v, err := decodeLenient(t); err == nil {
				c.params[name] = v
			}
		}
	}
}
