package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// browser is a tab of a headless chromium.
type browser struct {
	t   *testing.T
	ctx context.Context
}

// browse opens a page in a browser. The test is skipped where there is none, except in CI.
func browse(t *testing.T, url string) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("chromium is not installed: apt-get install chromium")
		}
		t.Skip("chromium is not installed: the desk is not tried in a browser (apt-get install chromium)")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-component-update", true),
	)
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &browser{t: t, ctx: ctx}
	b.do(chromedp.EmulateViewport(1280, 800), chromedp.Navigate(url))
	return b
}

func (b *browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatalf("browser: %v", err)
	}
}

// see waits until a JavaScript condition holds. The page looks for itself at each
// frame: the policy of the page forbids what chromedp would put into it.
func (b *browser) see(condition string) {
	b.t.Helper()
	seen, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](fmt.Sprintf(`(async () => {
		for (const end = performance.now() + %d; !(%s); await new Promise(requestAnimationFrame)) {
			if (performance.now() > end) return false;
		}
		return true;
	})()`, patience.Milliseconds(), condition), chromedp.EvalAwaitPromise))
	if err == nil && seen {
		return
	}
	page, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.body.innerText`))
	b.t.Fatalf("never seen: %s (%v); the page shows\n%s", condition, err, page)
}

// say types into the chat and presses Enter.
func (b *browser) say(text string) {
	b.t.Helper()
	b.do(chromedp.Focus(chromedp.CSS("#say")), chromedp.Func(func(ctx context.Context, page *chromedp.Target) error {
		_, err := cdp.Call(ctx, page, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
		event := input.DispatchKeyEventParams{Type: kind, Key: "Enter", WindowsVirtualKeyCode: 13}
		if kind == input.DispatchKeyEventTypeKeyDown {
			event.Text = "\r"
		}
		b.do(chromedp.Func(func(ctx context.Context, page *chromedp.Target) error {
			_, err := cdp.Call(ctx, page, input.DispatchKeyEvent, event)
			return err
		}))
	}
}

// shot keeps a picture in the folder that FOOTLIGHT_SHOTS names, if any.
func (b *browser) shot(name string, width, height int64) {
	b.t.Helper()
	dir := os.Getenv("FOOTLIGHT_SHOTS")
	if dir == "" {
		return
	}
	b.do(chromedp.EmulateViewport(width, height), chromedp.Sleep(400*time.Millisecond)) // let transitions end
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.EmulateViewport(1280, 800))
}
