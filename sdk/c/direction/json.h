/* JSON: read into a tree, written field by field. Included by direction.h. */

/* JSON is read into a tree: each value knows its first child and its next sibling. */
enum { DIR_NULL, DIR_FALSE, DIR_TRUE, DIR_NUMERAL, DIR_TEXTUAL, DIR_LIST, DIR_OBJECT, DIR_DEEPEST = 64 };

struct dir_json {
  int kind;
  uint32_t count; /* of children */
  dir_str text, key;
  dir_json *first, *next;
};

typedef struct {
  const char *at, *end;
} dir_reader;

static bool dir_takes(dir_reader *r, const char *word) {
  const char *at = r->at;
  for (; *word; word++, at++)
    if (at == r->end || *at != *word) return false;
  r->at = at;
  return true;
}

static void dir_blanks(dir_reader *r) {
  while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r')) r->at++;
}

static bool dir_hex(dir_reader *r, uint32_t *out) {
  if (r->end - r->at < 4) return false;
  *out = 0;
  for (int i = 0; i < 4; i++) {
    char c = *r->at++;
    int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    if (digit < 0) return false;
    *out = *out << 4 | (uint32_t)digit;
  }
  return true;
}

/* What a backslash begins. Half a surrogate pair is U+FFFD. */
static char *dir_escape(dir_reader *r, char *to) {
  static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
  if (r->at == r->end) return 0;
  char c = *r->at++;
  for (int i = 0; from[i]; i++)
    if (c == from[i]) {
      *to++ = into[i];
      return to;
    }
  uint32_t high, low;
  if (c != 'u' || !dir_hex(r, &high)) return 0;
  if (high < 0xD800 || high > 0xDFFF) return dir_utf8(to, high);
  dir_reader behind = *r;
  if (high < 0xDC00 && dir_takes(&behind, "\\u") && dir_hex(&behind, &low) && low >= 0xDC00 && low <= 0xDFFF) {
    *r = behind;
    return dir_utf8(to, 0x10000 + ((high - 0xD800) << 10 | (low - 0xDC00)));
  }
  return dir_utf8(to, 0xFFFD);
}

static bool dir_textual(dir_reader *r, dir_str *out) {
  const char *end = ++r->at;
  while (end < r->end && (unsigned char)*end >= ' ' && *end != '"' && *end != '\\') end++;
  if (end < r->end && *end == '"') { /* as most end: nothing in it means something else */
    uint32_t n = (uint32_t)(end - r->at);
    char *room = (char *)dir_room(n + 1);
    if (n) __builtin_memcpy(room, r->at, n);
    room[n] = 0;
    *out = (dir_str){room, n};
    r->at = end + 1;
    return true;
  }
  while (end < r->end && *end != '"') end += *end == '\\' && end + 1 < r->end ? 2 : 1;
  char *room = (char *)dir_room((uint32_t)(end - r->at) + 1), *to = room;
  while (r->at < r->end && *r->at != '"') {
    char c = *r->at++;
    if ((unsigned char)c < ' ') return false;
    if (c != '\\')
      *to++ = c;
    else if (!(to = dir_escape(r, to)))
      return false;
  }
  if (r->at == r->end) return false;
  r->at++;
  *to = 0;
  *out = (dir_str){room, (uint32_t)(to - room)};
  return true;
}

static uint32_t dir_digits(dir_reader *r) {
  uint32_t n = 0;
  for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++) n++;
  return n;
}

static bool dir_numeral(dir_reader *r, dir_str *out) {
  const char *from = r->at;
  dir_takes(r, "-");
  bool zero = r->at < r->end && *r->at == '0';
  uint32_t n = dir_digits(r);
  if (n == 0 || (zero && n > 1)) return false;
  if (dir_takes(r, ".") && !dir_digits(r)) return false;
  if (dir_takes(r, "e") || dir_takes(r, "E")) {
    if (!dir_takes(r, "+")) dir_takes(r, "-");
    if (!dir_digits(r)) return false;
  }
  dir_buffer b = {0};
  dir_add_bytes(&b, from, (uint32_t)(r->at - from));
  *out = dir_built(&b);
  return true;
}

static dir_json *dir_value(dir_reader *r, int depth);

static bool dir_children(dir_reader *r, dir_json *j, int depth) {
  const char *end = j->kind == DIR_LIST ? "]" : "}";
  dir_json **last = &j->first;
  dir_blanks(r);
  if (dir_takes(r, end)) return true;
  for (;; last = &(*last)->next) {
    dir_str key = {0};
    if (j->kind == DIR_OBJECT) {
      dir_blanks(r);
      if (r->at == r->end || *r->at != '"' || !dir_textual(r, &key)) return false;
      dir_blanks(r);
      if (!dir_takes(r, ":")) return false;
    }
    if (!(*last = dir_value(r, depth + 1))) return false;
    (*last)->key = key;
    j->count++;
    dir_blanks(r);
    if (dir_takes(r, end)) return true;
    if (!dir_takes(r, ",")) return false;
  }
}

