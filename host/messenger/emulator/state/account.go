package state

import "strconv"

// AppScoped is the id by which an app knows an account. It is no PSID: with Messenger the
// same human has another id for each Page.
func AppScoped(appID, account string) string {
	return "1" + strconv.FormatUint(Stream(appID+"/"+account)%1e15, 10)
}

// Account is who somebody is outside Messenger, by the id of a person or of an account.
func (s *State) Account(id string) string {
	who := s.Person(id)
	if who == nil || who.Account == "" {
		return id
	}
	return who.Account
}

// Humans are the people, in the order in which they came, who are the human whom the app
// knows by that id. ok reports whether there is one, who need not have met a Page.
func (s *State) Humans(a *App, scoped string) (people []*Person, ok bool) {
	for _, who := range s.People {
		if AppScoped(a.ID, s.Account(who.ID)) == scoped {
			people = append(people, who)
		}
	}
	for _, u := range s.Users {
		ok = ok || AppScoped(a.ID, u.ID) == scoped
	}
	return people, ok || len(people) > 0
}
