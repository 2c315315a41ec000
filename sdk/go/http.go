package direction

import (
	"encoding/base64"
	"errors"
	"sort"
)

// Request is a request to a web service.
type Request struct {
	Method  string // GET if left out
	URL     string // http or https, of a host that is granted
	Headers map[string]string
	Body    string
}

// Answer is what a web service answered. Any status is an answer.
type Answer struct {
	Status int
	Body   []byte
}

// JSON reads the body of the answer.
func (a Answer) JSON() (JSON, error) { return ParseJSON(a.Body) }

// HTTP makes a request and waits for its answer; a call has 5. The error says why
// there is no answer. It needs CanHTTP with the host of the address.
func (c *Call) HTTP(r Request) (Answer, error) {
	answer, err := ParseJSON(c.host.HTTP(r.encode()))
	if err != nil {
		return Answer{}, err
	}
	if why := answer.Get("error"); why.Exists() {
		return Answer{}, errors.New(why.Text())
	}
	status, _ := answer.Get("status").Number()
	body := []byte(answer.Get("body").Text())
	if coded := answer.Get("base64"); coded.Exists() {
		if body, err = base64.StdEncoding.DecodeString(coded.Text()); err != nil {
			return Answer{}, err
		}
	}
	return Answer{Status: int(status), Body: body}, nil
}

// Get makes a GET request. See HTTP.
func (c *Call) Get(url string) (Answer, error) { return c.HTTP(Request{URL: url}) }

func (r *Request) encode() []byte {
	var w jsonWriter
	w.open('{')
	w.optional("method", r.Method)
	w.text("url", r.URL)
	if len(r.Headers) > 0 {
		names := make([]string, 0, len(r.Headers))
		for name := range r.Headers {
			names = append(names, name)
		}
		sort.Strings(names)
		w.key("headers").open('{')
		for _, name := range names {
			w.text(name, r.Headers[name])
		}
		w.close('}')
	}
	w.optional("body", r.Body)
	w.close('}')
	return w.buf
}

// Escape makes a text safe inside an address: in its path or behind a = of its query.
func Escape(s string) string {
	const hexDigits = "0123456789ABCDEF"
	out := make([]byte, 0, len(s)+16)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.', c == '~':
			out = append(out, c)
		default:
			out = append(out, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return string(out)
}
