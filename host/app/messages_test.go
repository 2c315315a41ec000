package app

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// speaker is a bot with one trigger for each kind of message.
const speaker = `+ text
- Plain words.

+ parts
- One. <send> Two.

+ quick replies
- Which? ^buttons(Green, Black)

+ many quick replies
- Which? ^buttons(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13)

+ numbered list
- Which? ^buttons(b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14)

+ b14
- You took the last one.

+ long label
- Which? ^buttons(A label of more than twenty characters)

+ quick reply with an image
- Which? ^quickReply({"content_type":"text","title":"Green","payload":"GREEN","image_url":"https://pictures.example/green.png"})

+ phone and email
- How? ^quickReply([{"content_type":"user_phone_number"},{"content_type":"user_email"}])

+ address
- Look here: ^link(https://tea.example)

+ link
- Look here. ^link(https://tea.example, Tea)

+ image
- ^image(https://pictures.example/a.png)

+ audio
- ^audio(https://media.example/a.mp3)

+ video
- ^video(https://media.example/a.mp4)

+ file
- ^file(https://media.example/a.pdf)

+ card
- ^card(Green tea, From Japan, https://pictures.example/a.png, "Buy=buy green", "Look=https://tea.example")

+ carousel
- ^cards([{"title":"Green","subtitle":"g"},{"title":"Black","subtitle":"b"}])

+ generic template
- ^template({"template_type":"generic","elements":[{"title":"Green","subtitle":"g","default_action":{"type":"web_url","url":"https://tea.example"}}]})

+ button template
- ^template({"template_type":"button","text":"Which?","buttons":[{"type":"postback","title":"Buy","payload":"buy"},{"type":"web_url","title":"Look","url":"https://tea.example"},{"type":"phone_number","title":"Call","payload":"+49301"}]})

+ account buttons
- ^template({"template_type":"button","text":"Who?","buttons":[{"type":"account_link","url":"https://tea.example/in"},{"type":"account_unlink"}]})

+ game button
- ^template({"template_type":"button","text":"Play?","buttons":[{"type":"game_play","title":"Play"}]})

+ media template
- ^template({"template_type":"media","elements":[{"media_type":"image","url":"https://www.facebook.com/photo.php?fbid=1"}]})

+ receipt
- ^template({"template_type":"receipt","recipient_name":"Ada","order_number":"<star> <id>","currency":"EUR","payment_method":"Visa","summary":{"total_cost":4}})

+ product
- ^template({"template_type":"product","elements":[{"id":"1"}]})

+ coupon
- ^template({"template_type":"coupon","title":"Ten percent","coupon_code":"TEA10"})

+ customer feedback
- ^template({"template_type":"customer_feedback","title":"How was it?","feedback_screens":[{"questions":[{"id":"q","type":"csat"}]}]})

+ customer information
- ^template({"template_type":"customer_information","countries":["US"]})

+ image grid
- ^template({"template_type":"image_grid","title":"Teas","images":["https://pictures.example/a.png","https://pictures.example/b.png"]})

+ notification request
- ^template({"template_type":"notification_messages","title":"News","payload":"NEWS"})

+ typing
- ^typing() A moment.

+ two links and a picture
- Look. ^link(https://tea.example, Tea) ^link(https://cake.example, Cake) ^image(https://pictures.example/a.png) ^buttons(More)
` + alive

