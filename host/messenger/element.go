package messenger

import (
	"encoding/json"
	"math"

	"github.com/footlight-bots/footlight/host/messenger/scan"
)

// wireElement is an element of messaging[]. At most one of its parts is set,
// but referral and prior_message may accompany others.
type wireElement struct {
	Sender, Recipient string // their ids
	Timestamp         number

	Message  *wireMessage
	Postback *wirePostback
	Referral *wireReferral
	OptIn    *wireOptIn
	Delivery *wireMark
	Read     *wireMark
	Reaction *wireReaction
	Edit     *wireEdit
	Linking  *wireLinking
	Policy   *wirePolicy
	Pass     *wireControl
	Take     *wireControl
	Request  *wireControl
	Roles    json.RawMessage
	Survey   *wireSurvey
	Rating   *wireRating
	Game     *wireGame
	Order    *wireOrder
	Prior    *wirePriorMessage
	Field    string    // of an item of changes[]
	Feed     *wireFeed // what has changed
}

// read reads valid JSON and tells whether it is an object.
func (w *wireElement) read(raw []byte) bool {
	for name, value := range scan.Members(raw) {
		switch string(name) {
		case "sender":
			w.Sender = readID(value)
		case "recipient":
			w.Recipient = readID(value)
		case "timestamp":
			w.Timestamp = readNumber(value)
		case "message":
			w.Message = readMessage(value)
		case "postback":
			w.Postback = shaped[wirePostback](value)
		case "referral":
			w.Referral = shaped[wireReferral](value)
		case "optin":
			w.OptIn = shaped[wireOptIn](value)
		case "delivery":
			w.Delivery = shaped[wireMark](value)
		case "read":
			w.Read = shaped[wireMark](value)
		case "reaction":
			w.Reaction = shaped[wireReaction](value)
		case "message_edit":
			w.Edit = shaped[wireEdit](value)
		default:
			w.readRest(string(name), value)
		}
	}
	return scan.IsObject(raw)
}

// readRest reads what comes seldom.
func (w *wireElement) readRest(name string, value []byte) {
	switch name {
	case "account_linking":
		w.Linking = shaped[wireLinking](value)
	case "policy_enforcement":
		w.Policy = shaped[wirePolicy](value)
	case "pass_thread_control":
		w.Pass = shaped[wireControl](value)
	case "take_thread_control":
		w.Take = shaped[wireControl](value)
	case "request_thread_control":
		w.Request = shaped[wireControl](value)
	case "app_roles":
		w.Roles = json.RawMessage(value)
	case "messaging_feedback":
		w.Survey = shaped[wireSurvey](value)
	case "response_feedback":
		w.Rating = shaped[wireRating](value)
	case "game_play":
		w.Game = shaped[wireGame](value)
	case "order":
		w.Order = shaped[wireOrder](value)
	case "field":
		w.Field = readText(value)
	case "value":
		w.Feed = shaped[wireFeed](value)
	case "prior_message":
		w.Prior = shaped[wirePriorMessage](value)
	}
}

// shaped reads a part of an element; nil for one that is not of its shape, or null.
func shaped[T any](raw []byte) *T {
	if !scan.IsObject(raw) {
		return nil
	}
	v := new(T)
	lenient(raw, v)
	return v
}

// readID is the id of a sender or a recipient.
func readID(raw []byte) string {
	id := ""
	for name, value := range scan.Members(raw) {
		if string(name) == "id" {
			id = readText(value)
		}
	}
	return id
}

// readMessage reads a message. One that has a text and nothing else, as most have, is read
// without a look at all that might be there.
func readMessage(raw []byte) *wireMessage {
	m := &wireMessage{}
	for name, value := range scan.Members(raw) {
		switch string(name) {
		case "mid":
			m.MID = text(readText(value))
		case "text":
			m.Text = text(readText(value))
		default:
			return shaped[wireMessage](raw)
		}
	}
	if !scan.IsObject(raw) {
		return nil
	}
	return m
}

