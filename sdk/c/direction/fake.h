/* A host for tests of directions on the machine of their author, without WebAssembly. A test is a program:
 *
 *     #include "hello.c"
 *     #include "direction/fake.h"
 *
 *     int main(void) {
 *       dir_expect("<hello to=Ann>", "Hello, Ann");
 *       dir_expect_error("<hello to=Ann times=9>", "attribute times: 9 is above 5");
 *       return dir_fake_done();
 *     }
 *
 * It reads tags as a script writes them, grants the plug-in what its manifest wants and nothing else, and records what a
 * call does. The clock stands, the random numbers come from a seed, and web services are what the test says they are.
 * Limits of the server are not in it: footlight direction test runs the module itself, on the host's own code. */
#ifndef DIRECTION_FAKE_H
#define DIRECTION_FAKE_H

#include "../direction.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a call came to: the text in the place of the tag, why it failed (empty: it did not), what it did in order, such as
 * "emit Hello; cut; delay 2000; write name=Ann", and its lines, such as "info: greeted Ann; ". */
typedef struct {
  const char *text, *error, *effects, *log;
} dir_result;

enum { DIR_FAKE_VALUES = 100, DIR_FAKE_LONGEST = 256 << 10 };

/* The stage: set it before a call, look at it after. */
static struct {
  int64_t now;        /* milliseconds since 1970 UTC */
  uint64_t seed;      /* of the random numbers */
  const char *person; /* id of the person */
  char topic[256];    /* the person is in */
  int tags, faults;   /* of the test so far */
  struct {
    char *key, *value; /* config:unit, secret:KEY, state:seats, person:score, or the name of a variable */
  } values[DIR_FAKE_VALUES];
  struct {
    const char *url, *body, *error;
    int status;
  } services[DIR_FAKE_VALUES];
  int service_count, requests, effects_count;
  uint64_t draw;
  char effects[DIR_FAKE_LONGEST], log[DIR_FAKE_LONGEST], answer[DIR_FAKE_LONGEST], error[DIR_FAKE_LONGEST];
  jmp_buf refused;
  bool running;
} dir_fake = {.now = 1767603600000, .seed = 1, .person = "ann", .topic = "default"};

/* Writes a fault of the test. */
static void dir_fault(const char *tag, const char *what, const char *got, const char *want) {
  printf("%s: %s %s%s%s\n", tag, what, got, want ? ", not " : "", want ? want : "");
  dir_fake.faults++;
}

/* Says how the test went, and returns what main returns. */
static inline int dir_fake_done(void) {
  printf("%d tags tried, %d faults\n", dir_fake.tags, dir_fake.faults);
  return dir_fake.faults > 0;
}

/* Ends the call as the server ends one that does what it may not. */
static void dir_refuse(const char *why, const char *item) {
  snprintf(dir_fake.error, sizeof dir_fake.error, "%s%s%s", why, *item ? " " : "", item);
  if (dir_fake.running) longjmp(dir_fake.refused, 1);
  printf("%s\n", dir_fake.error);
  exit(1);
}

void dir_host_mistake(const char *sentence) { dir_refuse(sentence, ""); }

void *dir_pages(uint32_t n) {
  void *room = malloc((size_t)n * DIR_PAGE);
  if (!room) exit(1);
  return room;
}

static char *dir_kept(const char *at, size_t n) {
  char *copy = (char *)malloc(n + 1);
  if (!copy) exit(1);
  memcpy(copy, at, n);
  copy[n] = 0;
  return copy;
}

/* The value of a key or a variable; empty when there is none. */
static const char *dir_fake_value(const char *key) {
  for (int i = 0; i < DIR_FAKE_VALUES; i++)
    if (dir_fake.values[i].key && strcmp(dir_fake.values[i].key, key) == 0) return dir_fake.values[i].value;
  return "";
}

