package emulator

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// foreignCall is a call of the foreign client, and what must be in the outcome: a part of
// the JSON of its value, or of its error.
type foreignCall struct {
	name, method, args string
	want               string
	refused            bool
}

// foreignCalls take the client through what bots do: send, attach, set up the profile, speak as
// a persona, route threads, subscribe, batch. PSID, APP and FILE stand for what they say.
var foreignCalls = []foreignCall{
	{"page", "getPageInfo", `[{"fields":["id","name"]}]`, `"id":"100000000000001"`, false},
	// The client proves the Page token where it calls with the app's: the platform would refuse that too.
	{"token", "debugToken", `[]`, `Invalid appsecret_proof`, true},
	{"person", "getUserProfile", `["PSID"]`, `"firstName":"Ada"`, false},
	{"nobody", "getUserProfile", `["1"]`, `"code":100`, true},
	{"review", "getMessagingFeatureReview", `[]`, `[]`, false},

	{"text", "sendText", `["PSID","Hello from afar 👋"]`, `"recipientId":"PSID"`, false},
	{"quick replies", "sendMessage", `["PSID",{"text":"Tea?"},{"quickReplies":[{"contentType":"text","title":"Yes","payload":"YES"},{"contentType":"user_email"}]}]`, `"messageId":"m_`, false},
	{"image", "sendImage", `["PSID","https://pictures.example/tea.png"]`, `"messageId":"m_`, false},
	{"image from a file", "sendImage", `["PSID",{"file":"FILE"}]`, `"messageId":"m_`, false},
	{"button template", "sendButtonTemplate", `["PSID","Which?",[{"type":"postback","title":"Green","payload":"GREEN"}]]`, `"messageId":"m_`, false},
	{"generic template", "sendGenericTemplate", `["PSID",[{"title":"Tea","subtitle":"Green","buttons":[{"type":"web_url","title":"Look","url":"https://tea.example"}]}]]`, `"messageId":"m_`, false},
	{"media template", "sendMediaTemplate", `["PSID",[{"mediaType":"image","url":"https://www.facebook.com/photo.php?fbid=1"}]]`, `"messageId":"m_`, false},
	{"receipt", "sendReceiptTemplate", `["PSID",{"recipientName":"Ada","orderNumber":"1","currency":"EUR","paymentMethod":"Visa","elements":[{"title":"Tea","price":4}],"summary":{"totalCost":4}}]`, `"messageId":"m_`, false},
	{"seen", "markSeen", `["PSID"]`, `"recipientId":"PSID"`, false},
	{"typing", "typingOn", `["PSID"]`, `"recipientId":"PSID"`, false},
	{"typing no more", "typingOff", `["PSID"]`, `"recipientId":"PSID"`, false},
	{"a dead template", "sendAirlineUpdateTemplate", `["PSID",{"introMessage":"x","updateType":"delay","locale":"en_US","pnrNumber":"x","updateFlightInfo":{}}]`, `Invalid template type`, true},
	{"a text that is too long", "sendText", `["PSID","LONG"]`, `less than or equal to 2000`, true},
	{"a stranger", "sendText", `["1000000000000009","hi"]`, `"subcode":2018001`, true},
	{"a tag that is dead", "sendText", `["PSID","hi",{"tag":"POST_PURCHASE_UPDATE"}]`, `"code":100`, true},

	{"upload", "uploadImage", `["https://pictures.example/tea.png",{"isReusable":true}]`, `"attachmentId":"`, false},
	{"upload of a file", "uploadImage", `[{"file":"FILE"},{"isReusable":true,"filename":"tea.png","contentType":"image/png"}]`, `"attachmentId":"`, false},
	{"image by its id", "sendAttachment", `["PSID",{"type":"image","payload":{"attachmentId":"$upload.attachmentId"}}]`, `"messageId":"m_`, false},
	{"a file by its id", "sendAttachment", `["PSID",{"type":"image","payload":{"attachmentId":"$upload of a file.attachmentId"}}]`, `"messageId":"m_`, false},
	{"an id of nothing", "sendAttachment", `["PSID",{"type":"image","payload":{"attachmentId":"7"}}]`, `"subcode":2018074`, true},

	{"a menu too early", "setPersistentMenu", `[[{"type":"postback","title":"Buy","payload":"BUY"}]]`, `"subcode":2018145`, true},
	{"Get Started", "setGetStarted", `["START"]`, `"result":"success"`, false},
	{"Get Started again", "getGetStarted", `[]`, `"payload":"START"`, false},
	{"menu", "setPersistentMenu", `[[{"type":"postback","title":"Buy","payload":"BUY"}]]`, `"result":"success"`, false},
	{"menu again", "getPersistentMenu", `[]`, `"callToActions":[{"payload":"BUY"`, false},
	{"menu of one", "setUserPersistentMenu", `["PSID",[{"type":"postback","title":"Just for you","payload":"YOU"}]]`, `"result":"success"`, false},
	{"menu of one again", "getUserPersistentMenu", `["PSID"]`, `"Just for you"`, false},
	{"menu of one no more", "deleteUserPersistentMenu", `["PSID"]`, `"result":"success"`, false},
	{"greeting", "setGreeting", `["Hello {{user_first_name}}"]`, `"result":"success"`, false},
	{"greeting again", "getGreeting", `[]`, `"text":"Hello {{user_first_name}}"`, false},
	{"ice breakers", "setIceBreakers", `[[{"question":"Where?","payload":"WHERE"}]]`, `"result":"success"`, false},
	{"ice breakers again", "getIceBreakers", `[]`, `"question":"Where?"`, false},
	{"domains", "setWhitelistedDomains", `[["https://tea.example"]]`, `"result":"success"`, false},
	{"domains again", "getWhitelistedDomains", `[]`, `https://tea.example`, false},
	{"linking", "setAccountLinkingURL", `["https://tea.example/login"]`, `"result":"success"`, false},
	{"linking again", "getAccountLinkingURL", `[]`, `https://tea.example/login`, false},
	{"linking no more", "deleteAccountLinkingURL", `[]`, `"result":"success"`, false},
	{"Get Started under a menu", "deleteGetStarted", `[]`, `"code":100`, true},
	{"menu no more", "deletePersistentMenu", `[]`, `"result":"success"`, false},
	{"Get Started no more", "deleteGetStarted", `[]`, `"result":"success"`, false},

	{"persona", "createPersona", `[{"name":"Wang","profilePictureUrl":"https://pictures.example/wang.png"}]`, `"id":"`, false},
	{"persona again", "getPersona", `["$persona.id"]`, `"name":"Wang"`, false},
	{"text of a persona", "sendText", `["PSID","Wang here.",{"personaId":"$persona.id"}]`, `"messageId":"m_`, false},
	{"typing of a persona", "typingOn", `["PSID",{"personaId":"$persona.id"}]`, `"recipientId":"PSID"`, false},
	{"personas", "getAllPersonas", `[]`, `"name":"Wang"`, false},
	{"persona no more", "deletePersona", `["$persona.id"]`, `"success":true`, false},
	{"a persona that is gone", "sendText", `["PSID","hi",{"personaId":"$persona.id"}]`, `"code":100`, true},

	{"subscribe", "createSubscription", `[{"callbackUrl":"CALLBACK","verifyToken":"verify me","includeValues":true}]`, `"success":true`, false},
	{"subscribed", "getPageSubscription", `[]`, `"callbackUrl":"CALLBACK"`, false},
	{"a wrong verify token", "createSubscription", `[{"callbackUrl":"CALLBACK","verifyToken":"sardine"}]`, `"code":2200`, true},

	{"label", "createLabel", `["VIP"]`, `"id":"`, false},
	{"batch", "sendBatch", `[[
		{"method":"POST","relativeUrl":"me/messages","name":"first","omitResponseOnSuccess":false,"body":{"messagingType":"UPDATE","recipient":{"id":"PSID"},"message":{"text":"One of a batch."}}},
		{"method":"POST","relativeUrl":"me/messages","dependsOn":"first","body":{"messagingType":"UPDATE","recipient":{"id":"PSID"},"message":{"text":"Two of a batch."}}}]]`, `"code":200`, false},
	{"to the inbox", "passThreadControlToPageInbox", `["PSID","please"]`, `"success":true`, false},
	{"while others have it", "sendText", `["PSID","hi"]`, `"code":2018300`, true},
	{"taken back", "takeThreadControl", `["PSID"]`, `"success":true`, false},
	{"owner", "getThreadOwner", `["PSID"]`, `"appId":"APP"`, false},
	{"after it", "sendText", `["PSID","Back again."]`, `"messageId":"m_`, false},
}

