package ir

// Object is a macro (section 23 of the language).
type Object struct {
	Name     string `json:"name"`
	Language string `json:"language"` // "javascript", or one whose macros cannot be called
	Code     string `json:"code"`     // the body of a function
	Loc      Loc    `json:"loc"`      // of the line that begins it; the code begins on the next one
}
