package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/footlight-bots/footlight/"

// pkg is what "go list" tells of a package.
type pkg struct {
	ImportPath                         string
	Dir                                string
	Doc                                string
	Imports, TestImports, XTestImports []string
	GoFiles, TestGoFiles, XTestGoFiles []string
}

// room is the path of a package below host/, or "" for one from elsewhere.
func room(path string) string {
	rest, ok := strings.CutPrefix(path, module+"host/")
	if !ok {
		return ""
	}
	return rest
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json", module+"host/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		all = append(all, p)
	}
}

// boxes are the floors of the house. A package imports packages of lower floors,
// or those of its own that are named after it.
var boxes = map[string]struct {
	floor      int
	neighbours []string
}{
	"bell":            {0, nil},
	"clock":           {0, nil},
	"lull":            {0, nil},
	"trace":           {0, nil},
	"script/source":   {0, nil},
	"script/message":  {0, nil},
	"script/diag":     {0, []string{"script/source"}},
	"compile/wasmbin": {0, nil},

	"script/syntax": {1, nil},
	"script/link":   {1, []string{"script/syntax"}},
	"script/format": {1, []string{"script/syntax"}},

	"compile/reply":  {2, nil},
	"compile/ir":     {2, []string{"compile/reply"}},
	"compile/world":  {2, []string{"compile/ir", "compile/reply"}},
	"compile/match":  {2, []string{"compile/ir"}},
	"compile/index":  {2, []string{"compile/ir"}},
	"compile/lower":  {2, []string{"compile/ir", "compile/match", "compile/reply", "compile/world"}},
	"compile/interp": {2, []string{"compile/ir", "compile/reply", "compile/world"}},
	"compile/emit":   {2, []string{"compile/ir", "compile/reply", "compile/world", "compile/index", "compile/emit/data", "compile/emit/graph"}},
	"compile/reach":  {2, []string{"compile/ir", "compile/interp"}},
	"compile":        {2, []string{"compile/ir", "compile/lower", "compile/reach", "compile/emit"}},

	"compile/emit/data":  {2, nil},
	"compile/emit/graph": {2, []string{"compile/ir", "compile/emit/data"}},

	"fetch":             {3, nil},
	"file":              {3, nil},
	"sandbox/wat":       {3, nil},
	"sandbox/bytecode":  {3, nil},
	"sandbox/meter":     {3, []string{"sandbox/bytecode"}},
	"sandbox/admission": {3, []string{"sandbox/bytecode", "sandbox/meter"}},
	"sandbox/land":      {3, nil},
	"sandbox":           {3, []string{"sandbox/land", "sandbox/meter"}},
	"sandbox/plugin":    {3, []string{"sandbox", "sandbox/admission", "sandbox/bytecode", "sandbox/land", "sandbox/meter"}},
	"macro":             {3, []string{"sandbox", "sandbox/plugin"}},
	"session":           {3, nil},
	"turn":              {3, []string{"session", "macro"}},
	"direction":         {3, []string{"fetch", "macro", "sandbox", "sandbox/plugin", "turn"}},
	"direction/zoo":     {3, []string{"sandbox/wat"}},

	"store":                 {4, nil},
	"store/record":          {4, []string{"store"}},
	"store/bolt":            {4, []string{"store", "store/record"}},
	"store/redis":           {4, []string{"store", "store/record"}},
	"store/storetest":       {4, []string{"store"}},
	"store/redis/redistest": {4, nil},
	"messenger":             {4, []string{"messenger/bundle", "messenger/prose", "messenger/scan"}},
	"messenger/bundle":      {4, nil},
	"messenger/scan":        {4, nil},
	"foyer":                 {4, nil},
	"bot":                   {4, []string{"foyer"}},
	"media":                 {4, []string{"store", "messenger"}},
	"mask":                  {4, []string{"store", "messenger"}},
	"delivery":              {4, []string{"store", "messenger", "media", "mask", "delivery/group", "delivery/pace"}},
	"delivery/group":        {4, []string{"messenger"}},
	"delivery/pace":         {4, nil},

	"messenger/prose":              {4, nil},
	"messenger/advice":             {4, []string{"messenger"}},
	"messenger/profiles":           {4, []string{"messenger"}},
	"messenger/emulator/value":     {4, nil},
	"messenger/emulator/refusal":   {4, nil},
	"messenger/emulator/quota":     {4, nil},
	"messenger/emulator/selection": {4, nil},
	"messenger/emulator/journal":   {4, nil},
	"messenger/emulator/fault":     {4, []string{"messenger/emulator/refusal", "messenger/emulator/value"}},
	"messenger/emulator/answer":    {4, []string{"messenger/emulator/value"}},
	"messenger/emulator/callback":  {4, []string{"messenger/emulator/value"}},
	"messenger/emulator/webhook":   {4, []string{"messenger/emulator/value"}},
	"messenger/emulator/request":   {4, []string{"messenger/emulator/refusal", "messenger/emulator/value"}},
	"messenger/emulator/batch":     {4, []string{"messenger/emulator/refusal", "messenger/emulator/value"}},
	"messenger/emulator/media":     {4, []string{"messenger/emulator/refusal", "messenger/emulator/request"}},
	"messenger/emulator/content":   {4, []string{"messenger/emulator/refusal", "messenger/emulator/request", "messenger/emulator/value"}},
	"messenger/emulator/profile":   {4, []string{"messenger/emulator/content", "messenger/emulator/refusal", "messenger/emulator/value"}},
	"messenger/emulator/thread":    {4, []string{"messenger/emulator/content"}},
	"messenger/emulator/world":     {4, []string{"messenger/emulator/refusal", "messenger/emulator/webhook"}},
	"messenger/emulator/action":    {4, []string{"messenger/emulator/value", "messenger/emulator/webhook"}},
	"messenger/emulator/draft": {4, []string{
		"messenger/emulator/content", "messenger/emulator/fault", "messenger/emulator/refusal",
		"messenger/emulator/request", "messenger/emulator/thread", "messenger/emulator/value",
	}},
	"messenger/emulator/state": {4, []string{
		"messenger/emulator/content", "messenger/emulator/profile", "messenger/emulator/quota", "messenger/emulator/refusal",
		"messenger/emulator/thread", "messenger/emulator/value", "messenger/emulator/webhook", "messenger/emulator/world",
	}},
	"messenger/emulator/node": {4, []string{
		"messenger/emulator/refusal", "messenger/emulator/selection", "messenger/emulator/state",
		"messenger/emulator/thread", "messenger/emulator/value", "messenger/emulator/world",
	}},
	"messenger/emulator/meter": {4, []string{
		"messenger/emulator/answer", "messenger/emulator/quota", "messenger/emulator/refusal", "messenger/emulator/state", "messenger/emulator/world",
	}},
	"messenger/emulator/measure": {4, []string{"messenger/emulator/request", "messenger/emulator/state"}},
	"messenger/emulator": {4, []string{
		"messenger/emulator/action", "messenger/emulator/answer", "messenger/emulator/batch", "messenger/emulator/callback", "messenger/emulator/content",
		"messenger/emulator/draft", "messenger/emulator/fault", "messenger/emulator/journal", "messenger/emulator/measure",
		"messenger/emulator/media", "messenger/emulator/meter",
		"messenger/emulator/node", "messenger/emulator/profile", "messenger/emulator/quota", "messenger/emulator/refusal",
		"messenger/emulator/request", "messenger/emulator/selection", "messenger/emulator/state", "messenger/emulator/thread",
		"messenger/emulator/value", "messenger/emulator/webhook", "messenger/emulator/world",
	}},
	"messenger/emulator/scenario": {4, []string{"messenger/emulator", "messenger/emulator/value"}},
	"messenger/emulator/control":  {4, []string{"messenger/emulator", "messenger/emulator/scenario", "messenger/emulator/value"}},

	"server":     {5, nil},
	"person":     {5, nil},
	"repertoire": {5, nil},
	"hatch":      {5, nil},
	"release":    {5, nil},
	"draft":      {5, []string{"release"}},
	"deploy":     {5, nil},
	"chronicle":  {5, nil},
	"tally":      {5, nil},
	"console":    {5, []string{"deploy"}},
	"dialogue":   {5, nil},
	"simulator":  {5, []string{"release", "simulator/company", "simulator/crowd", "simulator/speech", "simulator/vault", "simulator/watch", "simulator/weather"}},
	"importer":   {5, nil},

	"simulator/company": {5, []string{"release"}},
	"simulator/crowd":   {5, []string{"simulator/company", "simulator/weather"}},
	"simulator/speech":  {5, nil},
	"simulator/vault":   {5, nil},
	"simulator/watch":   {5, nil},
	"simulator/weather": {5, nil},

	"dialogue/chat": {5, []string{"dialogue"}},
	"bench":         {5, []string{"dialogue", "dialogue/chat"}},
	"bench/brain":   {5, nil},
	"bench/sheet":   {5, []string{"bench"}},
	"workshop":      {5, nil},

	"app":             {6, nil},
	"cli/shell":       {6, []string{"app"}},
	"cli/people":      {6, []string{"app", "cli/shell"}},
	"cli/deployment":  {6, []string{"app", "cli/shell"}},
	"cli/rehearsal":   {6, []string{"cli/shell"}},
	"cli/publication": {6, []string{"app", "cli/rehearsal", "cli/shell"}},

	"cli":           {6, []string{"app", "cli/deployment", "cli/people", "cli/publication", "cli/rehearsal", "cli/shell"}},
	"cmd/footlight": {6, []string{"cli", "cli/shell"}},
	"cmd/yardstick": {6, nil},
	"cmd/stopwatch": {6, nil},
	"archtest":      {6, nil},
}