/* Sets the value of a key or a variable: dir_fake_set("config:unit", "°C"), dir_fake_set("name", "Ann"). */
static int dir_fake_set(const char *key, const char *value) {
  int at = -1;
  for (int i = DIR_FAKE_VALUES - 1; i >= 0; i--) {
    if (!dir_fake.values[i].key) {
      at = at < 0 || !dir_fake.values[at].key ? i : at;
    } else if (strcmp(dir_fake.values[i].key, key) == 0) {
      at = i;
    }
  }
  if (at < 0) return DIR_FULL;
  free(dir_fake.values[at].key);
  free(dir_fake.values[at].value);
  dir_fake.values[at].key = *value ? dir_kept(key, strlen(key)) : 0;
  dir_fake.values[at].value = *value ? dir_kept(value, strlen(value)) : 0;
  return DIR_OK;
}

/* Lets a web service answer, or not answer when error is not 0. A * at the end of the address stands for anything; of
 * several services that fit, the one named last answers. */
static inline void dir_fake_service(const char *url, int status, const char *body, const char *error) {
  int i = dir_fake.service_count++ % DIR_FAKE_VALUES;
  dir_fake.services[i].url = url;
  dir_fake.services[i].status = status;
  dir_fake.services[i].body = body;
  dir_fake.services[i].error = error;
}

/* Ends the call unless the plug-in wants the capability, with the item if there is one. */
static void dir_need(const char *capability, const char *item) {
  for (const dir_want *w = dir_this_plugin.wants; w && w->capability; w++) {
    if (strcmp(w->capability, capability) != 0) continue;
    if (!item) return;
    for (const char *const *i = w->items; i && *i; i++) {
      size_t under = **i == '*' ? strlen(*i + 1) : 0, n = strlen(item);
      if (strcmp(*i, item) == 0 || (under && n > under && strcmp(item + n - under, *i + 1) == 0)) return;
    }
  }
  char what[512];
  snprintf(what, sizeof what, "%s%s%s, which its wants do not ask for", capability, item ? " " : "", item ? item : "");
  dir_refuse("the plug-in uses", what);
}

static void dir_note(char *into, const char *word, const char *at, uint32_t len) {
  size_t used = strlen(into);
  snprintf(into + used, DIR_FAKE_LONGEST - used, "%s%s%.*s", used ? "; " : "", word, (int)len, at);
}

static void dir_did(const char *word, const char *at, uint32_t len) {
  if (++dir_fake.effects_count > DIR_MAX_EFFECTS) dir_refuse("a call does too much", "");
  dir_note(dir_fake.effects, word, at, len);
}

void dir_host_log(int32_t level, const char *text, uint32_t len) {
  static const char *const names[] = {"debug: ", "info: ", "warn: ", "error: "};
  dir_need(DIR_CAN_LOG, 0);
  dir_note(dir_fake.log, names[level & 3], text, len);
}

int64_t dir_host_now(void) {
  dir_need(DIR_CAN_CLOCK, 0);
  return dir_fake.now;
}

void dir_host_random(char *out, uint32_t n) { /* splitmix64 */
  dir_need(DIR_CAN_RANDOM, 0);
  for (uint32_t i = 0; i < n; i++) {
    uint64_t z = dir_fake.draw += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    out[i] = (char)(z ^ z >> 31);
  }
}

/* The key as a text, after a look at whether its space may be used. */
static const char *dir_space_of(const char *key, uint32_t len, bool *writable) {
  static char name[4 * DIR_MAX_KEY];
  snprintf(name, sizeof name, "%.*s", (int)len, key);
  *writable = len <= DIR_MAX_KEY;
  if (strncmp(name, DIR_SPACE_STATE, strlen(DIR_SPACE_STATE)) == 0) dir_need(DIR_CAN_STATE, 0);
  else if (strncmp(name, DIR_SPACE_PERSON, strlen(DIR_SPACE_PERSON)) == 0) dir_need(DIR_CAN_PERSON, 0);
  else {
    *writable = false;
    bool config = strncmp(name, DIR_SPACE_CONFIG, strlen(DIR_SPACE_CONFIG)) == 0;
    dir_need(config ? DIR_CAN_CONFIG : DIR_CAN_SECRET, strchr(name, ':') ? strchr(name, ':') + 1 : name);
  }
  return name;
}

