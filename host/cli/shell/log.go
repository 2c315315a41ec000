package shell

import (
	"io"
	"log/slog"
	"time"

	"github.com/lmittmann/tint"
)

// QuietLog leaves out what only matters to operators.
const QuietLog = slog.LevelWarn

// NewLogger logs for people on a terminal, and as JSON lines elsewhere.
func NewLogger(env Environment, w io.Writer, level slog.Level) *slog.Logger {
	if env.Terminal {
		return NewTextLogger(env, w, level)
	}
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
}

// NewTextLogger logs for people, wherever they read it.
func NewTextLogger(env Environment, w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(tint.NewTextHandler(w, &tint.Options{Level: level, TimeFormat: time.TimeOnly, NoColor: !env.Colour()}))
}
