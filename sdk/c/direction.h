/* Generated from sdk/abi/abi.json: begin */
#define DIR_ABI_MAJOR 1
#define DIR_ABI_MINOR 0

/* The operations of dir_call. */
enum {
  DIR_OP_DESCRIBE = 0, /* Nothing in, a manifest out. Called once, before anything is granted: host functions refuse. */
  DIR_OP_RUN = 1, /* A call in, an outcome out. */
};

/* The levels of the log. */
enum {
  DIR_DEBUG = 0, /* for the author of the direction */
  DIR_INFO = 1, /* what happened */
  DIR_WARN = 2, /* it went on, but not as wished */
  DIR_ERROR = 3, /* it did not go on */
};

/* What host functions return that return a status. */
enum {
  DIR_OK = 0, /* it is done */
  DIR_CHANGED = 1, /* swap: another value stands there; nothing was written */
  DIR_INVALID = -1, /* an argument is not what it has to be: a space that cannot be written, a name the host keeps, JSON of another shape; nothing was done */
  DIR_FULL = -2, /* a limit of the space is reached; nothing was written */
  DIR_FAILED = -3, /* the place where values are kept does not answer; nothing is known */
};

/* Limits. */
enum {
  DIR_MAX_MANIFEST = 65536, /* bytes: a manifest */
  DIR_MAX_OUTPUT = 65536, /* bytes: an outcome, and all that a call says together */
  DIR_MAX_KEY = 256, /* bytes: a key, its space included */
  DIR_MAX_VALUE = 16384, /* bytes: a value of a space */
  DIR_MAX_KEYS = 1000, /* keys: in the space state of one bot; in the space person of one person it is a tenth */
  DIR_MAX_LOG_LINE = 1024, /* bytes: a line of the log; what is longer is cut off */
  DIR_MAX_LOG_LINES = 50, /* lines: of the log in one call; the others are counted */
  DIR_MAX_EFFECTS = 100, /* effects: what one call may do: texts, cuts, delays, elements, variables, topics, reminders */
  DIR_MAX_REQUESTS = 5, /* requests: in one call */
  DIR_MAX_RANDOM = 65536, /* bytes: in one call of random */
};

/* The spaces of keys: a key begins with one of them. */
#define DIR_SPACE_STATE "state:" /* Values of the plug-in, shared by all people of the bot. */
#define DIR_SPACE_PERSON "person:" /* Values of the plug-in about the person it runs for. */
#define DIR_SPACE_CONFIG "config:" /* What the owner of the bot has written for the plug-in. */
#define DIR_SPACE_SECRET "secret:" /* Keys and passwords, granted one by one. */

/* The capabilities that a manifest may ask for. */
#define DIR_CAN_LOG "log" /* to write lines that are shown beside the turn */
#define DIR_CAN_CLOCK "clock" /* to know the time */
#define DIR_CAN_RANDOM "random" /* to draw random numbers */
#define DIR_CAN_CONFIG "config" /* to read settings that the owner writes for it */
#define DIR_CAN_SECRET "secret" /* to read secrets by name */
#define DIR_CAN_STATE "state" /* to keep values for all people of the bot */
#define DIR_CAN_PERSON "person" /* to know the person's id and keep values about the person */
#define DIR_CAN_HTTP "http" /* to ask hosts on the internet */
#define DIR_CAN_EMIT "emit" /* to say texts between other things it does */
#define DIR_CAN_CUT "cut" /* to end a message and begin another one */
#define DIR_CAN_DELAY "delay" /* to let what follows wait */
#define DIR_CAN_ATTACH "attach" /* to send images, files, cards and templates */
#define DIR_CAN_QUICK "quick" /* to offer quick replies */
#define DIR_CAN_READ "read" /* to read variables of the person */
#define DIR_CAN_WRITE "write" /* to set variables of the person */
#define DIR_CAN_TOPIC "topic" /* to switch the topic of the person */
#define DIR_CAN_REMIND "remind" /* to schedule reminders */
#define DIR_CAN_SILENCE "silence" /* to keep a whole reply back */

