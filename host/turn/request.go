package turn

import (
	"bytes"
	"encoding/json"
	"net/textproto"
	"net/url"
	"strings"

	"github.com/footlight-bots/footlight/host/compile/world"
)

// The error texts of requests that turn out to be broken when they are made (L-HTTP-8).
const (
	badCommand = "[REQ_FORMAT_ERROR: Invalid $ command]"
	badBody    = "[REQ_FORMAT_ERROR: Invalid $ request body]"
)

const (
	contentType = "Content-Type"
	formType    = "application/x-www-form-urlencoded"
)

// shape makes a request of an evaluated $ line (L-HTTP-2).
func shape(r world.Request) (q Request, problem string) {
	q = Request{Method: r.Method, URL: encoded(strings.TrimSpace(r.URL))}
	u, err := url.Parse(q.URL)
	if err != nil || u.Host == "" || !strings.HasPrefix(q.URL, "http://") && !strings.HasPrefix(q.URL, "https://") {
		return q, badCommand
	}
	if r.Options == "" {
		return q, ""
	}
	var options map[string]json.RawMessage
	if json.Unmarshal([]byte(r.Options), &options) != nil || options == nil {
		return q, badBody
	}
	if !q.setHeader(options["headers"]) || !q.setBody(options["body"]) {
		return q, badBody
	}
	return q, ""
}

// encoded is an address in which everything but visible ASCII is percent-encoded.
func encoded(address string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(address) {
		if c := address[i]; c > ' ' && c < 0x7f {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

// setHeader takes the headers of the options: an object of texts, numbers and
// truth values; null leaves a header out.
func (q *Request) setHeader(raw json.RawMessage) bool {
	var fields map[string]json.RawMessage
	if len(raw) > 0 && json.Unmarshal(raw, &fields) != nil {
		return false
	}
	q.Header = make(map[string]string, len(fields)+1)
	for name, value := range fields {
		text, ok := scalar(value)
		if !ok {
			return false
		}
		if !isNull(value) {
			q.Header[textproto.CanonicalMIMEHeaderKey(name)] = text
		}
	}
	return true
}

// setBody takes the body of the options, and says of what type it is unless the
// headers do.
func (q *Request) setBody(raw json.RawMessage) bool {
	if len(raw) == 0 || isNull(raw) {
		return true
	}
	kind := "application/json"
	form := strings.HasPrefix(strings.ToLower(strings.TrimSpace(q.Header[contentType])), formType)
	switch {
	case raw[0] == '"':
		kind = "text/plain; charset=utf-8"
		q.Body, _ = scalar(raw)
	case form && raw[0] == '{':
		values, ok := formOf(raw)
		if !ok {
			return false
		}
		q.Body = values
	case form && raw[0] == '[': // a form has names
		return false
	default:
		q.Body = compact(raw)
	}
	if q.Header[contentType] == "" {
		q.Header[contentType] = kind
	}
	return true
}

// formOf writes an object as a form. Lists repeat their name; what is deeper is JSON.
func formOf(raw json.RawMessage) (text string, ok bool) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return "", false
	}
	values := url.Values{}
	for name, value := range fields {
		list := []json.RawMessage{value}
		if value[0] == '[' && json.Unmarshal(value, &list) != nil {
			return "", false
		}
		for _, item := range list {
			text, ok := scalar(item)
			if !ok {
				text = compact(item)
			}
			values.Add(name, text)
		}
	}
	return values.Encode(), true
}

func isNull(raw json.RawMessage) bool { return string(raw) == "null" }

// scalar is the text of a value that is neither object nor list; null is empty.
func scalar(raw json.RawMessage) (text string, ok bool) {
	switch {
	case isNull(raw):
		return "", true
	case raw[0] == '"':
		return text, json.Unmarshal(raw, &text) == nil
	case raw[0] == '{' || raw[0] == '[':
		return "", false
	}
	return string(raw), true
}

// compact is a value as JSON without spaces.
func compact(raw json.RawMessage) string {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return ""
	}
	return b.String()
}
