package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/sdk/kit"
)

// maxAuthorCommands is how many commands lead a new author from nothing to a tag that
// answers, at most.
const maxAuthorCommands = 9

// TestNewAuthor follows the first page of each library to the letter, and nothing else:
// its commands in the folder of a bot, its lines in bot.toml and in a script. Then
// somebody talks to the bot.
func TestNewAuthor(t *testing.T) {
	for _, language := range kit.Languages {
		t.Run(language, func(t *testing.T) {
			page := authorPage(t, language)
			bot := t.TempDir()
			settings, script, _ := strings.Cut(columns(page[1]), "\x00")
			for file, text := range map[string]string{"bot.toml": settings, "default.topic": script + "\n+ *\n- What?\n"} {
				if err := os.WriteFile(filepath.Join(bot, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			commands := strings.Split(strings.TrimSpace(page[0]), "\n")
			if n := len(commands) + 1; n > maxAuthorCommands || strings.TrimSpace(page[2]) != "footlight dev ." {
				t.Errorf("the page needs %d commands, more than %d, or does not end with footlight dev", n, maxAuthorCommands)
			}
			author := newAuthor(t, bot)
			author.run(commands)
			answer := author.sh("echo hello Ann | footlight chat .")
			if !strings.Contains(answer, "\nHello, ann!\n") {
				t.Errorf("the bot says\n%s", answer)
			}
		})
	}
}

// authorPage is the fenced blocks of the section that leads from nothing to a tag.
func authorPage(t *testing.T, language string) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "sdk", language, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(data), "\n## From nothing to a tag that answers\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var out []string
	for _, m := range regexp.MustCompile("(?ms)^```[a-z]*\n(.*?)^```$").FindAllStringSubmatch(section, -1) {
		out = append(out, m[1])
	}
	if !found || len(out) != 3 {
		t.Fatalf("sdk/%s/README.md: the section has %d blocks, want commands, settings beside a script, and a command", language, len(out))
	}
	return out
}

// columns takes a block apart that shows two files side by side.
func columns(block string) string {
	var left, right strings.Builder
	for line := range strings.Lines(block) {
		at := regexp.MustCompile(` {3,}[+-]`).FindStringIndex(line)
		if at == nil {
			left.WriteString(line)
			continue
		}
		left.WriteString(line[:at[0]] + "\n")
		right.WriteString(line[at[1]-1:])
	}
	return left.String() + "\x00" + right.String()
}

// author is somebody at a shell, in a folder.
type author struct {
	t      *testing.T
	folder string
	env    []string
}

// newAuthor gives somebody a shell that knows footlight.
func newAuthor(t *testing.T, folder string) *author {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	program := fmt.Sprintf("#!/bin/sh\n%s=1 exec '%s' \"$@\"\n", asProgram, self)
	if err := os.WriteFile(filepath.Join(bin, "footlight"), []byte(program), 0o700); err != nil {
		t.Fatal(err)
	}
	env := append(os.Environ(),
		"PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"),
		"XDG_CACHE_HOME="+filepath.Join(os.TempDir(), "footlight-test-cache"),
		"GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local",
	)
	if cache, err := exec.Command("go", "env", "GOCACHE").Output(); err == nil {
		env = append(env, "GOCACHE="+strings.TrimSpace(string(cache)))
	}
	return &author{t: t, folder: folder, env: env}
}

// run types the commands of a page, one shell after the other except for cd.
func (a *author) run(commands []string) {
	a.t.Helper()
	home := a.folder
	defer func() { a.folder = home }()
	for _, command := range commands {
		if to, ok := strings.CutPrefix(command, "cd "); ok {
			a.folder = filepath.Join(a.folder, to)
			continue
		}
		if command == "npm ci" { // the network is not for tests: the compiler is where make plugins has put it
			tools, err := filepath.Abs(filepath.Join(root, "sdk", "as", "node_modules"))
			if err != nil {
				a.t.Fatal(err)
			}
			if _, err := os.Stat(tools); err != nil {
				missing(a.t, "AssemblyScript is not installed in sdk/as: make plugins does it")
			}
			if err := os.Symlink(tools, filepath.Join(a.folder, "node_modules")); err != nil {
				a.t.Fatal(err)
			}
			continue
		}
		a.sh(command)
	}
}

// missing skips a test for want of a tool. Where the tools are promised, it fails.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// sh runs a command and returns what it says. A tool that is missing skips the test.
func (a *author) sh(command string) string {
	a.t.Helper()
	ctx, cancel := context.WithTimeout(a.t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.Dir, cmd.Env = a.folder, a.env
	out, err := cmd.CombinedOutput()
	if err == nil {
		return string(out)
	}
	for _, line := range strings.Split(string(out), "\n") {
		if strings.Contains(line, ": not found") || strings.Contains(line, "is missing: (Debian)") || strings.Contains(line, "can make WebAssembly") {
			missing(a.t, line)
		}
	}
	a.t.Fatalf("%s: %v\n%s", command, err, out)
	return ""
}
