/* A plug-in that does everything a plug-in can. It is tested by everything_test.c, and as a module by tests of the host. */
#include "direction.h"

static bool is(dir_str a, const char *b) { return dir_same(a, dir_str_of(b)); }

static const char *echo(const dir_call *c, dir_buffer *out) {
  dir_add_str(out, dir_text(c, "text"));
  if (dir_has(c, "number")) {
    dir_add(out, " ");
    dir_add_number(out, dir_number(c, "number"), 2);
  }
  if (dir_has(c, "integer")) {
    dir_add(out, " ");
    dir_add_integer(out, dir_integer(c, "integer"));
  }
  dir_add(out, dir_boolean(c, "boolean") ? " true " : " false ");
  dir_add_str(out, dir_text(c, "choice"));
  dir_add(out, " ");
  dir_add_str(out, dir_text(c, "url"));
  return 0;
}

static const char *wrap(const dir_call *c, dir_buffer *out) {
  dir_add(out, "[");
  dir_add_str(out, dir_block(c));
  dir_add(out, "]");
  return 0;
}

static const char *act(const dir_call *c, dir_buffer *out) {
  dir_str what = dir_text(c, "what");
  int status = DIR_OK;
  (void)out;
  if (is(what, "emit")) {
    dir_emit(DIR_STR("<b>\"Hello\"\n\x01"));
    dir_cut();
    dir_delay(1500, false);
    dir_delay(2000, true);
  } else if (is(what, "attach")) {
    status = dir_attach("image", &DIR_STR("https://example.org/a.png"), 1);
    status += dir_attach("link", (dir_str[]){DIR_STR("https://example.org"), DIR_STR("More")}, 2);
    status += dir_attach_json("template", DIR_STR("{\"template_type\":\"button\",\"text\":\"é\"}"));
    status += dir_attach("typing", 0, 0);
    status += dir_quick((dir_str[]){DIR_STR("Yes"), DIR_STR("No")}, 2);
  } else if (is(what, "vars")) {
    dir_buffer b = {0};
    dir_add_str(&b, dir_read("name"));
    dir_add(&b, "!");
    status = dir_write("name", dir_built(&b));
    dir_topic("other");
  } else if (is(what, "remind")) {
    status = dir_remind("tea", "5 minutes", DIR_STR("pour"));
    status += dir_cancel("tea");
  } else if (is(what, "silence")) {
    dir_silence();
  } else {
    status = dir_write("_secret", DIR_STR("x"));
  }
  return status ? "the host refused" : 0;
}

static const char *count(dir_buffer *out) {
  dir_str before, after; /* a value longer than the first look takes a second one */
  if (dir_get(DIR_SPACE_PERSON, DIR_STR("long"), &before)) return "no value";
  dir_buffer b = {0};
  dir_add_str(&b, before);
  for (int i = 0; i < 100; i++) dir_add(&b, "0123456789");
  if (dir_put(DIR_SPACE_PERSON, DIR_STR("long"), dir_built(&b)) || dir_get(DIR_SPACE_PERSON, DIR_STR("long"), &after)) return "not kept";
  dir_add_integer(out, after.len);
  return 0;
}

static const char *ask_service(dir_str url, bool post, dir_buffer *out) {
  dir_request r = {.url = url};
  if (post) {
    r.method = "POST";
    r.headers = DIR_TEXTS("Accept", "application/json", "X-Key", "k");
    r.body = DIR_STR("{}");
  }
  dir_answer a = dir_http(r);
  if (a.error) return a.error;
  dir_add_integer(out, a.status);
  dir_add(out, " ");
  const dir_json *j = dir_json_read(a.body);
  dir_add_str(out, j ? dir_json_text(dir_json_get(dir_json_at(dir_json_get(j, "list"), 1), "n")) : a.body);
  return 0;
}

static const char *ask(const dir_call *c, dir_buffer *out) {
  dir_str what = dir_text(c, "what");
  if (is(what, "log")) {
    dir_log(DIR_DEBUG, "d");
    dir_log(DIR_ERROR, "e");
  } else if (is(what, "clock")) {
    dir_add_integer(out, dir_now());
  } else if (is(what, "random")) {
    for (int i = 0; i < 5; i++) dir_add_integer(out, dir_dice(6));
  } else if (is(what, "settings")) {
    dir_add_str(out, dir_config("city"));
    dir_add_str(out, dir_secret("KEY"));
    dir_add_str(out, dir_person(c));
  } else if (is(what, "count")) {
    return count(out);
  } else if (is(what, "seat")) {
    dir_add_integer(out, dir_swap(DIR_SPACE_STATE, DIR_STR("seat"), DIR_STR(""), dir_person(c)));
    dir_add_integer(out, dir_swap(DIR_SPACE_STATE, DIR_STR("seat"), DIR_STR(""), DIR_STR("somebody else")));
  } else if (is(what, "full")) {
    static char big[20000];
    dir_add_integer(out, dir_put(DIR_SPACE_STATE, DIR_STR("big"), (dir_str){big, sizeof big}));
  } else {
    return ask_service(is(what, "post") ? DIR_STR("https://api.example.org/x") : what, is(what, "post"), out);
  }
  return 0;
}

