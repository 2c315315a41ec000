package deploy

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Bounds of what a machine must have.
const (
	// maxSkew is how far our clock may be from Meta's. Meta tells whole seconds, and calls take time.
	maxSkew = 30 * time.Second
	// minRoom is how many free bytes a disk must have for the store to be written at all.
	minRoom = 64 << 20
	// minEase is how many free bytes it should have.
	minEase = 1 << 30
)

// lookClock compares our clock with the date of Meta's answers.
func lookClock(ctx context.Context, r *round) Finding {
	if _, err := r.registry.Name(ctx); err != nil {
		return refused(err)
	}
	theirs, ours := r.registry.Date(), r.Clock.Now()
	if theirs.IsZero() {
		return skipped("Meta does not say what time it is")
	}
	skew := ours.Sub(theirs)
	way := "ahead of"
	if skew < 0 {
		skew, way = -skew, "behind"
	}
	if skew <= maxSkew {
		return fine("it agrees with Meta's")
	}
	return warning(fmt.Sprintf("it is %s %s Meta's", skew.Round(time.Second), way),
		"The 24 hours in which the bot may answer are counted wrongly, delays and reminders come at wrong times, and Meta's requests to delete data can be taken for old ones.",
		"Let the machine keep its time by itself: on Linux, timedatectl set-ntp true; timedatectl tells whether it does.")
}

// Stored is how a host's store is kept.
type Stored struct {
	File   string   // empty: it is no file
	New    bool     // the file is not there yet
	Free   uint64   // bytes on the disk of the file
	Doubts []string // what can be lost, in sentences with their cures
}

// lookStorage looks at the place where everything is kept.
func lookStorage(ctx context.Context, r *round) Finding {
	if r.Stored == nil {
		return skipped("the host's store cannot be asked from here")
	}
	s, err := r.Stored(ctx)
	const means = "A host that cannot keep what people write refuses it, so that Meta sends it again; after an hour Meta unsubscribes the bot."
	cure := "Make room on the disk of " + s.File + ", or stop the host, move the file to a larger disk, and name it with --store."
	room := fmt.Sprintf("%d MiB are free on the disk of %s", s.Free>>20, s.File)
	if s.New {
		room = fmt.Sprintf("%d MiB are free where %s is going to be", s.Free>>20, s.File)
		cure = "Make room there, or name a file on a larger disk with --store."
	}
	switch {
	case err != nil:
		return unasked(err)
	case s.File != "" && s.Free < minRoom:
		return broken(room, means, cure)
	case s.File != "" && s.Free < minEase:
		return warning(room, means, cure)
	case s.File != "":
		return fine("%s", room)
	case len(s.Doubts) > 0:
		return warning(strings.Join(s.Doubts, " "), "What the host has taken from Meta could be lost: Meta does not send it again.", "Set it in redis.conf as each sentence says (or with CONFIG SET and CONFIG REWRITE), and run this again.")
	}
	return fine("Redis keeps what it has acknowledged")
}