// TestImports: a package imports lower floors, or neighbours along an arrow of
// host/docs/ARCHITECTURE.md.
func TestImports(t *testing.T) {
	for _, p := range packages(t) {
		from, known := boxes[room(p.ImportPath)]
		if !known {
			t.Errorf("%s has no place in the plan: add it to boxes here and to host/docs/ARCHITECTURE.md", p.ImportPath)
			continue
		}
		for _, path := range p.Imports {
			other := room(path)
			if other == "" {
				continue
			}
			to, known := boxes[other]
			if known && to.floor < from.floor {
				continue
			}
			if !contains(from.neighbours, other) {
				t.Errorf("host/%s (floor %d) imports host/%s (floor %d): imports go down, or to a neighbour named in boxes", room(p.ImportPath), from.floor, other, to.floor)
			}
		}
	}
}

// TestLanguageKnowsNoWorld: script and compile touch no files but through io/fs,
// no network, no clock and no runtime, so that the language can run anywhere.
func TestLanguageKnowsNoWorld(t *testing.T) {
	forbidden := []string{"os", "net", "net/http", "os/exec", "syscall", "github.com/tetratelabs/wazero"}
	for _, p := range packages(t) {
		if b, known := boxes[room(p.ImportPath)]; !known || b.floor > 2 {
			continue
		}
		for _, path := range p.Imports {
			if contains(forbidden, path) {
				t.Errorf("%s imports %s: the language comes through io/fs and knows no runtime", p.ImportPath, path)
			}
		}
	}
}