/* Does what no direction should: keeps a word in memory, and says what it kept before. */
static const char *remember(const dir_call *c, dir_buffer *out) {
  static char last[256];
  static uint32_t len;
  dir_str word = dir_text(c, "word");
  dir_add_bytes(out, last, len);
  for (len = 0; len < word.len && len < sizeof last; len++) last[len] = word.at[len];
  return 0;
}

static const char *trip(const dir_call *c, dir_buffer *out) {
  dir_str how = dir_text(c, "how");
  if (is(how, "undeclared")) dir_add_str(out, dir_text(c, "where"));
  if (is(how, "kind")) dir_add_integer(out, dir_integer(c, "how"));
  if (is(how, "unwanted")) dir_add_str(out, dir_read("age"));
  if (is(how, "panic")) __builtin_trap();
  return "it did not want to";
}

DIR_PLUGIN(
  .version = "1.0",
  .description = "does everything",
  .time = 1500,
  .memory = 1 << 20,
  .directions = DIR_DIRECTIONS(
    {.name = "echo", .description = "says its attributes", .run = echo, .attributes = DIR_ATTRIBUTES(
      {.name = "text", .otherwise = "nothing", .description = "any text"},
      {.name = "number", .kind = DIR_KIND_NUMBER, .min = "-1", .max = "1.5"},
      {.name = "integer", .kind = DIR_KIND_INTEGER},
      {.name = "boolean", .kind = DIR_KIND_BOOLEAN},
      {.name = "choice", .kind = DIR_KIND_CHOICE, .choices = DIR_TEXTS("red", "Blue")},
      {.name = "url", .kind = DIR_KIND_URL})},
    {.name = "wrap", .form = DIR_FORM_BLOCK, .run = wrap},
    {.name = "act", .form = DIR_FORM_EFFECT, .run = act, .attributes = DIR_ATTRIBUTES({.name = "what", .required = true})},
    {.name = "ask", .run = ask, .attributes = DIR_ATTRIBUTES({.name = "what", .required = true})},
    {.name = "remember", .run = remember, .attributes = DIR_ATTRIBUTES({.name = "word"})},
    {.name = "trip", .run = trip, .attributes = DIR_ATTRIBUTES({.name = "how", .required = true})}),
  .wants = DIR_WANTS(
    {.capability = DIR_CAN_LOG, .reason = "to tell what it does"},
    {.capability = DIR_CAN_CLOCK, .reason = "to know the time"},
    {.capability = DIR_CAN_RANDOM, .reason = "to roll dice"},
    {.capability = DIR_CAN_CONFIG, .items = DIR_TEXTS("city"), .reason = "to know the city"},
    {.capability = DIR_CAN_SECRET, .items = DIR_TEXTS("KEY"), .reason = "to open the service"},
    {.capability = DIR_CAN_STATE, .reason = "to keep what all share"},
    {.capability = DIR_CAN_PERSON, .reason = "to keep what is a person's"},
    {.capability = DIR_CAN_HTTP, .items = DIR_TEXTS("api.example.org", "*.example.net"), .reason = "to ask the service"},
    {.capability = DIR_CAN_EMIT, .reason = "to say things"},
    {.capability = DIR_CAN_CUT, .reason = "to part them"},
    {.capability = DIR_CAN_DELAY, .reason = "to wait"},
    {.capability = DIR_CAN_ATTACH, .reason = "to show things"},
    {.capability = DIR_CAN_QUICK, .reason = "to offer answers"},
    {.capability = DIR_CAN_READ, .items = DIR_TEXTS("name"), .reason = "to know the name"},
    {.capability = DIR_CAN_WRITE, .items = DIR_TEXTS("name", "_secret"), .reason = "to change the name"},
    {.capability = DIR_CAN_TOPIC, .reason = "to change the topic"},
    {.capability = DIR_CAN_REMIND, .reason = "to remind"},
    {.capability = DIR_CAN_SILENCE, .reason = "to be quiet"}))