/* The kinds of attributes. */
#define DIR_KIND_TEXT "text" /* any text */
#define DIR_KIND_NUMBER "number" /* an optional sign, digits, optionally a point and digits */
#define DIR_KIND_INTEGER "integer" /* a number without a fraction */
#define DIR_KIND_BOOLEAN "boolean" /* true or false; a flag without value is true */
#define DIR_KIND_CHOICE "choice" /* one of the choices, in the case of the manifest */
#define DIR_KIND_URL "url" /* an http or https address */

/* The forms of tags. */
#define DIR_FORM_INLINE "inline" /* <name …>: the text that run returns stands in its place */
#define DIR_FORM_BLOCK "block" /* <name …>…</name>: run also gets the text between the two */
#define DIR_FORM_EFFECT "effect" /* <name …>: it does something and says nothing; a text that run returns is dropped */

/* The functions of the host. A fake host for tests defines them itself. */
#ifdef __wasm__
#define DIR_IMPORT(name) __attribute__((import_module("dir:host/v1"), import_name(name)))
#else
#define DIR_IMPORT(name)
#endif

/* Shows a line beside the turn. */
DIR_IMPORT("log")
void dir_host_log(int32_t level, const char *text, uint32_t text_len);

/* The time of the turn in milliseconds since 1970 UTC; virtual in tests. */
DIR_IMPORT("now")
int64_t dir_host_now(void);

/* Fills the buffer with random bytes, drawn from the seed of the turn: a test that names a seed sees the same bytes again. */
DIR_IMPORT("random")
void dir_host_random(char *out, uint32_t out_cap);

/* Reads the value of a key, which begins with a space and a colon, such as state:seats. Returns the length of the value, 0 when there is none; the value is written only when it fits. */
DIR_IMPORT("get")
int32_t dir_host_get(const char *key, uint32_t key_len, char *out, uint32_t out_cap);

/* Writes the value of a key; an empty value removes the key. Returns a status. */
DIR_IMPORT("put")
int32_t dir_host_put(const char *key, uint32_t key_len, const char *value, uint32_t value_len);

/* Writes like put, but only if the value is still old (empty: if there is none). Returns the status changed when another value stands there. */
DIR_IMPORT("swap")
int32_t dir_host_swap(const char *key, uint32_t key_len, const char *old, uint32_t old_len, const char *value, uint32_t value_len);

/* Makes a request and returns the length of the answer, which is written only when it fits. An empty request makes none: it reads the last answer again. */
DIR_IMPORT("http")
int64_t dir_host_http(const char *request, uint32_t request_len, char *out, uint32_t out_cap);

/* Says a text, before the text that run returns. It is data: no tag in it has a meaning. */
DIR_IMPORT("emit")
void dir_host_emit(const char *text, uint32_t text_len);

/* Ends the message; what follows is a new one. */
DIR_IMPORT("cut")
void dir_host_cut(void);

/* What follows goes out that much later, 0 to 120,000 ms; when keep is not 0 it comes even if the person writes in between. */
DIR_IMPORT("delay")
void dir_host_delay(int32_t millis, int32_t keep);

/* Adds an element to the message: an image, a template, a card. Returns a status. */
DIR_IMPORT("attach")
int32_t dir_host_attach(const char *element, uint32_t element_len);

/* Adds quick replies to the message: a JSON list of 1 to 13 texts. Returns a status. */
DIR_IMPORT("quick")
int32_t dir_host_quick(const char *labels, uint32_t labels_len);

/* Reads a variable of the person. Returns the length of its value, 0 when it is not set; the value is written only when it fits. */
DIR_IMPORT("read")
int32_t dir_host_read(const char *name, uint32_t name_len, char *out, uint32_t out_cap);

/* Sets a variable of the person; an empty value clears it. Names with _ in front belong to the host. Returns a status. */
DIR_IMPORT("write")
int32_t dir_host_write(const char *name, uint32_t name_len, const char *value, uint32_t value_len);

/* Switches the topic of the person. */
DIR_IMPORT("topic")
void dir_host_topic(const char *name, uint32_t name_len);

/* Schedules a reminder or cancels one. Returns a status. */
DIR_IMPORT("remind")
int32_t dir_host_remind(const char *reminder, uint32_t reminder_len);

/* Nothing is sent in this turn, whatever else is said. */
DIR_IMPORT("silence")
void dir_host_silence(void);

/* Generated from sdk/abi/abi.json: end */
