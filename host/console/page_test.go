package console

import (
	"io"
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

func TestIndexCarriesTheTokensOfThisStart(t *testing.T) {
	c, base := open(t, Config{Desk: newFakeDesk()})
	text, err := io.ReadAll(request(t, "GET", base+"/", "").Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{c.gate.forgery, c.feed.start, "<!doctype html>"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("index lacks %q", want)
		}
	}
}

func TestAssets(t *testing.T) {
	_, base := open(t, Config{Desk: newFakeDesk()})
	for path, kind := range map[string]string{
		"/page/main.js":         "text/javascript; charset=utf-8",
		"/page/base.css":        "text/css; charset=utf-8",
		"/page/icon.svg":        "image/svg+xml",
		"/page/index.html":      "", // only with its tokens filled in
		"/page/none.js":         "",
		"/page/":                "",
		"/page/..%2fconsole.go": "",
		"/page/%2e%2e/act.go":   "",
	} {
		res := request(t, "GET", base+path, "")
		if kind == "" {
			if res.StatusCode != 404 {
				t.Errorf("%s: %s", path, res.Status)
			}
			continue
		}
		if got := res.Header.Get("Content-Type"); res.StatusCode != 200 || got != kind {
			t.Errorf("%s: %s, %q", path, res.Status, got)
		}
	}
}

// The page takes nothing from elsewhere and never turns data into markup.
func TestPageIsSelfContained(t *testing.T) {
	markup := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser`)
	elsewhere := regexp.MustCompile(`(src|href|url\(|import|from)[\s="'(]+(https?:)?//`)
	inline := regexp.MustCompile(`<script>|<style|\sstyle=|\son[a-z]+="`)
	err := fs.WalkDir(files, "page", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		for _, bad := range []*regexp.Regexp{markup, elsewhere} {
			if found := bad.Find(text); found != nil {
				t.Errorf("%s: %s", path, found)
			}
		}
		if strings.HasSuffix(path, ".html") && inline.Match(text) {
			t.Errorf("%s: inline script or style: %s", path, inline.Find(text))
		}
		if lines := strings.Count(string(text), "\n"); lines > 260 {
			t.Errorf("%s: %d lines: one idea per file", path, lines)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
