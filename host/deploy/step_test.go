package deploy

import (
	"bytes"
	"encoding/xml"
	"image/png"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// Every check says what it is for before it is looked at.
func TestSteps(t *testing.T) {
	steps := Steps()
	if len(steps) != len(checks()) {
		t.Fatalf("%d steps, %d checks", len(steps), len(checks()))
	}
	for _, s := range steps {
		if s.Title == "" || !strings.HasSuffix(s.About, ".") {
			t.Errorf("%+v", s)
		}
	}
}

// What Meta refuses of app and token is asked for again, kept instead, and the walk goes on.
func TestAskedAgain(t *testing.T) {
	for _, row := range []struct {
		name    string
		provoke func(*town)
		answers func(*town) map[string]string
		check   string
		kept    string
	}{
		{
			"a wrong secret", func(w *town) { w.site.AppSecret = "another" },
			func(*town) map[string]string { return map[string]string{NameAppID: appID, NameAppSecret: secret} }, App, NameAppSecret,
		},
		{
			"a dead token", func(w *town) {
				w.walk()
				w.take(emulator.Measure{Kind: "password"})
				w.site.UserToken = ""
			},
			func(w *town) map[string]string { return map[string]string{NameUserToken: w.user()} }, PageToken, NamePageToken,
		},
		{
			"a permission that was not granted", func(w *town) {
				w.take(emulator.Measure{Kind: "grant", Scopes: []string{"pages_show_list", "pages_manage_metadata"}})
			},
			func(w *town) map[string]string {
				w.guide.asked = func() {
					w.take(emulator.Measure{Kind: "grant", Scopes: []string{"pages_show_list", "pages_manage_metadata", "pages_messaging"}})
				}
				return map[string]string{NameUserToken: w.site.UserToken}
			}, Permissions, NamePageToken,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newTown(t)
			row.provoke(w)
			before := w.guide.kept[row.kept]
			w.guide.answers = row.answers(w)
			out := w.walk()
			if out.Stopped != "" || find(out.Findings, row.check).State != Changed {
				t.Errorf("stopped at %q: %+v", out.Stopped, out.Findings)
			}
			if got := w.guide.kept[row.kept]; got == "" || got == before {
				t.Errorf("%s was not kept anew", row.kept)
			}
		})
	}
}

// The drawing, the picture and the text of a QR code show the same modules.
func TestQRCode(t *testing.T) {
	code, err := QR(Link("104290001", "poster-3_a="))
	if err != nil {
		t.Fatal(err)
	}
	var drawing struct {
		Box   string `xml:"viewBox,attr"`
		Paths []struct {
			D string `xml:"d,attr"`
		} `xml:"path"`
	}
	if err := xml.Unmarshal(code.SVG(), &drawing); err != nil {
		t.Fatal(err)
	}
	n := len(code)
	if want := "0 0 " + strconv.Itoa(n) + " " + strconv.Itoa(n); drawing.Box != want || len(drawing.Paths) != 2 {
		t.Fatalf("%q, %d paths", drawing.Box, len(drawing.Paths))
	}
	drawn := make(Code, n)
	for y := range drawn {
		drawn[y] = make([]bool, n)
	}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(drawing.Paths[1].D, -1) {
		x, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[2])
		wide, _ := strconv.Atoi(m[3])
		for i := range wide {
			drawn[y][x+i] = true
		}
	}
	data, err := code.PNG()
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for y := range code {
		if !slices.Equal(drawn[y], code[y]) {
			t.Fatalf("row %d of the drawing differs", y)
		}
		for x := range code[y] {
			r, _, _, _ := picture.At(x*minQRPixels+1, y*minQRPixels+1).RGBA()
			if dark := r == 0; dark != code[y][x] {
				t.Fatalf("the picture differs at %d, %d", x, y)
			}
		}
	}
}

// A ref is what Messenger takes as one (messenger.md section 6).
func TestCheckRef(t *testing.T) {
	for ref, ok := range map[string]bool{
		"": true, "poster": true, "Poster-3_a=": true, strings.Repeat("x", maxRef): true,
		strings.Repeat("x", maxRef+1): false, "two words": false, "ü": false, "a&b": false, "a\x00": false,
		strings.Repeat("=", maxRef/3): true, strings.Repeat("=", maxRef/3+1): false, // it takes three bytes each
	} {
		if err := CheckRef(ref); (err == nil) != ok {
			t.Errorf("%.20q: %v", ref, err)
		}
	}
}