// homes are the only rooms that may import a big library.
var homes = map[string][]string{
	"github.com/tetratelabs/wazero":       {"sandbox", "sandbox/land", "sandbox/plugin"},
	"github.com/gofiber/fiber":            {"server", "console", "cmd/stopwatch"},
	"github.com/valyala/fasthttp":         {"cmd/stopwatch"},
	"github.com/redis/go-redis":           {"store/redis"},
	"go.etcd.io/bbolt":                    {"store/bolt"},
	"github.com/fsnotify/fsnotify":        {"bot"},
	"github.com/spf13/cobra":              {"cli", "cli/deployment", "cli/people", "cli/publication", "cli/rehearsal", "cli/shell"},
	"github.com/BurntSushi/toml":          {"bot", "cli/shell"},
	"golang.org/x/term":                   {"cli", "cli/deployment", "cli/shell"},
	"github.com/lmittmann/tint":           {"cli/shell"},
	"github.com/boombuler/barcode":        {"deploy"},
	"github.com/chromedp/chromedp":        {},
	"github.com/alicebob/miniredis":       {},
	"pgregory.net/rapid":                  {"store/storetest"},
	"github.com/google/go-cmp":            {"store/storetest"},
	"github.com/prometheus/client_golang": {"server", "tally", "app", "cmd/stopwatch"},
}

// TestLibraries: each big library lives in one room, so that it can be replaced there.
func TestLibraries(t *testing.T) {
	for _, p := range packages(t) {
		for _, path := range p.Imports {
			for library, rooms := range homes {
				if strings.HasPrefix(path, library) && !contains(rooms, room(p.ImportPath)) {
					t.Errorf("%s imports %s, whose home is %v", p.ImportPath, path, rooms)
				}
			}
		}
	}
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}
