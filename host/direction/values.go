package direction

import (
	"context"
	"errors"
	"sync"
)

// Values keeps what plug-ins keep for all people of a bot. It is safe for concurrent
// use. Keys and values are within the limits of the contract.
type Values interface {
	// Value reads the value of a key; empty when there is none.
	Value(ctx context.Context, at Shelf, key string) (string, error)
	// SetValue writes the value of a key, or removes it when the value is empty; with old
	// only if the value is that still (empty: if there is none). done is false when it is
	// not. The error wraps ErrFull when the shelf has no room for another key.
	SetValue(ctx context.Context, at Shelf, key, value string, old *string) (done bool, err error)
}

// Shelf is where the values of one plug-in stand.
type Shelf struct {
	Page   string // the bot, as people see it
	Plugin string
}

// ErrFull is wrapped by the error of a value for which there is no room.
var ErrFull = errors.New("there is no room for another key")

// Memory keeps values for as long as the process lives: for tests and trials. The zero
// Memory is empty.
type Memory struct {
	mu      sync.Mutex
	shelves map[Shelf]map[string]string
}

var _ Values = (*Memory)(nil)

// Value implements Values.
func (m *Memory) Value(_ context.Context, at Shelf, key string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.shelves[at][key], nil
}

// SetValue implements Values.
func (m *Memory) SetValue(_ context.Context, at Shelf, key, value string, old *string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	shelf := m.shelves[at]
	now, known := shelf[key]
	switch {
	case old != nil && now != *old:
		return false, nil
	case value == "":
		delete(shelf, key)
		return true, nil
	case !known && len(shelf) >= maxKeys:
		return false, ErrFull
	case shelf == nil:
		shelf = map[string]string{}
		if m.shelves == nil {
			m.shelves = map[Shelf]map[string]string{}
		}
		m.shelves[at] = shelf
	}
	shelf[key] = value
	return true, nil
}