type (
	wireParty   struct{ ID text }
	wireMessage struct {
		MID         text                 `json:"mid"`
		Text        text                 `json:"text"`
		Echo        truth                `json:"is_echo"`
		Deleted     truth                `json:"is_deleted"`
		AppID       text                 `json:"app_id"`
		Metadata    text                 `json:"metadata"`
		QuickReply  *wireQuickReply      `json:"quick_reply"`
		ReplyTo     wireMessageID        `json:"reply_to"`
		Attachments list[wireAttachment] `json:"attachments"`
		Referral    *wireReferral        `json:"referral"`
		Commands    list[wireCommand]    `json:"commands"`
		NLP         wireNLP              `json:"nlp"`
		Type        text                 `json:"type"`
		Lead        json.RawMessage      `json:"lead"`
	}
	wireQuickReply struct{ Payload text }
	wireMessageID  struct {
		MID text `json:"mid"`
	}
	wireCommand struct{ Name text }
	wireNLP     struct {
		Locales list[wireLocale] `json:"detected_locales"`
	}
	wireLocale struct {
		Locale     text
		Confidence number
	}
	wirePostback struct {
		MID      text          `json:"mid"`
		Title    text          `json:"title"`
		Payload  text          `json:"payload"`
		Referral *wireReferral `json:"referral"`
	}
	wireReferral struct {
		Ref     text            `json:"ref"`
		Source  text            `json:"source"`
		Type    text            `json:"type"`
		AdID    text            `json:"ad_id"`
		URI     text            `json:"referer_uri"`
		Guest   truth           `json:"is_guest_user"`
		Ad      json.RawMessage `json:"ads_context_data"`
		Lead    json.RawMessage `json:"lead"`
		Product wireProduct     `json:"product"`
	}
	wireProduct struct{ ID text }
	wireOptIn   struct {
		Type      text `json:"type"`
		Ref       text `json:"ref"`
		UserRef   text `json:"user_ref"`
		Payload   text `json:"payload"`
		Title     text `json:"title"`
		Token     text `json:"notification_messages_token"`
		OnceToken text `json:"one_time_notif_token"`
		Frequency text `json:"notification_messages_frequency"`
		Status    text `json:"notification_messages_status"`
	}
	wireMark struct {
		MIDs      list[text] `json:"mids"`
		Watermark number     `json:"watermark"`
	}
	wireReaction struct {
		MID      text `json:"mid"`
		Action   text `json:"action"`
		Reaction text `json:"reaction"`
		Emoji    text `json:"emoji"`
	}
	wireEdit struct {
		MID     text   `json:"mid"`
		Text    text   `json:"text"`
		NumEdit number `json:"num_edit"`
	}
	wireLinking struct {
		Status text `json:"status"`
		Code   text `json:"authorization_code"`
	}
	wirePolicy  struct{ Action, Reason text }
	wireControl struct {
		Previous  text `json:"previous_owner_app_id"`
		New       text `json:"new_owner_app_id"`
		Requested text `json:"requested_owner_app_id"`
		Metadata  text `json:"metadata"`
	}
	wireSurvey struct {
		Screens json.RawMessage `json:"feedback_screens"`
	}
	wireRating struct {
		Feedback text `json:"feedback"`
		MID      text `json:"mid"`
	}
	wireGame struct {
		Game        text   `json:"game_id"`
		Player      text   `json:"player_id"`
		Locale      text   `json:"locale"`
		ContextType text   `json:"context_type"`
		Context     text   `json:"context_id"`
		Payload     text   `json:"payload"`
		Score       number `json:"score"`
	}
	wireOrder struct {
		Note     text
		Products json.RawMessage
	}
	wirePriorMessage struct{ Identifier text }
	wireFeed         struct {
		Item    text      `json:"item"`
		Verb    text      `json:"verb"`
		Comment text      `json:"comment_id"`
		Post    text      `json:"post_id"`
		Text    text      `json:"message"`
		From    wireParty `json:"from"`
	}
)

// fill sets the kind of e and the value that belongs to it.
func (w *wireElement) fill(e *Event) {
	if w.Prior != nil {
		e.Prior = string(w.Prior.Identifier)
	}
	e.Referral = w.Referral.value()
	switch {
	case w.Message != nil:
		w.fillMessage(e)
	case w.Postback != nil:
		p := w.Postback
		e.Kind, e.Postback = KindPostback, &Postback{ID: string(p.MID), Title: string(p.Title), Payload: string(p.Payload)}
		if p.Referral != nil {
			e.Referral = p.Referral.value()
		}
	case w.OptIn != nil:
		e.Kind, e.OptIn = KindOptIn, w.OptIn.value()
		if e.Person == "" && e.OptIn.UserRef != "" {
			e.Person = Checkbox(e.OptIn.UserRef)
		}
	case w.Referral != nil:
		e.Kind = KindReferral
	case w.Delivery != nil:
		e.Kind, e.Mark = KindDelivery, w.Delivery.value()
	case w.Read != nil:
		e.Kind, e.Mark = KindRead, w.Read.value()
	case w.Reaction != nil:
		r := w.Reaction
		e.Kind, e.Reaction = KindReaction, &Reaction{string(r.MID), string(r.Action), string(r.Reaction), string(r.Emoji)}
	case w.Edit != nil:
		e.Kind, e.Edit = KindEdit, &Edit{string(w.Edit.MID), string(w.Edit.Text), w.Edit.NumEdit.count()}
	case w.Linking != nil:
		e.Kind, e.Linking = KindLinking, &Linking{string(w.Linking.Status), string(w.Linking.Code)}
	case w.Policy != nil:
		e.Kind, e.Policy = KindPolicy, &Policy{string(w.Policy.Action), string(w.Policy.Reason)}
	default:
		w.fillRest(e)
	}
}

