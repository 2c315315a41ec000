package archtest

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// limitsDocument is where every bound is told.
const limitsDocument = "../docs/LIMITS.md"

// bound is a constant that limits something.
type bound struct {
	value    constant.Value
	duration bool
	doc      string
}

// props are rooms that only tests walk into.
var props = []string{"archtest", "store/storetest", "store/redis/redistest", "simulator", "simulator/company", "simulator/crowd", "simulator/speech", "simulator/vault", "simulator/watch", "simulator/weather"}

// TestLimits: host/docs/LIMITS.md names every bound of the host with its value,
// and no other. A bound is a constant
//   - whose name begins with max or min, or ends with Timeout or Limit, or
//   - that is a time, or
//   - that stands in a block whose comment begins with "Bounds" or "Limits".
func TestLimits(t *testing.T) {
	told := documented(t)
	there := bounds(t)
	for name, b := range there {
		got, ok := told[name]
		switch want := b.number(); {
		case !ok:
			t.Errorf("host/docs/LIMITS.md does not name %s; add to its room:\n| `%s` | %s | %s |",
				name, name[strings.LastIndex(name, ".")+1:], b, b.doc)
		case !constant.Compare(number(got, b.duration), token.EQL, want):
			t.Errorf("host/docs/LIMITS.md says that %s is %s; it is %s", name, got, b)
		}
	}
	for name := range told {
		if _, ok := there[name]; !ok {
			t.Errorf("host/docs/LIMITS.md names %s, which is no bound any more", name)
		}
	}
	if len(there) == 0 {
		t.Error("no bounds were found")
	}
}

// documented reads the tables: room.name to value. A room is a heading.
func documented(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile(limitsDocument)
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("^\\| `([A-Za-z0-9]+)` \\| ([^|]+) \\| [^|]+ \\|$")
	out, room := map[string]string{}, ""
	for line := range strings.Lines(string(data)) {
		if heading, ok := strings.CutPrefix(line, "### "); ok {
			room = strings.Trim(strings.TrimSpace(heading), "`")
		}
		if m := row.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			out[room+"."+m[1]] = m[2]
		} else if strings.HasPrefix(line, "| `") {
			t.Errorf("host/docs/LIMITS.md: not a row of name, value and meaning: %s", line)
		}
	}
	return out
}

// scales are the units that a value may be written in.
var scales = map[bool]map[string]int64{
	true: {
		"ms": int64(time.Millisecond), "s": int64(time.Second), "min": int64(time.Minute),
		"h": int64(time.Hour), "days": int64(24 * time.Hour),
	},
	false: {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30},
}

// number is what a value such as "10 s", "64 KiB" or "2,000 characters" stands for.
func number(text string, duration bool) constant.Value {
	digits, unit, _ := strings.Cut(text, " ")
	n := constant.MakeFromLiteral(strings.ReplaceAll(digits, ",", ""), token.FLOAT, 0)
	unit, _, _ = strings.Cut(unit, " ")
	if scale, ok := scales[duration][unit]; ok {
		n = constant.BinaryOp(n, token.MUL, constant.MakeInt64(scale))
	}
	return n
}

func (b bound) number() constant.Value { return constant.ToFloat(b.value) }

// String is the value as LIMITS.md writes it.
func (b bound) String() string {
	best, scale := "", int64(1)
	for unit, n := range scales[b.duration] {
		whole := constant.BinaryOp(b.number(), token.QUO, constant.MakeInt64(n))
		if n > scale && constant.ToInt(whole).Kind() == constant.Int && constant.Compare(whole, token.GEQ, constant.MakeInt64(1)) {
			best, scale = unit, n
		}
	}
	n, _ := constant.Int64Val(constant.ToInt(constant.BinaryOp(b.number(), token.QUO, constant.MakeInt64(scale))))
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return strings.TrimSpace(digits + " " + best)
}

// constants are the constants of all rooms, by "room.name".
type constants map[string]struct {
	room string
	expr ast.Expr
}

