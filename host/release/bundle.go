// Package release publishes bots: a version is all files of a bot's folder in one signed,
// content-addressed bundle in the store; an order, signed too, says which version is on
// stage; every host follows the orders and reports how it stands. What a version does, and
// how it is built, is not known here; see bot. No API of the host is promised.
package release

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/script/link"
)

// The bounds of a bundle.
const (
	// MaxFiles is how many files a bundle holds.
	MaxFiles = 10_000
	// MaxContent is the most bytes of all its files together.
	MaxContent = 64 << 20
	// maxNote is the most bytes of what the publisher says of a version.
	maxNote = 500
	// shownFiles is how many files a refusal names as the largest.
	shownFiles = 3
)

// The names inside the archive.
const (
	manifestName = "manifest.json"
	sealName     = "seal.json"
	filesFolder  = "files/"
)

// bundleFormat is the layout of bundles as this program writes them.
const bundleFormat = 1

// File is one file of a version.
type File struct {
	Path string `json:"path"`
	Size int64  `json:"size"`
	Sum  string `json:"sum"` // SHA-256, in hex
}

// Plugin is a plug-in of a version, and what the owner of the bot lets it do.
type Plugin struct {
	Name    string   `json:"name"`
	Version string   `json:"version,omitempty"`
	Grants  []string `json:"grants,omitempty"`
}

// Manifest is what is known of a version without building it.
type Manifest struct {
	Format  int       `json:"format"`
	Bot     string    `json:"bot"`
	Version string    `json:"version"` // names the content: the same files have the same version
	At      time.Time `json:"at"`      // when it was packed
	Note    string    `json:"note,omitempty"`
	Files   []File    `json:"files"` // by path
	Plugins []Plugin  `json:"plugins,omitempty"`
	Module  string    `json:"module"`          // SHA-256 of the module that its scripts became at the publisher's
	Tests   int       `json:"tests,omitempty"` // conversation tests that passed before it was published
	Release string    `json:"release"`         // of the footlight that packed it
}

// Bundle is a version with its files.
type Bundle struct {
	Manifest Manifest
	Dir      fs.FS // the bot's folder
	Key      Public
}

// Pack makes a version of a folder, without Module, Plugins, Tests and Release, which the caller knows.
func Pack(bot string, dir fs.FS, at time.Time, note string) (Manifest, error) {
	if len(note) > maxNote {
		return Manifest{}, fmt.Errorf("publish: the note has %d bytes, at most %d are allowed", len(note), maxNote)
	}
	m := Manifest{Format: bundleFormat, Bot: bot, At: at.UTC().Truncate(time.Second), Note: note}
	err := link.Walk(dir, func(path string, d fs.DirEntry) error {
		if !d.Type().IsRegular() {
			return fmt.Errorf("%s is no plain file", path)
		}
		data, err := fs.ReadFile(dir, path)
		if err != nil {
			return err
		}
		if bytes.HasPrefix(data, []byte(secretMark)) {
			return fmt.Errorf("%s is a publisher's secret key: whoever has it can put anything on your hosts; keep it outside the bot's folder", path)
		}
		sum := sha256.Sum256(data)
		m.Files = append(m.Files, File{path, int64(len(data)), hex.EncodeToString(sum[:])})
		return nil
	})
	if err != nil {
		return Manifest{}, fmt.Errorf("publish: %w", err)
	}
	slices.SortFunc(m.Files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) }) // tea.topic before tea/cup.topic
	m.Version = m.address()
	return m, m.check()
}

