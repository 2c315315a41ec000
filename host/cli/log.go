package cli

import (
	"io"
	"log/slog"
	"time"

	"github.com/lmittmann/tint"
)

// quietLog leaves out what only matters to operators.
const quietLog = slog.LevelWarn

// newLogger logs for people on a terminal, and as JSON lines elsewhere.
func newLogger(env Environment, w io.Writer, level slog.Level) *slog.Logger {
	if env.Terminal {
		return slog.New(tint.NewTextHandler(w, &tint.Options{Level: level, TimeFormat: time.TimeOnly, NoColor: !env.colour()}))
	}
	return slog.New(slog.NewJSONHandler(env.Err, &slog.HandlerOptions{Level: level}))
}
