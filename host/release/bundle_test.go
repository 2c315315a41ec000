package release

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/bot"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

func newKey(t testing.TB) Key {
	t.Helper()
	k, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// folder is a bot's folder with some that does not belong to the bot.
func folder(hello string) fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"default.topic": file("+ hello\n- " + hello + "\n"), "sub/a.topic": file("+ a\n- b\n"), "tea.chat": file("test: x\n"),
		".git/config": file("secret"), "_old.topic": file("x"), "plugins/w/node_modules/a.js": file("x"), "plugins/w/w.js": file("export"),
	}
}

func pack(t testing.TB, dir fs.FS, k Key) (Manifest, []byte) {
	t.Helper()
	m, err := Pack("tea", dir, noon, "a note")
	if err != nil {
		t.Fatal(err)
	}
	data, err := Encode(m, dir, k)
	if err != nil {
		t.Fatal(err)
	}
	return m, data
}

// A bundle gives back the files of the bot and no others, and the same files have the same version.
func TestBundle(t *testing.T) {
	k := newKey(t)
	m, data := pack(t, folder("Hi!"), k)
	b, err := Decode(data, Publishers{newKey(t).Public(), k.Public()})
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	_ = fs.WalkDir(b.Dir, ".", func(path string, d fs.DirEntry, _ error) error {
		if !d.IsDir() {
			paths = append(paths, path)
		}
		return nil
	})
	if got := strings.Join(paths, " "); got != "default.topic plugins/w/w.js sub/a.topic tea.chat" {
		t.Errorf("files: %s", got)
	}
	if text, _ := fs.ReadFile(b.Dir, "default.topic"); string(text) != "+ hello\n- Hi!\n" {
		t.Errorf("default.topic: %q", text)
	}
	if b.Key != k.Public() || b.Manifest.Note != "a note" || !b.Manifest.At.Equal(noon) {
		t.Errorf("%+v", b)
	}
	if again, _ := pack(t, folder("Hi!"), newKey(t)); again.Version != m.Version {
		t.Error("the same files have another version")
	}
	if other, _ := pack(t, folder("Ho!"), k); other.Version == m.Version {
		t.Error("other files have the same version")
	}
	last := m.Version
	for _, picture := range []string{"\x89PNG 1", "\x89PNG 2"} {
		dir := folder("Hi!")
		dir["sub.png"] = &fstest.MapFile{Data: []byte(picture)} // before the files in sub
		now, _ := pack(t, dir, k)
		if now.Version == last {
			t.Errorf("with the picture %q it is still the same version", picture)
		}
		last = now.Version
		desk, err := new(bot.Reader).Read(dir, noon)
		if err != nil || desk.Version() != last {
			t.Errorf("the folder is called %v, published %s (%v)", desk, last, err)
		}
	}
}

