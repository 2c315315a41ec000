package content

import (
	"net/url"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/request"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

func (r Rules) attachment(m map[string]any, file *request.Upload) *refusal.Refusal {
	v, ok := m["attachment"]
	if !ok {
		return nil
	}
	a := value.Object(v)
	kind := value.Text(a["type"])
	switch kind {
	case "":
		return refusal.New(100, 0, "The parameter message[attachment][type] is required")
	case "template":
		return r.template(value.Object(a["payload"]))
	case "image", "audio", "video", "file":
		return r.Medium(kind, value.Object(a["payload"]), file)
	}
	return refusal.New(100, 0, "Param message[attachment][type] must be one of {AUDIO, FILE, IMAGE, TEMPLATE, VIDEO}")
}

// Medium checks a medium as far as its shape goes: a URL is not fetched.
func (r Rules) Medium(kind string, payload map[string]any, file *request.Upload) *refusal.Refusal {
	id, address := value.Text(payload["attachment_id"]), value.Text(payload["url"])
	switch {
	case file != nil:
		return file.Check(kind)
	case id != "":
		stored, ok := r.Stored(id)
		if !ok {
			return refusal.New(100, refusal.Attachment, "Invalid parameter: the attachment id is invalid or not owned by this Page")
		}
		if stored != kind {
			return refusal.New(100, refusal.WrongMedia, "Upload attachment failure: the media type does not match")
		}
		return nil
	case !value.URL(address):
		return refusal.URL("message[attachment][payload][url]")
	}
	return r.there(address)
}

// there refuses an address at which nothing is any more.
func (r Rules) there(address string) *refusal.Refusal {
	if r.Expired != nil && r.Expired(address) {
		return refusal.New(100, 2018008, "%s", refusal.Text(100, 2018008))
	}
	return nil
}

// facebookURL reports whether s is a URL on Facebook, as the media template wants.
func facebookURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || !value.URL(s) {
		return false
	}
	host := strings.ToLower(u.Hostname())
	return host == "facebook.com" || strings.HasSuffix(host, ".facebook.com")
}