// address names the content.
func (m Manifest) address() string {
	sum := sha256.New()
	for _, f := range m.Files {
		_, _ = fmt.Fprintf(sum, "%s\x00%s\x00", f.Path, f.Sum) // a hash takes everything
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// check tells what is wrong with a manifest.
func (m Manifest) check() error {
	if m.Format != bundleFormat {
		return fmt.Errorf("bundle has the format %d, this footlight knows %d: use the footlight that published it, or a newer one", m.Format, bundleFormat)
	}
	if len(m.Files) > MaxFiles {
		return fmt.Errorf("bundle has %d files, at most %d are allowed: files and folders that begin with _ are left out", len(m.Files), MaxFiles)
	}
	size := int64(0)
	for i, f := range m.Files {
		if !fs.ValidPath(f.Path) || f.Size < 0 || i > 0 && m.Files[i-1].Path >= f.Path {
			return fmt.Errorf("bundle's list of files is out of order at %q", f.Path)
		}
		size += f.Size
	}
	if size > MaxContent {
		return fmt.Errorf("bundle has %d bytes, at most %d are allowed; the largest files are %s: rename what the bot does not need so that it begins with _",
			size, MaxContent, m.largest())
	}
	if m.Version != m.address() {
		return errors.New("bundle's version is not that of its files")
	}
	return nil
}

func (m Manifest) largest() string {
	list := slices.Clone(m.Files)
	slices.SortFunc(list, func(a, b File) int { return cmp.Compare(b.Size, a.Size) })
	var names []string
	for _, f := range list[:min(shownFiles, len(list))] {
		names = append(names, f.Path)
	}
	return strings.Join(names, ", ")
}

// Encode writes a version with its files, signed.
func Encode(m Manifest, dir fs.FS, key Key) ([]byte, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	manifest, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	seal, err := json.Marshal(key.seal("bundle", manifest))
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	put := func(name string, data []byte) error {
		w, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: m.At})
		if err == nil {
			_, err = w.Write(data)
		}
		return err
	}
	err = errors.Join(put(manifestName, manifest), put(sealName, seal))
	for _, f := range m.Files {
		data, failed := fs.ReadFile(dir, f.Path)
		if failed == nil && sumOf(data) != f.Sum {
			failed = fmt.Errorf("%s has changed meanwhile: publish once more", f.Path)
		}
		if failed == nil {
			failed = put(filesFolder+f.Path, data)
		}
		if err = errors.Join(err, failed); err != nil {
			return nil, fmt.Errorf("bundle: %w", err)
		}
	}
	if err := archive.Close(); err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	return out.Bytes(), nil
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Decode reads a bundle that one of the publishers has signed, and makes sure that every file is what was
// signed. data must not change while the bundle is in use.
func Decode(data []byte, trusted Publishers) (Bundle, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return Bundle{}, fmt.Errorf("bundle: %w", err)
	}
	var b Bundle
	manifest, err := readSmall(archive, manifestName)
	if err != nil {
		return Bundle{}, err
	}
	text, err := readSmall(archive, sealName)
	if err != nil {
		return Bundle{}, err
	}
	var seal Seal
	if err := json.Unmarshal(text, &seal); err != nil {
		return Bundle{}, fmt.Errorf("bundle: %s: %w", sealName, err)
	}
	if err := trusted.check(seal, "bundle", manifest); err != nil {
		return Bundle{}, err
	}
	b.Key = seal.Key
	if err := json.Unmarshal(manifest, &b.Manifest); err != nil {
		return Bundle{}, fmt.Errorf("bundle: %s: %w", manifestName, err)
	}
	if err := b.Manifest.check(); err != nil {
		return Bundle{}, err
	}
	b.Dir, err = unpack(archive, b.Manifest)
	return b, err
}

// maxManifest is the most bytes of a manifest: MaxFiles entries.
const maxManifest = MaxFiles * 512

func readSmall(archive *zip.Reader, name string) ([]byte, error) {
	data, err := readBounded(archive, name, maxManifest)
	if err != nil {
		return nil, fmt.Errorf("bundle: %s: %w", name, err)
	}
	return data, nil
}

func readBounded(archive *zip.Reader, name string, most int64) ([]byte, error) {
	file, err := archive.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(data)) > most {
		err = errors.New("it is larger than it says")
	}
	return data, err
}
