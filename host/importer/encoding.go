package importer

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// decode makes text of a file; encoding names what it was written in, if that is not
// UTF-8. Files with NUL bytes are no text.
func decode(content []byte) (text, name string, ok bool) {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(content, []byte("\xff\xfe")), bytes.HasPrefix(content, []byte("\xfe\xff")):
		from, name = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM), "UTF-16"
	case bytes.IndexByte(content, 0) >= 0:
		return "", "", false
	case !utf8.Valid(content):
		from, name = charmap.Windows1252, "Windows-1252"
	}
	if from != nil {
		decoded, err := from.NewDecoder().Bytes(content)
		if err != nil {
			return "", "", false
		}
		content = decoded
	}
	text = strings.TrimPrefix(string(content), "\ufeff")
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), name, true
}
