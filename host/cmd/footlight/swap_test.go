package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// withDirection puts a new plug-in named hello into the folder on the desk, and a bot of
// two triggers that uses it.
func (d *desk) withDirection(language string) {
	d.t.Helper()
	author := newAuthor(d.t, d.dir)
	author.sh("footlight direction new plugins/hello --lang " + language)
	author.build(language)
	topics, err := filepath.Glob(filepath.Join(d.dir, "*.topic"))
	if err != nil {
		d.t.Fatal(err)
	}
	for _, file := range topics {
		if err := os.Remove(file); err != nil {
			d.t.Fatal(err)
		}
	}
	d.save("bot.toml", "[plugins.hello]\ngrant = [\"log\"]\n")
	d.save("default.topic", "+ greet *\n- <hello to=<star> fallback=\"Nobody is in.\">\n\n+ *\n- Whom shall I greet?\n")
}

// build makes the module of the plug-in hello.
func (a *author) build(language string) {
	a.t.Helper()
	if language == "c" {
		a.sh("cd plugins/hello && sh direction/build.sh hello.c hello.wasm")
	}
}

// TestDirectionIsSwapped: while the bot is on the desk, a plug-in that is saved or built
// again answers the next message, and one that is broken leaves the last good one there.
func TestDirectionIsSwapped(t *testing.T) {
	for language, source := range map[string]string{"js": "plugins/hello/hello.js", "c": "plugins/hello/hello.c"} {
		t.Run(language, func(t *testing.T) {
			if language == "c" {
				if out, err := exec.Command("sh", filepath.Join(root, "sdk", "c", "build.sh"), os.DevNull, os.DevNull).CombinedOutput(); err != nil && strings.Contains(string(out), "is missing") {
					missing(t, strings.TrimSpace(string(out)))
				}
			}
			d := openDesk(t, "tea", func(d *desk) {
				d.t = t
				d.withDirection(language)
			})
			author := newAuthor(t, d.dir)
			d.hears("Whom shall I greet?")
			d.say("greet ann")
			d.hears("Hello, ann!")

			code := d.read(source)
			d.save(source, strings.NewReplacer("`H$", "`Well, h$", `"Hello"`, `"Well, hello"`).Replace(code))
			author.build(language)
			d.generation(2)
			d.say("greet bo")
			d.hears("Well, hello, bo!")

			broken := "plugins/hello/hello.js"
			if language == "c" {
				broken = "plugins/hello/hello.wasm"
			}
			d.save(broken, "export function run( {")
			d.see(`!document.getElementById("banner").hidden`)
			d.say("greet cy")
			d.hears("Well, hello, cy!")
		})
	}
}