// rezip writes an archive anew, with files that alter returns; nil leaves one out.
func rezip(t *testing.T, data []byte, alter func(name string, text []byte) []byte, more map[string]string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	put := func(name string, text []byte) {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write(text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range in.File {
		text, err := fs.ReadFile(in, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if text = alter(f.Name, text); text != nil {
			put(f.Name, text)
		}
	}
	for name, text := range more {
		put(name, []byte(text))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Whatever is changed in a bundle that lies in the store is noticed.
func TestBundleChanged(t *testing.T) {
	k := newKey(t)
	_, data := pack(t, folder("Hi!"), k)
	same := func(_ string, text []byte) []byte { return text }
	on := func(file string, do func([]byte) []byte) func(string, []byte) []byte {
		return func(name string, text []byte) []byte {
			if name == file {
				return do(text)
			}
			return text
		}
	}
	gone := func([]byte) []byte { return nil }
	foreign := newKey(t)
	resealed := rezip(t, data, on(sealName, func([]byte) []byte {
		archive, _ := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		manifest, _ := fs.ReadFile(archive, manifestName)
		text, _ := json.Marshal(Seal{k.Public(), foreign.seal("bundle", manifest).Signature})
		return text
	}), nil)
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"no archive":           {data[:len(data)/2], "zip"},
		"a file":               {rezip(t, data, on("files/default.topic", func(b []byte) []byte { return bytes.Replace(b, []byte("Hi!"), []byte("Ho!"), 1) }), nil), "default.topic is not the file that was signed"},
		"a longer file":        {rezip(t, data, on("files/default.topic", func(b []byte) []byte { return append(b, '\n') }), nil), "larger than it says"},
		"one file more":        {rezip(t, data, same, map[string]string{"files/more.topic": "+ x\n- y\n"}), `holds "files/more.topic", which nobody has signed`},
		"something beside":     {rezip(t, data, same, map[string]string{"x": "y"}), "which nobody has signed"},
		"one file less":        {rezip(t, data, on("files/sub/a.topic", gone), nil), "sub/a.topic is missing"},
		"a file twice":         {rezip(t, data, same, map[string]string{"files/sub/a.topic": "+ a\n- c\n"}), "which nobody has signed"},
		"manifest":             {rezip(t, data, on(manifestName, func(b []byte) []byte { return bytes.Replace(b, []byte("a note"), []byte("b note"), 1) }), nil), "signature of the bundle is false"},
		"seal":                 {rezip(t, data, on(sealName, gone), nil), "seal.json"},
		"seal of somebody":     {func() []byte { _, d := pack(t, folder("Hi!"), foreign); return d }(), "none of the publishers this host trusts"},
		"seal in another name": {resealed, "signature of the bundle is false"},
	} {
		if _, err := Decode(c.data, Publishers{k.Public()}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := Decode(data, nil); err == nil {
		t.Error("a host that trusts nobody took it")
	}
	// A signature under one kind of text is none under another.
	if err := (Publishers{k.Public()}).check(k.seal("bundle", []byte("x")), "order", []byte("x")); err == nil {
		t.Error("a bundle's signature is one of an order")
	}
}

func TestPackBounds(t *testing.T) {
	big := folder("x")
	big["picture.png"] = &fstest.MapFile{Data: make([]byte, MaxContent+1)}
	if _, err := Pack("tea", big, noon, ""); err == nil || !strings.Contains(err.Error(), "the largest files are picture.png") {
		t.Errorf("too large: %v", err)
	}
	if _, err := Pack("tea", folder("x"), noon, strings.Repeat("x", maxNote+1)); err == nil || !strings.Contains(err.Error(), "note") {
		t.Errorf("long note: %v", err)
	}
	leak := folder("x")
	leak["notes.txt"] = &fstest.MapFile{Data: []byte(secretMark + "abc\n")}
	if _, err := Pack("tea", leak, noon, ""); err == nil || !strings.Contains(err.Error(), "notes.txt is a publisher's secret key") || strings.Contains(err.Error(), "abc") {
		t.Errorf("a secret key: %v", err)
	}
	dir := folder("x")
	m, err := Pack("tea", dir, noon, "")
	if err != nil {
		t.Fatal(err)
	}
	dir["default.topic"].Data = []byte("saved meanwhile")
	if _, err := Encode(m, dir, newKey(t)); err == nil || !strings.Contains(err.Error(), "has changed meanwhile") {
		t.Errorf("saved meanwhile: %v", err)
	}
}

// A key is made once, lies where only its owner reads it, and is the same ever after.
func TestKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "publisher.key")
	k, made, err := OpenKey(path)
	if err != nil || !made {
		t.Fatalf("%v, %v", made, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	again, made, err := OpenKey(path)
	if err != nil || made || again.Public() != k.Public() {
		t.Errorf("again: %v, %v", made, err)
	}
	if list, err := ParsePublishers(" " + string(k.Public()) + ",\n" + string(newKey(t).Public())); err != nil || len(list) != 2 || list[0] != k.Public() {
		t.Errorf("%v, %v", list, err)
	}
	secret, _ := os.ReadFile(path)
	for text, want := range map[string]string{string(secret): "is a secret key", "flpub_x": "no public key", "nonsense": "no public key"} {
		_, err := ParsePublishers(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
		if err != nil && strings.Contains(err.Error(), strings.TrimSpace(string(secret))) {
			t.Error("the error shows the secret")
		}
	}
	if err := os.WriteFile(path, []byte("hunter2"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := OpenKey(path); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a file of another kind: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	k := newKey(f)
	_, data := pack(f, folder("Hi!"), k)
	f.Add(data)
	f.Add(data[:100])
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Decode(data, Publishers{k.Public()})
		if err == nil && b.Manifest.check() != nil {
			t.Error("a manifest was taken that is none")
		}
	})
}
