package deploy

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// Bounds of a QR code.
const (
	quiet       = 4 // white modules around it, as readers want
	minQRPixels = 8 // of a module in a picture, so that it can be printed
)

// Code is a QR code: true is dark. It has its white margin.
type Code [][]bool

// QR makes the QR code of a link. The error says that it is too long.
func QR(link string) (Code, error) {
	symbol, err := qr.Encode(link, qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("QR code: %w", err)
	}
	n := symbol.Bounds().Dx()
	out := make(Code, n+2*quiet)
	for y := range out {
		out[y] = make([]bool, n+2*quiet)
		for x := range out[y] {
			if at := image.Pt(x-quiet, y-quiet); at.In(symbol.Bounds()) {
				out[y][x] = color.GrayModel.Convert(symbol.At(at.X, at.Y)).(color.Gray).Y < 128
			}
		}
	}
	return out, nil
}

// Text draws the code with half blocks, two rows to a line. What is light is drawn, for
// terminals are dark; with paint the colours are set, whatever the terminal has.
func (c Code) Text(paint bool) string {
	var b strings.Builder
	for y := 0; y < len(c); y += 2 {
		if paint {
			b.WriteString("\x1b[97;40m")
		}
		for x := range c[y] {
			upper, lower := !c[y][x], y+1 < len(c) && !c[y+1][x]
			switch {
			case upper && lower:
				b.WriteRune('█')
			case upper:
				b.WriteRune('▀')
			case lower:
				b.WriteRune('▄')
			default:
				b.WriteRune(' ')
			}
		}
		if paint {
			b.WriteString("\x1b[0m")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// SVG is the code as a drawing, which prints sharp at any size.
func (c Code) SVG() []byte {
	var b bytes.Buffer
	_, _ = fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path d="`, len(c))
	for y, row := range c {
		for x := 0; x < len(row); x++ {
			from := x
			for x < len(row) && row[x] {
				x++
			}
			if x > from {
				_, _ = fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from, y, x-from, x-from)
			}
		}
	}
	b.WriteString("\"/></svg>\n")
	return b.Bytes()
}

// PNG is the code as a picture.
func (c Code) PNG() ([]byte, error) {
	size := len(c) * minQRPixels
	picture := image.NewGray(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			if !c[y/minQRPixels][x/minQRPixels] {
				picture.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return nil, fmt.Errorf("QR code: %w", err)
	}
	return out.Bytes(), nil
}
