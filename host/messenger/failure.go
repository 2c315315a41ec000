package messenger

import (
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger/prose"
)

// APIError is a refusal of the Graph API. Neither it nor its text holds a secret.
type APIError struct {
	Op        string // what was tried: "send", "typing_on", "profile" …
	Status    int    // HTTP
	Code      int    // 0 when the answer was not the Graph API's
	Subcode   int
	Type      string
	Message   string // redacted; may be in any language
	TraceID   string // for Meta's support
	Transient bool
	Usage     Usage // as the answer's headers tell
}

// Error implements error.
func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "graph api: %s: ", e.Op)
	switch {
	case e.Code == 0:
		fmt.Fprintf(&b, "HTTP status %d", e.Status)
	case e.Subcode == 0:
		fmt.Fprintf(&b, "code %d", e.Code)
	default:
		fmt.Fprintf(&b, "code %d/%d", e.Code, e.Subcode)
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	if e.TraceID != "" {
		b.WriteString(" [fbtrace " + e.TraceID + "]")
	}
	return b.String()
}

// Verdict is what is to be done about it. The pause of a rate refusal is the one
// that the platform's headers ask for.
func (e *APIError) Verdict() Verdict {
	v := judge(e.Status, e.Code, e.Subcode, e.Transient)
	if v.Class == ClassRate && e.Usage.Regain > v.Wait {
		v.Wait = e.Usage.Regain
	}
	return v
}

// Class is the class of the verdict.
func (e *APIError) Class() Class { return e.Verdict().Class }

// TransportError is a call that got no whole answer.
type TransportError struct {
	Op      string
	NotSent bool // certain: the platform has not seen the request
	Err     error
}

// Error implements error. It names no address: addresses hold ids of people.
func (e *TransportError) Error() string {
	what := "no answer"
	if e.NotSent {
		what = "not sent"
	}
	return fmt.Sprintf("graph api: %s: %s: %v", e.Op, what, e.Err)
}

// Unwrap gives the cause.
func (e *TransportError) Unwrap() error { return e.Err }

// Verdict is what is to be done about it.
func (e *TransportError) Verdict() Verdict {
	if e.NotSent {
		return Verdict{Class: ClassTransient, Scope: ScopePage, Retries: bySchedule, Away: true}
	}
	return Verdict{Class: ClassAmbiguous, Retries: bySchedule, Away: true}
}

// Judge is the verdict on any error of a Client. An error that is none of its own
// was met before anything was sent: a message that cannot be sent as it is.
func Judge(err error) Verdict {
	var judged interface{ Verdict() Verdict }
	if errors.As(err, &judged) {
		return judged.Verdict()
	}
	return Verdict{Class: ClassMessage}
}

// neverSent tells whether err by itself proves that no request went out.
func neverSent(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &op) && op.Op == "dial" || errors.As(err, &dns) ||
		errors.As(err, &authority) || errors.As(err, &host) || errors.As(err, &invalid)
}

// errRedacted stands in for a text that is known to repeat secrets.
const errRedacted = "(text withheld: it may repeat a secret)"

// codeBadSecret is the code whose text can repeat the client secret (section 5.1).
const codeBadSecret = 101

// secretShape finds what looks like a token or a named secret in any text.
var secretShape = regexp.MustCompile(`EAA[0-9A-Za-z]{8,}|((?:access_token|input_token|client_secret|appsecret_proof)["']?\s*[=:]\s*["']?)[^&\s"']+`)

// redact takes secrets out of a text of the platform's.
func redact(code int, text string, secrets ...string) string {
	if code == codeBadSecret {
		return errRedacted
	}
	for _, s := range secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s, "[redacted]")
		}
	}
	return prose.Shorten(secretShape.ReplaceAllString(text, "${1}[redacted]"), MaxText)
}

type wireError struct {
	Error *struct {
		Message   text   `json:"message"`
		Type      text   `json:"type"`
		Code      number `json:"code"`
		Subcode   number `json:"error_subcode"`
		Trace     text   `json:"fbtrace_id"`
		Transient truth  `json:"is_transient"`
	} `json:"error"`
}

// apiError reads an answer that is not a success.
func apiError(op string, status int, body []byte, usage Usage, secrets ...string) *APIError {
	e := &APIError{Op: op, Status: status, Usage: usage}
	var w wireError
	if json.Valid(body) && lenient(body, &w) && w.Error != nil {
		e.Code, e.Subcode = w.Error.Code.count(), w.Error.Subcode.count()
		e.Type, e.TraceID, e.Transient = string(w.Error.Type), string(w.Error.Trace), bool(w.Error.Transient)
		e.Message = redact(e.Code, string(w.Error.Message), secrets...)
	}
	return e
}
