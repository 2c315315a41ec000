package store

import "fmt"

// Paper is a document of the whole installation, for all its hosts to read: which
// versions of a bot there are, and which of them is on stage. Body is opaque to the store.
type Paper struct {
	Name     string // parts as CheckName has them, with / between
	Revision uint64 // grows by one with every change; 0: there is none
	Body     []byte
}

const (
	// MaxPaperName is the most bytes of the name of a paper.
	MaxPaperName = 200
	// MaxPaper is the most bytes of a paper.
	MaxPaper = 32 << 20
)

// Check tells what is wrong with a paper.
func (p Paper) Check() error {
	if len(p.Body) > MaxPaper {
		return fmt.Errorf("paper has %d bytes, at most %d are allowed", len(p.Body), MaxPaper)
	}
	return CheckPaperName(p.Name)
}

// CheckPaperName tells what is wrong with the name of a paper.
func CheckPaperName(name string) error {
	if len(name) > MaxPaperName {
		return fmt.Errorf("paper's name has %d bytes, at most %d are allowed", len(name), MaxPaperName)
	}
	for start, at := 0, 0; at <= len(name); at++ {
		if at < len(name) && name[at] != '/' {
			continue
		}
		if err := CheckName("paper", name[start:at]); err != nil {
			return err
		}
		start = at + 1
	}
	return nil
}