// Every kind of message of messenger.md sections 3.2 to 3.6, from a script to the person's screen on
// the emulated platform, which refuses what Meta refuses.
func TestEveryMessage(t *testing.T) {
	p := onPlatform(t, map[string]string{"default.topic": speaker}, nil)
	for _, row := range []struct {
		name string // also what the person says
		want []string
	}{
		{"text", []string{"Plain words."}},
		{"parts", []string{"One.", "Two."}},
		{"quick replies", []string{"Which? (Green, Black)"}},
		{"many quick replies", []string{"Which? (a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13)"}},
		{"numbered list", []string{"Which?\n[1] b1\n[2] b2\n[3] b3\n[4] b4\n[5] b5\n[6] b6\n[7] b7\n[8] b8\n[9] b9\n[10] b10\n[11] b11\n[12] b12\n[13] b13\n[14] b14"}},
		{"long label", []string{"Which? (A label of more than)"}},
		{"quick reply with an image", []string{"Which? (Green)"}},
		{"phone and email", []string{"How? (+4930123, ada@example.org)"}},
		{"address", []string{"Look here: https://tea.example"}},
		{"link", []string{"button: Look here. [Tea]"}},
		{"image", []string{"image https://pictures.example/a.png"}},
		{"audio", []string{"audio https://media.example/a.mp3"}},
		{"video", []string{"video https://media.example/a.mp4"}},
		{"file", []string{"file https://media.example/a.pdf"}},
		{"card", []string{"generic: Green tea [Buy, Look]"}},
		{"carousel", []string{"generic: Green, Black"}},
		{"generic template", []string{"generic: Green"}},
		{"button template", []string{"button: Which? [Buy, Look, Call]"}},
		{"account buttons", []string{"button: Who? [Log In, Log Out]"}},
		{"game button", []string{"button: Play? [Play]"}},
		{"media template", []string{"media:"}},
		{"receipt", []string{"receipt:"}},
		{"product", []string{"product:"}},
		{"coupon", []string{"coupon: Ten percent"}},
		{"customer feedback", []string{"customer_feedback: How was it?"}},
		{"customer information", []string{"customer_information:"}},
		{"image grid", []string{"image_grid: Teas"}},
		{"notification request", []string{"notification_messages: News"}},
		{"typing", []string{"A moment."}},
		{"two links and a picture", []string{"button: Look. [Tea, Cake]", "image https://pictures.example/a.png (More)"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			q := *p
			q.t = t
			person := q.newcomer()
			q.act(person, emulator.Action{Kind: "say", Text: row.name})
			var got []string
			for _, b := range q.answered(person, len(row.want)) {
				got = append(got, look(b))
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("number of a list", func(t *testing.T) {
		q := *p
		q.t = t
		person := q.newcomer()
		q.act(person, emulator.Action{Kind: "say", Text: "numbered list"})
		q.answered(person, 1)
		q.act(person, emulator.Action{Kind: "say", Text: "14"})
		if got := q.answered(person, 2)[1].Text; got != "You took the last one." {
			t.Errorf("the number brought %q", got)
		}
	})
}

// look is a message as a person sees it, in one line: what it says, [its buttons], (its quick replies).
func look(b emulator.Bubble) string {
	out := b.Text
	if len(b.Attachment) > 0 {
		var a struct {
			Type    string
			Payload struct {
				Kind             string `json:"template_type"`
				URL, Text, Title string
				Elements         []struct{ Title string }
			}
		}
		if err := json.Unmarshal(b.Attachment, &a); err != nil {
			return err.Error()
		}
		out = a.Type + " " + a.Payload.URL
		if a.Type == "template" {
			titles := []string{}
			for _, text := range []string{a.Payload.Text, a.Payload.Title} {
				if text != "" {
					titles = append(titles, text)
				}
			}
			for _, e := range a.Payload.Elements {
				if e.Title != "" {
					titles = append(titles, e.Title)
				}
			}
			out = strings.TrimSpace(a.Payload.Kind + ": " + strings.Join(titles, ", "))
		}
	}
	if len(b.Buttons) > 0 {
		out += fmt.Sprintf(" [%s]", titlesOf(b.Buttons))
	}
	if len(b.QuickReplies) > 0 {
		out += fmt.Sprintf(" (%s)", titlesOf(b.QuickReplies))
	}
	return out
}

func titlesOf(buttons []emulator.Button) string {
	titles := make([]string, len(buttons))
	for i, b := range buttons {
		titles[i] = b.Title
	}
	return strings.Join(titles, ", ")
}
