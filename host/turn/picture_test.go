package turn

import "testing"

// Rule 16 of messenger.md section 9: the address of a picture is kept no longer than it is known;
// names stay.
func TestPictureExpires(t *testing.T) {
	f := script(t, "default").on("hi", 0, says("Hi."))
	in := Input{Event: Event{Kind: Text, Text: "hi"}, Person: Person{Profile: map[string]string{"_userFirstName": "Ann", picture: "https://pictures.example/1"}}, Now: noon}
	first, err := New(f, Settings{}).Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if got := vars(first.Session); got[picture] != "https://pictures.example/1" {
		t.Errorf("known: %v", got)
	}
	in.Session, in.Person.Profile = first.Session, nil
	second, err := New(f, Settings{}).Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if got := vars(second.Session); got[picture] != "" || got["_userFirstName"] != "Ann" {
		t.Errorf("not known any more: %v", got)
	}
	if got := vars(first.Session); got[picture] == "" {
		t.Error("the session that was handed in has changed")
	}
}