// fillRest sets the kinds that no turn and no delivery depends on.
func (w *wireElement) fillRest(e *Event) {
	switch {
	case w.Field == "feed" && w.Feed != nil && w.Feed.public(e.Page):
		e.Kind, e.Person, e.Comment = KindComment, w.Feed.author(), w.Feed.value()
	case w.Pass != nil:
		e.Kind, e.Control = KindThreadControl, w.Pass.value("pass")
	case w.Take != nil:
		e.Kind, e.Control = KindThreadControl, w.Take.value("take")
	case w.Request != nil:
		e.Kind, e.Control = KindThreadControl, w.Request.value("request")
	case len(w.Roles) > 0:
		e.Kind, e.Control = KindThreadControl, &ThreadControl{Action: "roles", Roles: roles(w.Roles)}
	case w.Survey != nil:
		e.Kind, e.Feedback = KindFeedback, &Feedback{Screens: w.Survey.Screens}
	case w.Rating != nil:
		e.Kind, e.Feedback = KindFeedback, &Feedback{MessageID: string(w.Rating.MID), Text: string(w.Rating.Feedback)}
	case w.Game != nil:
		g := w.Game
		e.Kind, e.Game = KindGamePlay, &GamePlay{
			GameID: string(g.Game), PlayerID: string(g.Player), Locale: string(g.Locale),
			ContextType: string(g.ContextType), ContextID: string(g.Context), Payload: string(g.Payload), Score: float64(g.Score),
		}
	case w.Order != nil:
		e.Kind, e.Order = KindOrder, &Order{Note: string(w.Order.Note), Products: w.Order.Products}
	default:
		e.Kind = KindUnknown
	}
}

func (w *wireElement) fillMessage(e *Event) {
	m := w.Message
	e.Kind = KindMessage
	if m.Echo {
		e.Kind = KindEcho
	}
	e.Message = &Message{
		ID: string(m.MID), Text: string(m.Text), Metadata: string(m.Metadata), AppID: string(m.AppID),
		Deleted: bool(m.Deleted), ReplyTo: string(m.ReplyTo.MID), Locale: m.NLP.best(),
	}
	if m.QuickReply != nil {
		e.Message.Tapped, e.Message.QuickReply = true, string(m.QuickReply.Payload)
	}
	for _, a := range m.Attachments {
		e.Message.Attachments = append(e.Message.Attachments, a.value())
	}
	for _, c := range m.Commands {
		e.Message.Commands = append(e.Message.Commands, string(c.Name))
	}
	switch {
	case m.Referral != nil:
		e.Referral = m.Referral.value()
	case m.Type != "" && e.Referral == nil: // a finished lead form comes as a message with a type
		e.Referral = &Referral{Type: string(m.Type), Lead: m.Lead}
	}
}

func (r *wireReferral) value() *Referral {
	if r == nil {
		return nil
	}
	return &Referral{
		Ref: string(r.Ref), Source: string(r.Source), Type: string(r.Type), AdID: string(r.AdID),
		ProductID: string(r.Product.ID), RefererURI: string(r.URI), Guest: bool(r.Guest), Ad: r.Ad, Lead: r.Lead,
	}
}

func (o *wireOptIn) value() *OptIn {
	token := o.Token
	if token == "" {
		token = o.OnceToken
	}
	return &OptIn{
		Type: string(o.Type), Ref: string(o.Ref), UserRef: string(o.UserRef), Payload: string(o.Payload),
		Token: string(token), Title: string(o.Title), Frequency: string(o.Frequency),
		Stopped: o.Status == "STOP NOTIFICATIONS",
	}
}

// public tells whether somebody else than the Page has written something new that can be answered.
func (f *wireFeed) public(page string) bool {
	known := f.Item == "comment" && f.Comment != "" || f.Item == "post" && f.Post != ""
	return known && f.Verb == "add" && f.Text != "" && string(f.From.ID) != page
}

// author is who wrote it. The id in from is none that the Page could write to.
func (f *wireFeed) author() string {
	if f.Item == "post" {
		return stranger("post", string(f.Post))
	}
	return stranger("comment", string(f.Comment))
}

func (f *wireFeed) value() *Comment {
	return &Comment{Post: string(f.Post), Text: string(f.Text), Own: f.Item == "post"}
}

func (m *wireMark) value() *Mark {
	return &Mark{Messages: texts(m.MIDs), Watermark: m.Watermark.time()}
}

func (c *wireControl) value(action string) *ThreadControl {
	return &ThreadControl{
		Action: action, Previous: string(c.Previous), New: string(c.New),
		Requested: string(c.Requested), Metadata: string(c.Metadata),
	}
}

func roles(raw json.RawMessage) map[string][]string {
	var w map[string]list[text]
	if !lenient(raw, &w) {
		return nil
	}
	out := map[string][]string{}
	for app, names := range w {
		out[app] = texts(names)
	}
	return out
}

// best is the locale that the platform is surest of.
func (n wireNLP) best() string {
	var locale text
	best := math.Inf(-1)
	for _, l := range n.Locales {
		if float64(l.Confidence) > best {
			locale, best = l.Locale, float64(l.Confidence)
		}
	}
	return string(locale)
}