// A Messenger client of other people's, messaging-api-messenger from npm, talks to the emulator as it is:
// only its origin is set. So the emulator is not only right by our own reading of the platform.
func TestForeignClient(t *testing.T) {
	folder := foreignClient(t)
	s := newStage(t, func(c *Config) {
		c.Apps[0].RequireProof = true
		c.Quotas.ProfileCalls, c.Quotas.MenuCalls = -1, -1
	})
	s.act(Action{Kind: "say", Text: "hi"})
	app, page := s.Apps()[0], s.Pages()[0]
	picture := filepath.Join(t.TempDir(), "tea.png")
	if err := os.WriteFile(picture, []byte("\x89PNG\r\n\x1a\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	place := strings.NewReplacer("PSID", testPSID, "APP", app.ID, "FILE", picture, "CALLBACK", app.Callback, "LONG", strings.Repeat("x", 2001))

	outcomes := converse(t, folder, map[string]any{
		"accessToken": page.Token, "appId": app.ID, "appSecret": app.Secret, "origin": s.url, "version": "26.0",
	}, place)
	for _, c := range foreignCalls {
		t.Run(c.name, func(t *testing.T) {
			got, ok := outcomes[c.name]
			switch {
			case !ok:
				t.Error("the client did not come to it")
			case (len(got.Error) > 0) != c.refused || !strings.Contains(string(got.Value)+string(got.Error), place.Replace(c.want)):
				t.Errorf("value %s, error %s; want %s", got.Value, got.Error, c.want)
			}
		})
	}

	seen := map[string]Bubble{}
	for _, b := range s.thread().Bubbles {
		seen[b.Text] = b
	}
	if seen["Hello from afar 👋"].ID == "" || seen["Two of a batch."].ID == "" || len(seen["Tea?"].Attachment) > 0 {
		t.Errorf("the person saw %+v", seen)
	}
	if p := seen["Wang here."].Persona; p == nil || p.Name != "Wang" {
		t.Errorf("a persona spoke as %+v", p)
	}
	if unknown := s.Unimplemented(); len(unknown) > 0 {
		t.Errorf("calls that the emulator does not know: %v", unknown)
	}
}

// outcome is what came of a call.
type outcome struct {
	Name         string
	Value, Error json.RawMessage
}

// foreignTime is how long the client may take, with its installation.
const foreignTime = 3 * time.Minute

// converse lets the client make its calls.
func converse(t *testing.T, folder string, config map[string]any, place *strings.Replacer) map[string]outcome {
	t.Helper()
	type call struct {
		Name   string          `json:"name"`
		Method string          `json:"method"`
		Args   json.RawMessage `json:"args"`
	}
	calls := make([]call, len(foreignCalls))
	for i, c := range foreignCalls {
		calls[i] = call{c.name, c.method, json.RawMessage(place.Replace(c.args))}
	}
	input, err := json.Marshal(map[string]any{"config": config, "calls": calls})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), foreignTime)
	defer cancel()
	var complaints bytes.Buffer
	node := exec.CommandContext(ctx, "node", "driver.js")
	node.Dir, node.Stdin, node.Stderr = folder, bytes.NewReader(input), &complaints
	out, err := node.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, complaints.String())
	}
	outcomes := map[string]outcome{}
	for line := range bytes.Lines(out) {
		var o outcome
		if err := json.Unmarshal(line, &o); err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		outcomes[o.Name] = o
	}
	return outcomes
}

// foreignClient installs the client from its lock file, unless that has been done.
func foreignClient(t *testing.T) string {
	t.Helper()
	folder, err := filepath.Abs(filepath.Join("testdata", "foreign"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			missing(t, tool+" is not here: the foreign client is not tried")
		}
	}
	lock, err := os.Stat(filepath.Join(folder, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	if done, err := os.Stat(filepath.Join(folder, "node_modules", ".package-lock.json")); err == nil && !done.ModTime().Before(lock.ModTime()) {
		return folder
	}
	ctx, cancel := context.WithTimeout(t.Context(), foreignTime)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts")
	npm.Dir = folder
	if out, err := npm.CombinedOutput(); err != nil {
		missing(t, "npm cannot fetch the foreign client: "+err.Error()+"\n"+string(out))
	}
	return folder
}

// missing skips a test for want of a tool. Where the tools are promised, it fails.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}
