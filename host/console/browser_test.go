package console

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browserPatience is how long all tests with a browser may take together.
const browserPatience = 5 * time.Minute

// launch starts a headless chromium that all tests of the page share. They are
// skipped where there is none, except in CI.
func launch(t *testing.T) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser takes a while: left out with -short")
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("chromium is not installed: apt-get install chromium")
		}
		t.Skip("chromium is not installed: the page is not tried in a browser (apt-get install chromium)")
	}
	// The defaults are headless, without first run, background networking and sync.
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-component-update", true),
	)
	ctx, cancel := context.WithTimeout(context.Background(), browserPatience)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	return ctx
}

// tab is a page of a real browser that looks at a console.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu    sync.Mutex
	noise []string // console errors, exceptions, blocked or foreign requests
}

// browse opens url in a new tab.
func browse(t *testing.T, browser context.Context, url string) *tab {
	t.Helper()
	b := &tab{t: t}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithListener(func(event any) { b.hear(url, event) }))
	t.Cleanup(cancel)
	b.ctx = ctx
	b.do(chromedp.Navigate(url))
	return b
}

// live waits until the page follows its desk.
func (b *tab) live() {
	b.t.Helper()
	b.see(`document.getElementById("connection")?.dataset.connection === "live" && document.getElementById("bot").textContent !== ""`)
}

// hear collects what a page of ours must never cause.
func (b *tab) hear(base string, event any) {
	var heard string
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		heard = "exception: " + e.ExceptionDetails.Text
		if thrown := e.ExceptionDetails.Exception; thrown != nil {
			heard += " " + thrown.Description
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			heard = fmt.Sprintf("console.%s", e.Type)
			for _, arg := range e.Args {
				heard += " " + string(arg.Value)
			}
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			heard = fmt.Sprintf("log: %s %s", e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, base) {
			heard = "request to " + e.Request.URL
		}
	}
	if heard != "" {
		b.mu.Lock()
		b.noise = append(b.noise, heard)
		b.mu.Unlock()
	}
}

func (b *tab) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, heard := range b.noise {
		b.t.Errorf("the page made noise: %s", heard)
	}
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatalf("browser: %v", err)
	}
}

// script runs JavaScript in the page.
func (b *tab) script(code string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](code))
}

// press presses keys as a keyboard does: a key whose press the page takes for
// itself types nothing.
func (b *tab) press(keys ...string) {
	b.t.Helper()
	texts := map[string]string{"Enter": "\r", "ArrowUp": "", "ArrowDown": "", "Escape": "", "Tab": ""}
	codes := map[string]int64{"Enter": 13, "Escape": 27, "ArrowUp": 38, "ArrowDown": 40, "Tab": 9}
	for _, key := range keys {
		text, named := texts[key]
		if !named {
			text = key
		}
		for _, typ := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
			event := input.DispatchKeyEventParams{Type: typ, Key: key, WindowsVirtualKeyCode: codes[key]}
			if typ == input.DispatchKeyEventTypeKeyDown {
				event.Text = text
			}
			b.do(chromedp.Func(func(ctx context.Context, page *chromedp.Target) error {
				_, err := cdp.Call(ctx, page, input.DispatchKeyEvent, event)
				return err
			}))
		}
	}
}

// write puts text into a field.
func (b *tab) write(field chromedp.CSS, text string) {
	b.t.Helper()
	b.do(chromedp.Focus(field), chromedp.Func(func(ctx context.Context, page *chromedp.Target) error {
		_, err := cdp.Call(ctx, page, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
}

// see waits until a JavaScript condition holds. The page looks for itself at each
// frame: the policy of the page forbids what chromedp would put into it.
func (b *tab) see(condition string) {
	b.t.Helper()
	seen, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](fmt.Sprintf(`(async () => {
		for (const end = performance.now() + %d; !(%s); await new Promise(requestAnimationFrame)) {
			if (performance.now() > end) return false;
		}
		return true;
	})()`, patience.Milliseconds(), condition), chromedp.EvalAwaitPromise))
	if err != nil || !seen {
		b.shot("failed")
		b.quiet()
		b.t.Fatalf("never seen: %s (%v)", condition, err)
	}
}

// window sets the size of the window and the theme.
func (b *tab) window(width, height int64, theme string) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, height), chromedp.Func(func(ctx context.Context, page *chromedp.Target) error {
		_, err := cdp.Call(ctx, page, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}},
		})
		return err
	}))
}

// fits tells that nothing sticks out to the side.
func (b *tab) fits() {
	b.t.Helper()
	wide, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`(() => {
		const limit = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth > limit || document.body.scrollWidth > limit) return "the page is " + document.body.scrollWidth + " wide";
		for (const id of ["thread", "trace", "variables", "topics-panel", "problems-panel", "overlay", "deploy", "doctor"]) {
			const node = document.getElementById(id);
			if (node.scrollWidth > node.clientWidth) return id + " is " + node.scrollWidth + " wide, has " + node.clientWidth;
		}
		return "";
	})()`))
	if err != nil {
		b.t.Fatal(err)
	}
	if wide != "" {
		b.t.Errorf("sticks out: %s", wide)
	}
}

// shot keeps a picture in the folder that FOOTLIGHT_SHOTS names, if any.
func (b *tab) shot(name string) {
	b.t.Helper()
	dir := os.Getenv("FOOTLIGHT_SHOTS")
	if dir == "" {
		return
	}
	b.do(chromedp.Sleep(400 * time.Millisecond)) // let transitions end
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// until waits for something that happens at the desk or while a page is loaded.
func (b *tab) until(holds func() bool, what string) {
	b.t.Helper()
	for end := time.Now().Add(patience); !holds(); {
		if time.Now().After(end) {
			b.shot("failed")
			b.t.Fatalf("never came: %s", what)
		}
		b.do(chromedp.Sleep(10 * time.Millisecond)) // so as not to keep the browser busy
	}
}

// holds tells whether a JavaScript condition holds now. A page that is just being
// replaced holds nothing.
func (b *tab) holds(condition string) bool {
	b.t.Helper()
	held, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`Boolean(`+condition+`)`))
	return err == nil && held
}
