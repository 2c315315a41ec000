package message

// Shape is what a character is at borders (L-TRIG-8).
type Shape uint8

// The shapes.
const (
	Symbol   = Shape(symbol)
	Word     = Shape(word)
	BlankGap = Shape(blank)
)

// ShapeOf tells the shape of a character that stands behind one of shape before;
// at the start of a text that is BlankGap. A border lies between characters of two
// shapes, beside blanks and at both ends of a text.
func ShapeOf(r rune, before Shape) Shape { return Shape(shapeOf(r, shape(before))) }
