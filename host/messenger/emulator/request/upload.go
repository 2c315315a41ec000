package request

import (
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
)

// Sizes of media, in bytes.
const (
	MaxUpload = 25 << 20
	maxImage  = 8 << 20
)

// Upload is the file of a multipart request. Its bytes are counted, not kept.
type Upload struct {
	MIME string
	Size int64 // in bytes
}

// Check refuses a file that is too large for its kind of attachment, or is not of it.
func (u *Upload) Check(kind string) *refusal.Refusal {
	limit := int64(MaxUpload)
	if kind == "image" {
		limit = maxImage
	}
	if u.Size > limit {
		return refusal.New(100, refusal.TooLarge, "Attachment size exceeds allowable limit")
	}
	major, _, _ := strings.Cut(u.MIME, "/")
	if slices.Contains([]string{"image", "audio", "video"}, kind) && major != kind {
		return refusal.New(100, refusal.WrongMedia, "Upload attachment failure: the media type does not match")
	}
	return nil
}
