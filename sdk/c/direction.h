/*
 * direction.h: directions in C. A direction is a tag such as <shout marks=2>hello</shout> that a bot's script uses and a
 * WebAssembly module of yours answers.
 *
 *     #include "direction.h"
 *
 *     static const char *hello(const dir_call *c, dir_buffer *out) {
 *       dir_add(out, "Hello, ");
 *       dir_add_str(out, dir_text(c, "to"));
 *       return 0;
 *     }
 *
 *     DIR_PLUGIN(
 *       .version = "1.0",
 *       .directions = DIR_DIRECTIONS({.name = "hello", .run = hello,
 *         .attributes = DIR_ATTRIBUTES({.name = "to", .otherwise = "you"})}))
 *
 *     clang --target=wasm32 -O2 -nostdlib -Wl,--no-entry -Wl,-z,stack-size=16384 -o hello.wasm hello.c
 *
 * This is the header to include; the folder direction beside it has the rest. C11, no libc. Where a plug-in has several
 * files, all but one say #define DIR_DECLARATIONS before they include it. Tests on your own machine include
 * direction/fake.h as well.
 *
 * All memory of a call comes from one arena (dir_room) that is emptied when the next call begins; nothing is freed. Between
 * two people the whole memory of the module is put back to what it was after it started.
 *
 * A mistake that no call can live with, such as asking for an attribute that is not declared, ends the call in a function
 * whose name says so: look for it in the stack that the host shows.
 */
#ifndef DIRECTION_H
#define DIRECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
  DIR_MAX_PERSON = 65536, /* bytes: keys and values of the space person of one person, all together */
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

/* Reads a variable of the person. Returns the length of its value, -1 when it is not set; the value is written only when it fits. */
DIR_IMPORT("read")
int32_t dir_host_read(const char *name, uint32_t name_len, char *out, uint32_t out_cap);

/* Sets a variable of the person. Names with _ in front belong to the host. Returns a status. */
DIR_IMPORT("write")
int32_t dir_host_write(const char *name, uint32_t name_len, const char *value, uint32_t value_len);

/* Clears a variable of the person: it is not set any more. Returns a status. */
DIR_IMPORT("clear")
int32_t dir_host_clear(const char *name, uint32_t name_len);

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

/* A text: UTF-8, with a NUL behind its end that does not count. Texts of the library live until the call ends. */
typedef struct {
  const char *at;
  uint32_t len;
} dir_str;

/* A literal as a text, and a text that ends with NUL as one. */
#define DIR_STR(literal) ((dir_str){"" literal, sizeof(literal) - 1})
static inline dir_str dir_str_of(const char *text) { return (dir_str){text, text ? (uint32_t)__builtin_strlen(text) : 0}; }
bool dir_same(dir_str a, dir_str b);

/* Room in the arena for n bytes, aligned to 8. There always is: a call that needs more than the host grants ends. */
void *dir_room(uint32_t n);

/* A text that grows. {0} is an empty one. */
typedef struct {
  char *at;
  uint32_t len, cap;
} dir_buffer;

void dir_add_bytes(dir_buffer *b, const void *at, uint32_t n);
static inline void dir_add_str(dir_buffer *b, dir_str text) { dir_add_bytes(b, text.at, text.len); }
static inline void dir_add(dir_buffer *b, const char *text) { dir_add_str(b, dir_str_of(text)); }
void dir_add_sign(dir_buffer *b, uint32_t sign); /* a character of Unicode */
void dir_add_integer(dir_buffer *b, int64_t n);
void dir_add_number(dir_buffer *b, double n, int decimals); /* rounded; 0 to 9 decimals */
void dir_add_json(dir_buffer *b, dir_str text);             /* as JSON, quotes included */
void dir_add_escaped(dir_buffer *b, dir_str text);          /* safe inside an address: in its path or behind a = */
dir_str dir_built(dir_buffer *b);                           /* what is in it */

/* A JSON value. 0 is one too: what is not there. */
typedef struct dir_json dir_json;

/* Reads a value, or returns 0 when the text is no JSON. Objects keep the last of equal keys; 64 levels are read. */
const dir_json *dir_json_read(dir_str text);
const dir_json *dir_json_get(const dir_json *object, const char *key);
const dir_json *dir_json_at(const dir_json *list, uint32_t position);
uint32_t dir_json_len(const dir_json *list); /* of a list or an object */
dir_str dir_json_text(const dir_json *j);    /* a text; a number as written; true or false; else empty */
bool dir_json_number(const dir_json *j, double *n);
bool dir_json_true(const dir_json *j);

/* One use of a tag. The host has checked the attributes, so a value that is there is of its kind and in its range. */
typedef struct dir_call dir_call;

bool dir_has(const dir_call *c, const char *attribute);        /* it was written or has a default */
dir_str dir_text(const dir_call *c, const char *attribute);    /* of any kind; empty when it is not there */
double dir_number(const dir_call *c, const char *attribute);   /* of a number or an integer; 0 when it is not there */
int64_t dir_integer(const dir_call *c, const char *attribute); /* of an integer; 0 when it is not there */
bool dir_boolean(const dir_call *c, const char *attribute);    /* of a boolean; false when it is not there */
dir_str dir_block(const dir_call *c);                          /* the text between the tags of a block */
dir_str dir_person(const dir_call *c);                         /* id of the person, with the capability person */

