package refusal

// foreign is what error texts say under switch F15. Meta translates for some
// accounts; that the sentence no longer tells the faults apart is the point.
var foreign = map[string]string{
	"de": "Ein Fehler ist aufgetreten. Bitte versuche es später erneut.",
	"ko": "오류가 발생했습니다. 나중에 다시 시도하세요.",
	"ru": "Произошла ошибка. Повторите попытку позже.",
	"zh": "发生错误。请稍后再试。",
}

// Foreign is the one sentence that all refusals say in a language: de, ko, ru or zh.
func Foreign(language string) (text string, known bool) {
	text, known = foreign[language]
	return text, known
}

// texts are the texts of codes that an injected fault answers (messenger.md §5.3).
var texts = map[int]string{
	1:     "Please reduce the amount of data you're asking for, then retry your request",
	2:     "An unexpected error has occurred. Please retry your request later.",
	3:     "Application does not have the capability to make this API call.",
	4:     "Application request limit reached",
	10:    "Application does not have permission for this action",
	17:    "User request limit reached",
	32:    "Page request limit reached",
	100:   "Invalid parameter",
	101:   "Error validating application. Cannot get application info due to a system error.",
	102:   "API session is invalid",
	190:   "Invalid OAuth access token.",
	200:   "Permissions error",
	230:   "Requires pages_messaging permission to manage the object",
	341:   "Application limit reached",
	368:   "The action attempted has been deemed abusive or is otherwise disallowed",
	551:   "This person isn't available right now.",
	613:   "Calls to this API have exceeded the rate limit.",
	1200:  "Temporary send message failure. Please try again later.",
	2022:  "Sending messages is disabled for this Page.",
	80001: "There have been too many calls to this Page account. Wait a bit and try again.",
	80006: "There have been too many calls to this Page account. Wait a bit and try again.",
}

// Text is what Graph usually says with a code.
func Text(code int) string {
	if t := texts[code]; t != "" {
		return t
	}
	return "An error occurred"
}

// deaths are the causes for which a token dies, by subcode of code 190.
var deaths = map[int]string{
	458: "Error validating access token: The user has not authorized application.",
	459: "Error validating access token: You cannot access the app till you log in to www.facebook.com and follow the instructions given.",
	460: "Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.",
	463: "Error validating access token: Session has expired.",
	464: "Error validating access token: Sessions for the user are not allowed because the user is not a confirmed user.",
	467: "Error validating access token: This may be because the user logged out or may be due to a system error.",
	492: "Error validating access token: The user must be an administrator, editor, or moderator of the page in order to impersonate it.",
}

// Death is what Graph says of a token that died of a subcode of 190; known is false
// for what no token dies of.
func Death(subcode int) (text string, known bool) {
	text, known = deaths[subcode]
	return text, known
}
