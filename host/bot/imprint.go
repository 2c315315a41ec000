package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/host/script/link"
)

const (
	// maxMaterial is the size in bytes above which a file beside the scripts is not read, and told apart by its size
	// and its time. It is more than can be published.
	maxMaterial = 64 << 20
	// restless is how old a file's last change is at least for its content to be taken to be what it was: some file
	// systems tell times by two seconds.
	restless = 3 * time.Second
)

// imprint is the content of a folder in hashes, by path.
type imprint map[string]string

// scout takes the imprints of a folder, one after the other. Pictures and other material are read again when
// their size or time has changed, everything else each time. The zero scout has seen nothing.
type scout struct {
	seen map[string]sighting
}

// sighting is what a file was like when it was read.
type sighting struct {
	size int64
	at   time.Time
	sum  string
}

// look takes the imprint of all files of a folder that a published version of it holds.
func (s *scout) look(dir fs.FS, now time.Time) (imprint, error) {
	found, seen := imprint{}, map[string]sighting{}
	err := link.Walk(dir, func(file string, _ fs.DirEntry) error {
		if file == SettingsFile || link.IsDocument(file) || isModule(file) {
			data, err := fs.ReadFile(dir, file)
			if errors.Is(err, fs.ErrNotExist) {
				return nil // gone since it was listed: the next look will tell
			}
			sum := sha256.Sum256(data)
			found[file] = hex.EncodeToString(sum[:])
			return err
		}
		info, err := fs.Stat(dir, file) // of what a link leads to
		if err != nil || !info.Mode().IsRegular() {
			return nil //nolint:nilerr // it has just gone, or there never was a file
		}
		one, known := s.seen[file]
		if !known || one.size != info.Size() || !one.at.Equal(info.ModTime()) {
			one = sighting{info.Size(), info.ModTime(), ""}
			if one.sum, err = sumOf(dir, file, info); err != nil {
				return nil //nolint:nilerr // nobody may read it, so nothing is made of it
			}
		}
		found[file] = one.sum
		if !one.at.IsZero() && now.Sub(one.at) > restless {
			seen[file] = one
		}
		return nil
	})
	s.seen = seen
	return found, err
}

// sumOf is the hash of a file, or of its size and time when it is too large to be read for this.
func sumOf(dir fs.FS, file string, info fs.FileInfo) (string, error) {
	sum := sha256.New()
	if info.Size() > maxMaterial {
		_, _ = fmt.Fprintf(sum, "%d\x00%d", info.Size(), info.ModTime().UnixNano()) // a hash takes everything
		return hex.EncodeToString(sum.Sum(nil)), nil
	}
	content, err := dir.Open(file)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(sum, content)
	return hex.EncodeToString(sum.Sum(nil)), errors.Join(err, content.Close())
}

// played tells whether a file is part of what people meet: not those that only its makers need, such as conversation
// tests and the sources of plug-ins.
func played(file string) bool {
	return link.IsDocument(file) || isModule(file) || !strings.HasSuffix(file, ".chat") && !strings.HasPrefix(file, direction.Folder+"/")
}

// material tells whether a file is a picture or something else that lies beside the scripts.
func material(file string) bool {
	return played(file) && file != SettingsFile && !link.IsDocument(file) && !isModule(file)
}

// hash names what people meet of a folder: two folders with the same hash play the same.
func (i imprint) hash() string {
	sum := sha256.New()
	for _, file := range slices.Sorted(maps.Keys(i)) {
		if played(file) {
			_, _ = fmt.Fprintf(sum, "%s\x00%s\x00", file, i[file]) // a hash takes everything
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}