/* What the module is. */
typedef struct {
  const char *name;               /* small letters, digits, _ and -, beginning with a letter */
  const char *kind;               /* DIR_KIND_TEXT if left out */
  bool required;                  /* the tag is an error without it */
  const char *otherwise;          /* the default, written as in a tag */
  const char *min, *max;          /* of numbers and integers */
  const char *const *choices;     /* of DIR_KIND_CHOICE: DIR_TEXTS("a", "b") */
  const char *description;        /* shown to authors of scripts */
} dir_attribute;

typedef struct {
  const char *name;        /* small letters, digits, _ and -, beginning with a letter */
  const char *form;        /* DIR_FORM_INLINE if left out */
  const char *description; /* shown to authors of scripts */
  /* Writes the text that stands in the place of the tag, and returns 0; or returns why it failed, and the tag's fallback
     is used. */
  const char *(*run)(const dir_call *c, dir_buffer *out);
  const dir_attribute *attributes; /* fallback is the host's */
} dir_direction;

typedef struct {
  const char *capability;
  const char *reason;       /* why, in a sentence that the owner of a bot understands */
  const char *const *items; /* hosts, settings, secrets or variables, for capabilities that have them */
} dir_want;

typedef struct {
  const char *version, *description;
  const dir_direction *directions;
  const dir_want *wants;
  bool stateless;  /* no call leaves anything behind in memory: the owner may save the cleaning */
  uint32_t time;   /* milliseconds a call may take; 0 leaves it to the host */
  uint32_t memory; /* bytes it needs; 0 leaves it to the host */
} dir_plugin;

#define DIR_TEXTS(...) ((const char *const[]){__VA_ARGS__, 0})
#define DIR_ATTRIBUTES(...) ((const dir_attribute[]){__VA_ARGS__, {0}})
#define DIR_DIRECTIONS(...) ((const dir_direction[]){__VA_ARGS__, {0}})
#define DIR_WANTS(...) ((const dir_want[]){__VA_ARGS__, {0}})
#define DIR_PLUGIN(...) const dir_plugin dir_this_plugin = {__VA_ARGS__};
extern const dir_plugin dir_this_plugin;

/* What a direction may ask of the host. Each needs its capability: wanted by the plug-in and granted by the owner of the
   bot. Otherwise the call ends there. Functions that return an int return a status: DIR_OK is 0. */
void dir_log(int level, const char *line);
void dir_log_str(int level, dir_str line);
int64_t dir_now(void); /* milliseconds since 1970 UTC */
void dir_random(void *out, uint32_t n);
uint32_t dir_dice(uint32_t n);           /* 0 to n-1, each as likely; 0 when n is 0 */
dir_str dir_config(const char *setting); /* empty when there is none */
dir_str dir_secret(const char *name);    /* empty when there is none; do not say or log it */

/* Values that are kept: in the space DIR_SPACE_STATE for all people of the bot, in DIR_SPACE_PERSON about the person. An
   empty value is none. A turn is taken again when a host dies in the middle of it: keep what a repetition does not spoil,
   for instance who has booked and not how many. dir_swap writes only if the value is still old, else it is DIR_CHANGED. */
int dir_get(const char *space, dir_str key, dir_str *value);
int dir_put(const char *space, dir_str key, dir_str value);
int dir_swap(const char *space, dir_str key, dir_str old, dir_str value);

typedef struct {
  dir_str url;
  const char *method; /* GET if left out */
  const char *const *headers; /* DIR_TEXTS("name", "value", …) */
  dir_str body;
} dir_request;

typedef struct {
  int status; /* any status is an answer */
  dir_str body;
  const char *error; /* why there is no answer, or 0 */
} dir_answer;

dir_answer dir_http(dir_request r);

void dir_emit(dir_str text); /* before what run writes */
void dir_cut(void);          /* what follows is a new message */
void dir_delay(int32_t millis, bool keep);
void dir_silence(void); /* nothing is sent in this turn */
int dir_quick(const dir_str *labels, uint32_t n);
/* An image, audio, video, file, link, card or typing, with the arguments of the shortcode of that name; and a template,
   cards or metadata, with JSON. */
int dir_attach(const char *element, const dir_str *args, uint32_t n);
int dir_attach_json(const char *element, dir_str json);
dir_str dir_read(const char *variable);
int dir_write(const char *variable, dir_str value);
void dir_topic(const char *name);
int dir_remind(const char *name, const char *when, dir_str text); /* when: 30 minutes, an ISO date or milliseconds */
int dir_cancel(const char *name);

/* Answers one operation of the contract: for the exports of the module and direction/fake.h. */
dir_str dir_perform(int op, dir_str input);
void dir_begin(void); /* empties the arena */

#ifndef DIR_DECLARATIONS
#include "direction/memory.h"
#include "direction/json.h"
#include "direction/host.h"
#include "direction/plugin.h"
#endif

#endif /* DIRECTION_H */