static int64_t dir_give(const char *value, char *out, uint32_t cap) {
  size_t n = strlen(value);
  if (n <= cap) memcpy(out, value, n);
  return (int64_t)n;
}

int32_t dir_host_get(const char *key, uint32_t len, char *out, uint32_t cap) {
  bool writable;
  return (int32_t)dir_give(dir_fake_value(dir_space_of(key, len, &writable)), out, cap);
}

int32_t dir_host_put(const char *key, uint32_t len, const char *value, uint32_t value_len) {
  bool writable;
  const char *name = dir_space_of(key, len, &writable);
  if (!writable) return DIR_INVALID;
  if (value_len > DIR_MAX_VALUE) return DIR_FULL;
  char *copy = dir_kept(value_len ? value : "", value_len);
  int status = dir_fake_set(name, copy);
  free(copy);
  return status;
}

int32_t dir_host_swap(const char *key, uint32_t len, const char *old, uint32_t old_len, const char *value, uint32_t value_len) {
  bool writable;
  const char *now = dir_fake_value(dir_space_of(key, len, &writable));
  if (strlen(now) != old_len || (old_len && memcmp(now, old, old_len) != 0)) return DIR_CHANGED;
  return dir_host_put(key, len, value, value_len);
}

static void dir_answer_with(const char *url) {
  dir_buffer b = {0};
  for (int i = dir_fake.service_count - 1; i >= 0; i--) {
    size_t n = strlen(dir_fake.services[i].url);
    bool open = n && dir_fake.services[i].url[n - 1] == '*';
    if (open ? strncmp(dir_fake.services[i].url, url, n - 1) != 0 : strcmp(dir_fake.services[i].url, url) != 0) continue;
    if (dir_fake.services[i].error) {
      dir_field(&b, "{", "error", dir_str_of(dir_fake.services[i].error));
    } else {
      dir_field(&b, "{", "body", dir_str_of(dir_fake.services[i].body));
      dir_plain(&b, "status", "");
      dir_add_integer(&b, dir_fake.services[i].status);
    }
    break;
  }
  if (!b.len) {
    dir_fault(url, "no answer: add", "dir_fake_service(url, 200, …, 0)", 0);
    dir_add(&b, "{\"error\":\"no answer\"");
  }
  snprintf(dir_fake.answer, sizeof dir_fake.answer, "%.*s}", (int)b.len, b.at);
}

int64_t dir_host_http(const char *request, uint32_t len, char *out, uint32_t cap) {
  if (len) {
    const dir_json *j = dir_json_read((dir_str){request, len});
    const char *url = dir_json_text(dir_json_get(j, "url")).at, *host = strstr(url, "://");
    char name[256];
    snprintf(name, sizeof name, "%.*s", host ? (int)strcspn(host + 3, "/?#") : 0, host ? host + 3 : "");
    dir_need(DIR_CAN_HTTP, name);
    if (++dir_fake.requests > DIR_MAX_REQUESTS) dir_refuse("a call makes too many requests", "");
    dir_answer_with(url);
  }
  return dir_give(dir_fake.answer, out, cap);
}

void dir_host_emit(const char *text, uint32_t len) {
  dir_need(DIR_CAN_EMIT, 0);
  dir_did("emit ", text, len);
}

void dir_host_cut(void) {
  dir_need(DIR_CAN_CUT, 0);
  dir_did("cut", "", 0);
}

void dir_host_delay(int32_t millis, int32_t keep) {
  char text[64];
  dir_need(DIR_CAN_DELAY, 0);
  dir_did("delay ", text, (uint32_t)snprintf(text, sizeof text, "%d%s", (int)millis, keep ? " keep" : ""));
}

int32_t dir_host_attach(const char *element, uint32_t len) {
  dir_need(DIR_CAN_ATTACH, 0);
  if (!dir_json_read((dir_str){element, len})) return DIR_INVALID;
  dir_did("attach ", element, len);
  return DIR_OK;
}

