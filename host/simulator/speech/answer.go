package speech

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

// Answer is what the platform says to a call, as it writes it.
type Answer struct {
	Status int
	Step   int // of the run, in which the platform gave it

	header http.Header
	body   bytes.Buffer
	wrote  bool
}

var _ http.ResponseWriter = (*Answer)(nil)

// NewAnswer returns an answer without a body.
func NewAnswer(status, step int) *Answer {
	return &Answer{Status: status, Step: step, header: http.Header{}}
}

// Header implements http.ResponseWriter.
func (a *Answer) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter: the first status counts.
func (a *Answer) WriteHeader(status int) {
	if !a.wrote {
		a.wrote, a.Status = true, status
	}
}

// Write implements http.ResponseWriter.
func (a *Answer) Write(p []byte) (int, error) {
	a.wrote = true
	return a.body.Write(p)
}

// Response is the answer as a client gets it.
func (a *Answer) Response(req *http.Request) *http.Response {
	return &http.Response{
		StatusCode: a.Status, Header: a.header, Body: io.NopCloser(bytes.NewReader(a.body.Bytes())),
		ContentLength: int64(a.body.Len()), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
	}
}

// Told is what was answered to the i-th of several messages: to the call as a whole if there is only one, or if
// that was refused. A status of 0 means nothing was.
func (a *Answer) Told(i, several int) (status int, body []byte) {
	if several == 1 || a.Status != http.StatusOK {
		return a.Status, a.body.Bytes()
	}
	var each []*struct {
		Code int
		Body string
	}
	_ = json.Unmarshal(a.body.Bytes(), &each) // then nothing is told
	if i >= len(each) || each[i] == nil {
		return 0, nil
	}
	return each[i].Code, []byte(each[i].Body)
}

// Uploaded is the id under which the platform has a picture now; without one nobody can name it.
func (a *Answer) Uploaded() string {
	var told Picture
	_ = json.Unmarshal(a.body.Bytes(), &told)
	return told.ID
}

// Refusal is the reason that a body gives, by the platform's code and subcode; 0: it gives none.
func Refusal(body []byte) (code, subcode int) {
	var told struct {
		Error struct {
			Code    int
			Subcode int `json:"error_subcode"`
		}
	}
	_ = json.Unmarshal(body, &told)
	return told.Error.Code, told.Error.Subcode
}
