package syntax

import (
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/source"
)

// ParseInOne is Parse by one processor.
func ParseInOne(file *source.File) (*Document, []diag.Diagnostic) {
	p := &parser{doc: &Document{File: file, Topic: topicOf(file.Path)}}
	p.encoding()
	s := &scanner{file: file, reporter: &p.reporter}
	commands := s.scan()
	p.ownBlock()
	p.commands(commands)
	p.endTrigger()
	p.doc.Allows = s.allows
	return p.doc, p.found
}
