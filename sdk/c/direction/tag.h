/* Reads tags for tests, and checks their attributes as a server does. Included by fake.h. */

static bool dir_tag_fault(const char *format, const char *a, const char *b, const char *c) {
  snprintf(dir_fake.error, sizeof dir_fake.error, format, a, b, c);
  return false;
}

static bool dir_name_sign(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static uint32_t dir_name_at(const char *at, char *name) {
  uint32_t n = 0;
  for (; n < 63 && dir_name_sign(at[n]); n++) name[n] = at[n] >= 'A' && at[n] <= 'Z' ? (char)(at[n] + 32) : at[n];
  name[n] = 0;
  return n;
}

static bool dir_decimal(const char *text) {
  text += *text == '-' || *text == '+';
  size_t n = strspn(text, "0123456789");
  if (!n) return false;
  if (text[n] != '.') return !text[n];
  size_t more = strspn(text + n + 1, "0123456789");
  return more && !text[n + 1 + more];
}

/* Writes a value in the JSON type of its kind. */
static bool dir_typed(dir_buffer *b, const dir_attribute *a, const char *text) {
  const char *kind = a->kind ? a->kind : DIR_KIND_TEXT;
  if (dir_is(kind, DIR_KIND_NUMBER) || dir_is(kind, DIR_KIND_INTEGER)) {
    double n = atof(text);
    if (!dir_decimal(text)) return dir_tag_fault("attribute %s: %s is no number", a->name, text, "");
    if (dir_is(kind, DIR_KIND_INTEGER) && n != (double)(int64_t)n) return dir_tag_fault("attribute %s: %s is no integer", a->name, text, "");
    if (a->min && n < atof(a->min)) return dir_tag_fault("attribute %s: %s is below %s", a->name, text, a->min);
    if (a->max && n > atof(a->max)) return dir_tag_fault("attribute %s: %s is above %s", a->name, text, a->max);
    char number[64];
    snprintf(number, sizeof number, "%.17g", n);
    dir_add(b, number);
    return true;
  }
  if (dir_is(kind, DIR_KIND_BOOLEAN)) {
    if (!dir_is(text, "true") && !dir_is(text, "false")) return dir_tag_fault("attribute %s: %s is neither true nor false", a->name, text, "");
    dir_add(b, text);
    return true;
  }
  if (dir_is(kind, DIR_KIND_CHOICE)) {
    const char *const *c = a->choices;
    while (c && *c && !dir_is(*c, text)) c++;
    if (!c || !*c) return dir_tag_fault("attribute %s: %s is no choice", a->name, text, "");
  }
  if (dir_is(kind, DIR_KIND_URL) && strncmp(text, "http://", 7) != 0 && strncmp(text, "https://", 8) != 0)
    return dir_tag_fault("attribute %s: %s is no http address", a->name, text, "");
  dir_add_json(b, dir_str_of(text));
  return true;
}

/* Reads the value behind the name of an attribute: bare, in quotes, or a flag. */
static const char *dir_tag_value(const char *at, const char **value, size_t *len) {
  *value = "true";
  *len = 4;
  if (*at != '=') return at;
  if (at[1] == '"' || at[1] == '\'') {
    const char *end = strchr(at + 2, at[1]);
    if (!end) return 0;
    *value = at + 2;
    *len = (size_t)(end - *value);
    return end + 1;
  }
  *value = at + 1;
  *len = strcspn(*value, " \t\n>");
  return *value + *len;
}

enum { DIR_TAG_ATTRIBUTES = 50 };

/* Makes the input of run out of a tag, or says in dir_fake.error what is wrong with it. */
static bool dir_tag_input(const char *tag, char *input, size_t room) {
  char name[64], written[64], *values[DIR_TAG_ATTRIBUTES] = {0};
  const dir_direction *d = dir_this_plugin.directions;
  uint32_t n = *tag == '<' ? dir_name_at(tag + 1, name) : 0;
  if (!n) return dir_tag_fault("%s is no tag", tag, "", "");
  while (d && d->name && !dir_is(d->name, name)) d++;
  if (!d || !d->name) return dir_tag_fault("the plug-in has no direction %s", name, "", "");
  const char *at = tag + 1 + n, *value;
  for (at += strspn(at, " \t\n"); *at != '>'; at += strspn(at, " \t\n")) {
    size_t len;
    if (!(n = dir_name_at(at, written)) || !(at = dir_tag_value(at + n, &value, &len))) return dir_tag_fault("%s is no tag", tag, "", "");
    uint32_t i = 0;
    while (d->attributes && d->attributes[i].name && !dir_is(d->attributes[i].name, written)) i++;
    if (d->attributes && d->attributes[i].name && i < DIR_TAG_ATTRIBUTES) {
      values[i] = (char *)dir_room((uint32_t)len + 1);
      snprintf(values[i], len + 1, "%s", value);
    } else if (!dir_is(written, "fallback")) {
      return dir_tag_fault("<%s> has no attribute %s", name, written, "");
    }
  }
  dir_buffer b = {0};
  dir_field(&b, "{", "name", dir_str_of(name));
  for (const dir_want *w = dir_this_plugin.wants; w && w->capability; w++)
    if (dir_is(w->capability, DIR_CAN_PERSON)) dir_field(&b, ",", "person", dir_str_of(dir_fake.person));
  dir_str block = dir_str_of(at + 1);
  if (d->form && dir_is(d->form, DIR_FORM_BLOCK)) {
    char end[80];
    uint32_t tail = (uint32_t)snprintf(end, sizeof end, "</%s>", name);
    if (block.len < tail || strcmp(block.at + block.len - tail, end) != 0) return dir_tag_fault("%s is missing", end, "", "");
    dir_field(&b, ",", "block", (dir_str){block.at, block.len - tail});
  } else if (block.len) {
    return dir_tag_fault("something stands behind <%s>", name, "", "");
  }
  dir_plain(&b, "attributes", "{");
  bool first = true;
  for (uint32_t i = 0; d->attributes && d->attributes[i].name && i < DIR_TAG_ATTRIBUTES; i++) {
    const dir_attribute *a = &d->attributes[i];
    const char *text = values[i] ? values[i] : a->otherwise;
    if (!text && a->required) return dir_tag_fault("attribute %s is missing", a->name, "", "");
    if (!text) continue;
    if (!first) dir_add(&b, ",");
    first = false;
    dir_add_json(&b, dir_str_of(a->name));
    dir_add(&b, ":");
    if (!dir_typed(&b, a, text)) return false;
  }
  dir_add(&b, "}}");
  return (size_t)snprintf(input, room, "%s", dir_built(&b).at) < room;
}
