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

// listed is a code with its subcode; subcode 0 stands for none and for any that has no text of its own.
type listed struct{ code, subcode int }

// texts are what Graph says with a code and subcode (messenger.md §5.3).
var texts = map[listed]string{
	{1, 0}:          "Please reduce the amount of data you're asking for, then retry your request",
	{1, 99}:         "An unknown error occurred",
	{1, 1357046}:    "Received invalid JSON reply",
	{2, 0}:          "An unexpected error has occurred. Please retry your request later.",
	{2, 2018344}:    "The privacy terms of inbox labels were not accepted.",
	{3, 0}:          "Application does not have the capability to make this API call.",
	{4, 0}:          "Application request limit reached",
	{4, 2018022}:    "Too many send requests to phone numbers",
	{4, 2018354}:    "Marketing messages to this person need a longer pause.",
	{9, 2018352}:    "User is performing too many actions",
	{10, 0}:         "Application does not have permission for this action",
	{10, 1404170}:   "The app has no permission for this action.",
	{10, 1893015}:   "The user has stopped notification messages for this topic.",
	{10, 1893063}:   "This Page is temporarily restricted from sending messages.",
	{10, 2018065}:   "This message is sent outside of allowed window. You need the pages_messaging_subscriptions permission to be able to do it.",
	{10, 2018108}:   "They can't receive your messages right now.",
	{10, 2018278}:   "This message is sent outside of allowed window.",
	{10, 2018336}:   "This message cannot be sent: privacy rules of the person's region apply.",
	{10, 2534022}:   "This message is sent outside of allowed window.",
	{10, 2534077}:   "The linked account cannot be used.",
	{17, 0}:         "User request limit reached",
	{32, 0}:         "Page request limit reached",
	{100, 0}:        "Invalid parameter",
	{100, 33}:       "Unsupported request. The object does not exist, cannot be loaded due to missing permissions, or does not support this operation",
	{100, 2018001}:  "No matching user found",
	{100, 2018008}:  "Failed to fetch the file from the url",
	{100, 2018014}:  "Invalid parameter: message and sender_action cannot be sent together",
	{100, 2018015}:  "Invalid parameter: either message or sender_action must be set",
	{100, 2018034}:  "Invalid parameter: Message cannot be empty, must provide valid attachment or text",
	{100, 2018035}:  "Invalid parameter: an element is incomplete",
	{100, 2018040}:  "Invalid parameter: payload must not be empty",
	{100, 2018041}:  "Invalid parameter: url must not be empty",
	{100, 2018047}:  "Upload attachment failure: the media type does not match",
	{100, 2018053}:  "Invalid parameter: title must not be empty",
	{100, 2018055}:  "Invalid parameter: the amount is wrong",
	{100, 2018074}:  "Invalid parameter: the attachment id is invalid or not owned by this Page",
	{100, 2018098}:  "Invalid parameter: a text quick reply needs a title",
	{100, 2018099}:  "Invalid parameter: a text quick reply needs a payload",
	{100, 2018109}:  "Attachment size exceeds allowable limit",
	{100, 2018145}:  "You must set a Get Started button if you also wish to use persistent menu",
	{100, 2018164}:  "Incorrect App ID",
	{100, 2018173}:  "Invalid parameter: the media template is incomplete",
	{100, 2018294}:  "The video timed out or is corrupted",
	{100, 2018320}:  "Invalid parameter: the product id is invalid",
	{100, 2018328}:  "Invalid parameter: the product template needs a newer version of the API",
	{101, 0}:        "Error validating application. Cannot get application info due to a system error.",
	{102, 0}:        "API session is invalid",
	{105, 0}:        "param message[quick_replies] has too many elements.",
	{190, 0}:        "Invalid OAuth access token.",
	{194, 0}:        "param message[quick_replies] has too few elements.",
	{200, 0}:        "Permissions error",
	{200, 1545041}:  "Message Not Sent: This person isn't available right now.",
	{200, 2018021}:  "Phone matching needs its fee to be agreed.",
	{200, 2018027}:  "Phone matching needs its permission.",
	{200, 2018028}:  "Cannot message users who are not admins, developers or testers of the app until pages_messaging permission is reviewed and the app is live.",
	{200, 2534041}:  "The owner has disabled access to messages.",
	{230, 0}:        "Requires pages_messaging permission to manage the object",
	{341, 0}:        "Application limit reached",
	{368, 0}:        "The action attempted has been deemed abusive or is otherwise disallowed",
	{506, 0}:        "Duplicate status message",
	{551, 0}:        "This person isn't receiving messages from you right now.",
	{551, 1545041}:  "This person isn't available right now.",
	{613, 0}:        "Calls to this API have exceeded the rate limit.",
	{613, 1893016}:  "The topic was asked for several times.",
	{613, 2018338}:  "The use of message tags looks abusive.",
	{613, 2534040}:  "Calls to this API have exceeded the rate limit.",
	{1200, 0}:       "Temporary send message failure. Please try again later.",
	{1200, 2018024}: "Temporary send message failure. Please try again later.",
	{2022, 0}:       "Sending messages is disabled for this Page.",
	{2200, 0}:       "Callback verification failed",
	{2500, 0}:       "An active access token must be used to query information about the current user.",
	{10303, 0}:      "Invalid account_linking_token",
	{2018171, 0}:    "This thread cannot be taken.",
	{2018218, 0}:    "No profile available for this user.",
	{2018234, 0}:    "This app may not route this thread.",
	{2018247, 0}:    "Insufficient permission to access user profile.",
	{2018300, 0}:    "Message failed to send because another app is controlling this thread now.",
	{2018321, 0}:    "Message failed to send because the Page's own questions and answers control this thread now.",
	{2300052, 0}:    "The message request was not accepted.",
	{9000001, 0}:    "Message was deleted",
	{80001, 0}:      "There have been too many calls to this Page account. Wait a bit and try again.",
	{80002, 0}:      "There have been too many calls to this account. Wait a bit and try again.",
	{80006, 0}:      "There have been too many calls to this Page account. Wait a bit and try again.",
}

// Text is what Graph usually says with a code and subcode.
func Text(code, subcode int) string {
	if t := texts[listed{code, subcode}]; t != "" {
		return t
	}
	for _, plain := range []int{subcode, code} { // a number that is a code elsewhere says the same as a subcode
		if t := texts[listed{plain, 0}]; t != "" {
			return t
		}
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