static dir_json *dir_value(dir_reader *r, int depth) {
  dir_blanks(r);
  if (r->at == r->end || depth > DIR_DEEPEST) return 0;
  dir_json *j = (dir_json *)dir_room(sizeof(dir_json));
  *j = (dir_json){0};
  char c = *r->at;
  bool good = true;
  if (c == '"') {
    j->kind = DIR_TEXTUAL;
    good = dir_textual(r, &j->text);
  } else if (c == '-' || (c >= '0' && c <= '9')) {
    j->kind = DIR_NUMERAL;
    good = dir_numeral(r, &j->text);
  } else if (c == '[' || c == '{') {
    j->kind = c == '[' ? DIR_LIST : DIR_OBJECT;
    r->at++;
    good = dir_children(r, j, depth);
  } else if (dir_takes(r, "true")) {
    j->kind = DIR_TRUE;
    j->text = DIR_STR("true");
  } else if (dir_takes(r, "false")) {
    j->kind = DIR_FALSE;
    j->text = DIR_STR("false");
  } else {
    good = dir_takes(r, "null");
  }
  return good ? j : 0;
}

const dir_json *dir_json_read(dir_str text) {
  dir_reader r = {text.at, text.at + text.len};
  const dir_json *j = dir_value(&r, 0);
  dir_blanks(&r);
  return r.at == r.end ? j : 0;
}

const dir_json *dir_json_get(const dir_json *object, const char *key) {
  const dir_json *found = 0;
  dir_str wanted = dir_str_of(key);
  if (object && object->kind == DIR_OBJECT)
    for (const dir_json *j = object->first; j; j = j->next)
      if (dir_same(j->key, wanted)) found = j;
  return found;
}

const dir_json *dir_json_at(const dir_json *list, uint32_t position) {
  const dir_json *j = list && list->kind == DIR_LIST ? list->first : 0;
  while (j && position-- > 0) j = j->next;
  return j;
}

uint32_t dir_json_len(const dir_json *list) { return list ? list->count : 0; }
dir_str dir_json_text(const dir_json *j) { return j && j->text.at ? j->text : DIR_STR(""); }
bool dir_json_true(const dir_json *j) { return j && j->kind == DIR_TRUE; }

/* Exact for up to 15 digits, otherwise to within the last bits. */
bool dir_json_number(const dir_json *j, double *n) {
  *n = 0;
  dir_str text = dir_json_text(j);
  dir_reader r = {text.at, text.at + text.len};
  dir_str whole;
  if (!j || (j->kind != DIR_NUMERAL && j->kind != DIR_TEXTUAL) || !dir_numeral(&r, &whole) || r.at != r.end) return false;
  const char *at = text.at + (*text.at == '-');
  uint64_t digits = 0;
  int exponent = 0, shift = 0;
  bool point = false, minus = false;
  for (; at < r.end && *at != 'e' && *at != 'E'; at++) {
    if (*at == '.') {
      point = true;
    } else if (digits < UINT64_MAX / 10 - 1) {
      digits = digits * 10 + (uint64_t)(*at - '0');
      shift -= point;
    } else {
      shift += !point;
    }
  }
  for (; at < r.end; at++)
    if (*at == '-')
      minus = true;
    else if (*at >= '0' && *at <= '9' && exponent < 10000)
      exponent = exponent * 10 + *at - '0';
  exponent = (minus ? -exponent : exponent) + shift;
  const double greatest = 1.7976931348623157e308;
  double value = (double)digits;
  for (int left = exponent < 0 ? -exponent : exponent; left > 0 && value > 0 && value <= greatest; left -= 22) {
    double power = 1;
    for (int i = 0; i < left && i < 22; i++) power *= 10;
    value = exponent < 0 ? value / power : value * power;
  }
  if (value > greatest) return false;
  *n = *text.at == '-' ? -value : value;
  return true;
}

/* An object is written field by field; each begins with the sign before it: { or a comma. */
static void dir_field(dir_buffer *b, const char *sign, const char *key, dir_str value) {
  dir_add(b, sign);
  dir_add_json(b, dir_str_of(key));
  dir_add(b, ":");
  dir_add_json(b, value);
}

static void dir_optional(dir_buffer *b, const char *key, const char *value) {
  if (value && *value) dir_field(b, ",", key, dir_str_of(value));
}

static void dir_plain(dir_buffer *b, const char *key, const char *json) {
  if (!json) return;
  dir_add(b, ",\"");
  dir_add(b, key);
  dir_add(b, "\":");
  dir_add(b, json);
}

static void dir_list(dir_buffer *b, const char *key, const char *const *texts) {
  if (!texts) return;
  dir_plain(b, key, "[");
  for (uint32_t i = 0; texts[i]; i++) {
    if (i) dir_add(b, ",");
    dir_add_json(b, dir_str_of(texts[i]));
  }
  dir_add(b, "]");
}

static void dir_texts(dir_buffer *b, const dir_str *texts, uint32_t n) {
  dir_add(b, "[");
  for (uint32_t i = 0; i < n; i++) {
    if (i) dir_add(b, ",");
    dir_add_json(b, texts[i]);
  }
  dir_add(b, "]");
}
