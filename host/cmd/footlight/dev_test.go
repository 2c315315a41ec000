package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// desk is "footlight dev" on a copy of a sample bot, and a browser that looks at it.
type desk struct {
	*browser
	dir string
	dev *process
}

// openDesk starts dev after change has had its way with the copy, and opens the page.
func openDesk(t *testing.T, sample string, change func(*desk)) *desk {
	t.Helper()
	d := &desk{browser: &browser{t: t}, dir: filepath.Join(t.TempDir(), sample)}
	if err := os.CopyFS(d.dir, os.DirFS(filepath.Join("../../../scripts", sample))); err != nil {
		t.Fatal(err)
	}
	change(d)
	address := ""
	d.dev = launch(t, t.TempDir(), []string{"XDG_CACHE_HOME=" + filepath.Join(os.TempDir(), "footlight-test-cache")}, func(line string) bool {
		_, found, ok := strings.Cut(line, "console   ")
		address = strings.TrimSpace(found)
		return ok
	}, "dev", d.dir, "--addr", "127.0.0.1:0", "--console", "127.0.0.1:0")
	t.Cleanup(func() {
		d.dev.stop()
		if code := d.dev.code(); code != 0 {
			t.Errorf("dev ended with code %d", code)
		}
		if t.Failed() {
			t.Logf("dev:\n%s", d.dev.log)
		}
	})
	if address == "" {
		t.Fatalf("dev did not start:\n%s", d.dev.log)
	}
	d.browser = browse(t, address)
	return d
}

// hears waits until the bot's last message holds a text.
func (d *desk) hears(text string) {
	d.t.Helper()
	d.see(fmt.Sprintf(`[...document.querySelectorAll('#log [data-from="bot"] .bubble')].at(-1)?.innerText.includes(%q)`, text))
}

// place waits until the bot's last message names the place in the script it came from.
func (d *desk) place(file string, line int) {
	d.t.Helper()
	d.see(fmt.Sprintf(`[...document.querySelectorAll('#log [data-from="bot"] .chip')].at(-1)?.innerText.replace(/\s/g, "") === "%s:%d"`, file, line))
}

// generation waits until a version of the script is on stage.
func (d *desk) generation(n int) {
	d.t.Helper()
	d.see(fmt.Sprintf(`document.querySelector("#generation b")?.innerText === "%d"`, n))
}

func (d *desk) read(file string) string {
	d.t.Helper()
	data, err := os.ReadFile(filepath.Join(d.dir, file))
	if err != nil {
		d.t.Fatal(err)
	}
	return string(data)
}

// save writes a file as many editors do: aside, then in its place.
func (d *desk) save(file, text string) {
	d.t.Helper()
	path := filepath.Join(d.dir, file)
	if err := os.WriteFile(path+"~", []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
	if err := os.Rename(path+"~", path); err != nil {
		d.t.Fatal(err)
	}
}

// lineOf is the number of the line that is a text.
func lineOf(text, line string) int {
	for i, each := range strings.Split(text, "\n") {
		if each == line {
			return i + 1
		}
	}
	return 0
}

// TestAuthorsDesk is an author's first quarter of an hour: talk, change a line,
// break the script, mend it.
func TestAuthorsDesk(t *testing.T) {
	const file, trigger, answer = "default.topic", "+ my colour", "Tell me: which colour do you like?"
	d := openDesk(t, "welcome", func(*desk) {})
	d.see(`document.querySelectorAll('#log [data-from="bot"]').length === 2`) // the greeting, and after a delay the question
	d.say("Ann")
	d.hears("What shall we do?")
	d.see(`[...document.querySelectorAll("#quick button")].map((b) => b.innerText).join() === "Guess a number,My colour,Be quiet"`)
	d.shot("desk", 1280, 800)
	d.shot("desk-phone", 390, 844)
	d.see(`document.querySelectorAll("#quick button")[1].click() ?? true`)
	d.hears(answer)
	script := d.read(file)
	d.place(file, lineOf(script, trigger))

	t.Log("a change is on stage at once")
	changed := "\n" + strings.Replace(script, answer, "So, which colour is yours?", 1)
	d.save(file, changed)
	d.generation(2)
	d.say("my colour")
	d.hears("So, which colour is yours?")
	d.place(file, lineOf(changed, trigger))

	t.Log("a script with an error is shown, and the bot goes on with the last one that had none")
	broken := strings.Replace(changed, "So, which colour is yours?", "Which {topic=nowhere} one?", 1)
	d.save(file, broken)
	d.see(`!document.getElementById("banner").hidden && !document.getElementById("overlay").hidden`)
	d.see(fmt.Sprintf(`document.getElementById("banner").innerText.includes("serving generation 2") && document.getElementById("overlay").innerText.includes("%s:%d")`,
		file, lineOf(changed, trigger)+2))
	d.shot("broken", 1280, 800)
	d.shot("broken-phone", 390, 844)
	d.say("help")
	d.hears("You can say hello, play, or tell me a colour.")
	d.say("my colour")
	d.hears("So, which colour is yours?")

	t.Log("and is gone when it is mended")
	d.save(file, strings.Replace(changed, "So, which colour is yours?", "And your colour?", 1))
	d.see(`document.getElementById("banner").hidden && document.getElementById("overlay").hidden`)
	d.generation(3)
	d.say("my colour")
	d.hears("And your colour?")

	d.dev.stop()
	for _, line := range []string{"on stage: generation 2", fmt.Sprintf("%s:%d", file, lineOf(changed, trigger)+2), "serving generation 2", "on stage: generation 3"} {
		if !strings.Contains(d.dev.log.String(), line) {
			t.Errorf("the terminal does not tell %q", line)
		}
	}
}

// TestDeskWaitsForAScript: who starts with a script that has errors is told so, and the
// person at the phone gets their greeting as soon as it is mended.
func TestDeskWaitsForAScript(t *testing.T) {
	const file = "default.topic"
	whole := ""
	d := openDesk(t, "welcome", func(d *desk) {
		whole = d.read(file)
		d.save(file, strings.Replace(whole, "{topic=name}", "{topic=nowhere}", 1))
	})
	d.see(`!document.getElementById("waiting").hidden && document.getElementById("waiting").innerText.includes("topic \"nowhere\" does not exist")`)
	d.save(file, whole)
	d.see(`document.getElementById("waiting").hidden`)
	d.generation(1)
	d.see(`[...document.querySelectorAll('#log [data-from="bot"] .bubble')].at(0)?.innerText.includes("I am Lumi")`)
}
