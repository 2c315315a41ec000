package company

import (
	"embed"
	"fmt"
	"strconv"
	"time"
)

//go:embed script
var scripts embed.FS

// Part is a message that the script must say to an input.
type Part struct {
	Wait time.Duration // pause before it
	Stay bool          // it comes even if the person writes meanwhile
	Show bool          // it is a picture
	Text string        // of a picture: its address
}

// forms are the words that begin what people say, with the pauses before the parts
// of the answer. This is what the script means, told a second time.
var forms = map[string][]Part{
	"one":   {{}},
	"two":   {{}, {}},
	"slow":  {{}, {Wait: 4 * time.Second}},
	"chain": {{}, {Wait: 2 * time.Second}, {Wait: 9 * time.Second}},
	"kept":  {{}, {Wait: 6 * time.Second, Stay: true}},
	"late":  {{Wait: 25 * time.Second}},
	"quiet": {},
	Picture: {{}, {Show: true}, {}},
	Remind:  {{}},
	Pass:    {{}},
}

// Words that begin what people say, of which the auditor must know more.
const (
	Remind = "remind" // a reminder comes RemindAfter later, whatever the person says meanwhile
	Poison = "poison" // its turn fails, always
	Deadly = "deadly" // whoever takes its turn dies

	Picture = "picture" // it is uploaded before it is shown, once for all people of a Page
	Pass    = "pass"    // the script gives the thread to the Page's inbox
)

// RemindAfter is how long after its turn a reminder comes.
const RemindAfter = 20 * time.Second

// ReminderOf is what it says, whatever edition is played by then.
func ReminderOf(k, edition int) string { return fmt.Sprintf("reminder of k%d by e%d", k, edition) }

// PictureOf is the address of a picture.
func PictureOf(k int) string { return fmt.Sprintf("https://pictures.invalid/k%d.png", k) }

// FormNames are the forms in the order in which a seed draws from them; Routed are those of people whose
// thread changes hands.
var (
	FormNames = []string{"one", "two", "slow", "chain", "kept", "late", "quiet", Picture, Remind}
	Routed    = append(FormNames[:len(FormNames):len(FormNames)], Pass)
)

// Expected is what an edition of the script must say to the input k as its turn n, when last was the input before.
func Expected(form string, n, k, last, edition int) []Part {
	before := "undefined"
	switch {
	case form == "late":
		before = strconv.Itoa(k) // it has set what it reads
	case last > 0:
		before = strconv.Itoa(last)
	}
	out := make([]Part, len(forms[form]))
	for i, p := range forms[form] {
		if p.Text = fmt.Sprintf("n%d k%d after %s part %d of e%d", n, k, before, i+1, edition); p.Show {
			p.Text = PictureOf(k)
		}
		out[i] = p
	}
	return out
}