int32_t dir_host_quick(const char *labels, uint32_t len) {
  dir_need(DIR_CAN_QUICK, 0);
  uint32_t n = dir_json_len(dir_json_read((dir_str){labels, len}));
  if (n < 1 || n > 13) return DIR_INVALID;
  dir_did("quick ", labels, len);
  return DIR_OK;
}

int32_t dir_host_read(const char *name, uint32_t len, char *out, uint32_t cap) {
  (void)len;
  dir_need(DIR_CAN_READ, name);
  return *dir_fake_value(name) ? (int32_t)dir_give(dir_fake_value(name), out, cap) : -1;
}

int32_t dir_host_write(const char *name, uint32_t len, const char *value, uint32_t value_len) {
  dir_need(DIR_CAN_WRITE, name);
  if (!len || *name == '_') return DIR_INVALID;
  char *copy = dir_kept(value_len ? value : "", value_len), done[1024];
  int status = dir_fake_set(name, copy);
  dir_did("write ", done, (uint32_t)snprintf(done, sizeof done, "%s=%s", name, copy));
  free(copy);
  return status;
}

int32_t dir_host_clear(const char *name, uint32_t len) {
  dir_need(DIR_CAN_WRITE, name);
  if (!len || *name == '_') return DIR_INVALID;
  dir_did("clear ", name, len);
  return dir_fake_set(name, "");
}

void dir_host_topic(const char *name, uint32_t len) {
  dir_need(DIR_CAN_TOPIC, 0);
  snprintf(dir_fake.topic, sizeof dir_fake.topic, "%.*s", (int)len, name);
  dir_did("topic ", name, len);
}

int32_t dir_host_remind(const char *reminder, uint32_t len) {
  dir_need(DIR_CAN_REMIND, 0);
  const dir_json *j = dir_json_read((dir_str){reminder, len});
  if (!dir_json_text(dir_json_get(j, "name")).len) return DIR_INVALID;
  if (!dir_json_true(dir_json_get(j, "cancel")) && !dir_json_text(dir_json_get(j, "time")).len) return DIR_INVALID;
  dir_did("remind ", reminder, len);
  return DIR_OK;
}

void dir_host_silence(void) {
  dir_need(DIR_CAN_SILENCE, 0);
  dir_did("silence", "", 0);
}

#include "tag.h"

/* Calls a direction with a tag, written as in a script. What it returns is good until the next call. */
static dir_result dir_fake_run(const char *tag) {
  static char input[DIR_FAKE_LONGEST], text[DIR_FAKE_LONGEST];
  dir_result r = {"", dir_fake.error, dir_fake.effects, dir_fake.log};
  dir_fake.tags++;
  dir_begin();
  *dir_fake.error = *dir_fake.effects = *dir_fake.log = *text = 0;
  dir_fake.requests = dir_fake.effects_count = 0;
  dir_fake.draw = dir_fake.seed;
  if (!dir_tag_input(tag, input, sizeof input)) return r;
  dir_begin();
  dir_fake.running = true;
  if (!setjmp(dir_fake.refused)) {
    const dir_json *j = dir_json_read(dir_perform(DIR_OP_RUN, dir_str_of(input)));
    snprintf(text, sizeof text, "%s", dir_json_text(dir_json_get(j, "text")).at);
    snprintf(dir_fake.error, sizeof dir_fake.error, "%s", dir_json_text(dir_json_get(j, "error")).at);
  }
  dir_fake.running = false;
  r.text = text;
  return r;
}

/* The tag says the text. */
static inline void dir_expect(const char *tag, const char *text) {
  dir_result r = dir_fake_run(tag);
  if (*r.error) dir_fault(tag, "fails:", r.error, 0);
  else if (strcmp(r.text, text) != 0) dir_fault(tag, "says", r.text, text);
}

/* The tag fails for that reason. */
static inline void dir_expect_error(const char *tag, const char *error) {
  dir_result r = dir_fake_run(tag);
  if (strcmp(r.error, error) != 0) dir_fault(tag, "fails with", *r.error ? r.error : "nothing", error);
}

#endif /* DIRECTION_FAKE_H */