// bounds collects the bounds of all rooms.
func bounds(t *testing.T) map[string]bound {
	t.Helper()
	all := constants{}
	found := map[string]string{} // name to comment
	for _, p := range packages(t) {
		room := room(p.ImportPath)
		if contains(props, room) {
			continue
		}
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			collect(file, room, all, found)
		}
	}
	out := map[string]bound{}
	for name, doc := range found {
		value, duration, err := all.eval(all[name].room, all[name].expr)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if value.Kind() == constant.Int || value.Kind() == constant.Float {
			out[name] = bound{value, duration, doc}
		}
	}
	return out
}

var boundName = regexp.MustCompile(`^([mM]ax|[mM]in)[A-Z]|(Timeout|Limit)$`)

// collect notes the constants of a file, and which of them are bounds.
func collect(file *ast.File, room string, all constants, found map[string]string) {
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		block := strings.HasPrefix(group.Doc.Text(), "Bounds") || strings.HasPrefix(group.Doc.Text(), "Limits")
		for _, spec := range group.Specs {
			spec := spec.(*ast.ValueSpec)
			for i, value := range spec.Values {
				name := room + "." + spec.Names[i].Name
				all[name] = struct {
					room string
					expr ast.Expr
				}{room, value}
				if block || boundName.MatchString(spec.Names[i].Name) || isTime(value) {
					found[name] = comment(spec, group)
				}
			}
		}
	}
}

// isTime tells whether an expression has a unit of package time in it.
func isTime(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			x, ok := s.X.(*ast.Ident)
			found = found || ok && x.Name == "time" && units[s.Sel.Name] != 0
		}
		return true
	})
	return found
}

func comment(spec *ast.ValueSpec, group *ast.GenDecl) string {
	for _, c := range []*ast.CommentGroup{spec.Comment, spec.Doc, group.Doc} {
		if text := strings.Join(strings.Fields(c.Text()), " "); text != "" {
			return text
		}
	}
	return ""
}

var units = map[string]time.Duration{
	"Nanosecond": time.Nanosecond, "Microsecond": time.Microsecond, "Millisecond": time.Millisecond,
	"Second": time.Second, "Minute": time.Minute, "Hour": time.Hour,
}

// eval computes a constant expression of a room; duration tells whether it is a time.
func (c constants) eval(room string, e ast.Expr) (v constant.Value, duration bool, err error) {
	switch e := e.(type) {
	case *ast.BasicLit:
		return constant.MakeFromLiteral(e.Value, e.Kind, 0), false, nil
	case *ast.ParenExpr:
		return c.eval(room, e.X)
	case *ast.BinaryExpr:
		x, isTime, err := c.eval(room, e.X)
		if err != nil {
			return nil, false, err
		}
		y, also, err := c.eval(room, e.Y)
		if err != nil {
			return nil, false, err
		}
		if e.Op == token.SHL {
			n, _ := constant.Uint64Val(y)
			return constant.Shift(x, token.SHL, uint(n)), isTime, nil
		}
		op := e.Op
		if op == token.QUO && x.Kind() == constant.Int && y.Kind() == constant.Int {
			op = token.QUO_ASSIGN // whole numbers
		}
		return constant.BinaryOp(x, op, y), isTime || also, nil
	case *ast.Ident:
		if k, ok := c[room+"."+e.Name]; ok {
			return c.eval(k.room, k.expr)
		}
	case *ast.SelectorExpr:
		pkg, ok := e.X.(*ast.Ident)
		if !ok {
			break
		}
		if pkg.Name == "time" {
			return constant.MakeInt64(int64(units[e.Sel.Name])), true, nil
		}
		for name, k := range c {
			if filepath.Base(k.room) == pkg.Name && name == k.room+"."+e.Sel.Name {
				return c.eval(k.room, k.expr)
			}
		}
	}
	return nil, false, fmt.Errorf("a bound that this test cannot compute: write it with numbers, times and constants of the host (%T)", e)
}
