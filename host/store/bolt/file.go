package bolt

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

const (
	// format is the layout of the file as this program writes it.
	format = "footlight-store-2"
	// compactAbove is the size, in bytes, below which a file is never compacted.
	compactAbove = 4 << 20
	// compactStep is the most bytes that compaction copies in one transaction.
	compactStep = 4 << 20
	// reopens is how often a file that was replaced while we waited for it is opened again.
	reopens = 5
)

// openFile opens the file for this process alone, with its buckets, compacted.
func openFile(o Options) (*bbolt.DB, error) {
	if o.Path == "" {
		return nil, errors.New("path is empty")
	}
	if o.Wait == 0 {
		o.Wait = DefaultWait
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(filepath.Dir(o.Path), 0o700); err != nil {
		return nil, err
	}
	db, err := lock(o)
	if err != nil {
		return nil, err
	}
	// The format comes first: a file of a stranger is left as it is.
	if err := prepare(db); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", o.Path, err), db.Close())
	}
	if size, free := usage(db); size < compactAbove || free <= size/2 {
		return db, nil
	}
	before, _ := usage(db)
	if err := compact(db, o.Path); err != nil {
		o.Log.Warn("store is not compacted", "path", o.Path, "error", err)
		return db, nil
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	if db, err = lock(o); err != nil {
		return nil, err
	}
	after, _ := usage(db)
	o.Log.Info("store compacted", "path", o.Path, "bytes_before", before, "bytes_after", after)
	return db, nil
}

// lock opens the file and makes sure that it still is the one of that name: another
// process may have compacted it, which replaces it, while we waited for its lock.
func lock(o Options) (*bbolt.DB, error) {
	for range reopens {
		var file *os.File
		db, err := bbolt.Open(o.Path, 0o600, &bbolt.Options{
			Timeout:      o.Wait,
			FreelistType: bbolt.FreelistMapType,
			OpenFile: func(path string, flag int, mode os.FileMode) (*os.File, error) {
				f, err := os.OpenFile(path, flag, mode)
				file = f
				return f, err
			},
		})
		if errors.Is(err, berrors.ErrTimeout) {
			return nil, fmt.Errorf("%s is held by another process, most likely another footlight "+
				"(find it with: fuser -v %q); stop it, or give this one a file of its own", o.Path, o.Path)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.Path, err)
		}
		same, err := isNamed(file, o.Path)
		if err == nil && same {
			return db, nil
		}
		if err := errors.Join(err, db.Close()); err != nil {
			return nil, fmt.Errorf("%s: %w", o.Path, err)
		}
	}
	return nil, fmt.Errorf("%s is replaced again and again by other processes", o.Path)
}

func isNamed(file *os.File, path string) (bool, error) {
	open, err := file.Stat()
	if err != nil {
		return false, err
	}
	named, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil && os.SameFile(open, named), err
}

// prepare checks the format mark of the file, or gives an empty file its mark and buckets.
func prepare(db *bbolt.DB) error {
	return db.Update(func(tx *bbolt.Tx) error {
		meta := tx.Bucket(metaBucket)
		if meta == nil {
			if first, _ := tx.Cursor().First(); first != nil {
				return errors.New("it is a database of another program")
			}
		} else if mark := string(meta.Get(formatKey)); mark != format {
			return fmt.Errorf("it has the format %q, this footlight knows %q: "+
				"use the footlight that wrote it, or give this one a file of its own", mark, format)
		}
		for _, name := range buckets { // a file of an earlier release lacks what it did not know
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return tx.Bucket(metaBucket).Put(formatKey, []byte(format))
	})
}

// usage is the size of the file and how much of it is empty, in bytes.
func usage(db *bbolt.DB) (size, free int64) {
	stats := db.Stats()
	_ = db.View(func(tx *bbolt.Tx) error {
		size = tx.Size()
		return nil
	})
	return size, int64(stats.FreePageN+stats.PendingPageN) * int64(db.Info().PageSize)
}

// compact copies what is in db to a new file, which takes the place of the one at
// path. db stays open, and its lock held, until the new file is in place.
func compact(db *bbolt.DB, path string) (err error) {
	temp := path + ".compact"
	if err := os.Remove(temp); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temp)
		}
	}()
	dst, err := bbolt.Open(temp, 0o600, &bbolt.Options{Timeout: time.Second, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return err
	}
	if err := errors.Join(bbolt.Compact(dst, db, compactStep), dst.Close()); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path)) // first: once the new file is in place db is nobody's
	if err != nil {
		return err
	}
	defer func() { _ = folder.Close() }()
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	_ = folder.Sync() // makes the rename durable, where the system lets folders be synced
	return nil
}

func isClosed(err error) bool {
	return errors.Is(err, berrors.ErrDatabaseNotOpen)
}

// tell wraps the error of an operation with what it was about; errors of a context stay as they are.
func tell(what string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("%s: %w", what, err)
}
