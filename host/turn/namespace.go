package turn

import (
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/session"
)

// aliases are other names under which scripts may read namespace variables (section 19).
var aliases = map[string]string{
	"_ref":       "_fbRefParam",
	"_refSource": "_fbRefSource",
	"_refType":   "_fbRefType",
	"_refAdId":   "_fbRefAdId",
}

// picture is the variable with the address of a person's picture.
const picture = "_userProfilePic"

// Variable reads a variable of a session as <get> does; ok is false when it is unset.
func Variable(s session.State, name string) (value string, ok bool) {
	if name == "topic" { // L-TOP-3
		return s.Topic, true
	}
	if other, ok := aliases[name]; ok {
		name = other
	}
	raw, ok := s.Vars[name]
	if !ok {
		return planned(s, name)
	}
	return session.TextOf(raw), true
}

// planned reads when a reminder is due; it is set for as long as the reminder is (L-REM-1).
func planned(s session.State, name string) (value string, ok bool) {
	name, ok = strings.CutPrefix(name, session.ReminderPrefix)
	if !ok {
		return "", false
	}
	r, ok := s.Reminders[name]
	if !ok {
		return "", false
	}
	return millis(r.Due), true
}

// arrive sets the namespace variables that an event brings (section 19, L-EV-1
// to L-EV-5) and takes note that the person is there.
func (s *stage) arrive(in Input) {
	s.put("_platform", in.Person.Platform)
	s.put("_platformId", in.Person.ID)
	s.put("_pageId", in.Person.PageID)
	if s.has(picture) { // its address expires: what is not known now is not known any more
		delete(s.vars(), picture)
	}
	for name, value := range in.Person.Profile {
		s.put(name, value)
	}
	if !s.state.Heard.IsZero() {
		s.putTime("_lastMsgReceived", s.state.Heard)
	}
	if s.state.Since.IsZero() {
		s.state.Since = in.Now
		s.putTime("_firstMsgReceived", in.Now)
	}
	s.state.Heard = in.Now
	s.state.Muted = false
	switch in.Event.Kind {
	case QuickReply, Postback, GetStarted:
		s.put("_payload", in.Event.Text)
	case Comment:
		s.put("_fbComment", in.Event.Text)
	}
	s.attach(in.Event.Media)
	if in.Event.Referral != nil {
		s.refer(*in.Event.Referral)
	}
}

func (s *stage) attach(media []Attachment) {
	if len(media) == 0 {
		return
	}
	first := media[0]
	s.put("_mediaType", first.Type)
	s.put("_mediaUrl", first.URL)
	urls := make([]string, len(media))
	for i, m := range media {
		urls[i] = m.URL
		if m.Type == "location" {
			s.put("_mediaLat", m.Lat)
			s.put("_mediaLong", m.Long)
		}
	}
	s.put("_mediaUrls", strings.Join(urls, ","))
}

func (s *stage) refer(ref Ref) {
	if !s.has("_fbRefFirstParam") && ref.Param != "" {
		s.put("_fbRefFirstParam", ref.Param)
	}
	for name, value := range map[string]string{
		"_fbRefParam": ref.Param, "_fbRefSource": ref.Source, "_fbRefType": ref.Type, "_fbRefAdId": ref.AdID,
	} {
		if value == "" { // what this referral does not tell is undefined
			delete(s.vars(), name)
			continue
		}
		s.put(name, value)
	}
}

func millis(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
