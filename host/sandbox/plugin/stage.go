package plugin

import (
	"errors"
	"time"

	"github.com/footlight-bots/footlight/sdk/abi"
)

// Stage is what a module can do beyond computing, function by function of the
// contract. An error ends the call, and is its error: a *Denied for what was not
// granted. A status is one of package abi. Texts that a Stage is given are not looked
// at before: they may be anything.
type Stage interface {
	Log(level int32, text string) error
	Now() (time.Time, error)
	Random(p []byte) error
	Get(key string) (string, error)
	Put(key, value string) (status int32, err error)
	Swap(key, old, value string) (status int32, err error)
	HTTP(request string) (answer string, err error) // an empty request: the last answer again
	Emit(text string) error
	Cut() error
	Delay(millis int32, keep bool) error
	Attach(element string) (status int32, err error)
	Quick(labels string) (status int32, err error)
	Read(name string) (value string, set bool, err error)
	Write(name, value string) (status int32, err error)
	Clear(name string) (status int32, err error)
	Topic(name string) error
	Remind(reminder string) (status int32, err error)
	Silence() error
}

// Nobody is the Stage of a module that is started or asked what it is: it knows no
// time and no chance, and all it does is refused.
type Nobody struct{}

var _ Stage = Nobody{}

// errNobody is what Nobody says.
var errNobody = errors.New("host functions can be called in run only")

// Log implements Stage: the line is dropped, for a library may warn of something.
func (Nobody) Log(int32, string) error { return nil }

// Now implements Stage.
func (Nobody) Now() (time.Time, error) { return time.Time{}, errNobody }

// Random implements Stage.
func (Nobody) Random([]byte) error { return errNobody }

// Get implements Stage.
func (Nobody) Get(string) (string, error) { return "", errNobody }

// Put implements Stage.
func (Nobody) Put(string, string) (int32, error) { return 0, errNobody }

// Swap implements Stage.
func (Nobody) Swap(string, string, string) (int32, error) { return 0, errNobody }

// HTTP implements Stage.
func (Nobody) HTTP(string) (string, error) { return "", errNobody }

// Emit implements Stage.
func (Nobody) Emit(string) error { return errNobody }

// Cut implements Stage.
func (Nobody) Cut() error { return errNobody }

// Delay implements Stage.
func (Nobody) Delay(int32, bool) error { return errNobody }

// Attach implements Stage.
func (Nobody) Attach(string) (int32, error) { return 0, errNobody }

// Quick implements Stage.
func (Nobody) Quick(string) (int32, error) { return 0, errNobody }

// Read implements Stage.
func (Nobody) Read(string) (string, bool, error) { return "", false, errNobody }

// Write implements Stage.
func (Nobody) Write(string, string) (int32, error) { return 0, errNobody }

// Clear implements Stage.
func (Nobody) Clear(string) (int32, error) { return 0, errNobody }

// Topic implements Stage.
func (Nobody) Topic(string) error { return errNobody }

// Remind implements Stage.
func (Nobody) Remind(string) (int32, error) { return 0, errNobody }

// Silence implements Stage.
func (Nobody) Silence() error { return errNobody }

// trying is the Stage of the first call of a module, in which it is tried: everything
// is granted and nothing comes of it.
type trying struct{}

var _ Stage = trying{}

func (trying) Log(int32, string) error                    { return nil }
func (trying) Now() (time.Time, error)                    { return time.Unix(0, 0).UTC(), nil }
func (trying) Random(p []byte) error                      { clear(p); return nil }
func (trying) Get(string) (string, error)                 { return "", nil }
func (trying) Put(string, string) (int32, error)          { return abi.StatusOK, nil }
func (trying) Swap(string, string, string) (int32, error) { return abi.StatusOK, nil }
func (trying) HTTP(string) (string, error)                { return `{"error":"this call is a trial"}`, nil }
func (trying) Emit(string) error                          { return nil }
func (trying) Cut() error                                 { return nil }
func (trying) Delay(int32, bool) error                    { return nil }
func (trying) Attach(string) (int32, error)               { return abi.StatusOK, nil }
func (trying) Quick(string) (int32, error)                { return abi.StatusOK, nil }
func (trying) Read(string) (string, bool, error)          { return "", false, nil }
func (trying) Write(string, string) (int32, error)        { return abi.StatusOK, nil }
func (trying) Clear(string) (int32, error)                { return abi.StatusOK, nil }
func (trying) Topic(string) error                         { return nil }
func (trying) Remind(string) (int32, error)               { return abi.StatusOK, nil }
func (trying) Silence() error                             { return nil }
