/* What a direction may ask of the host. Included by direction.h. */

void dir_log(int level, const char *line) { dir_log_str(level, dir_str_of(line)); }
void dir_log_str(int level, dir_str line) { dir_host_log(level, line.at, line.len); }
int64_t dir_now(void) { return dir_host_now(); }
void dir_random(void *out, uint32_t n) { dir_host_random((char *)out, n); }

uint32_t dir_dice(uint32_t n) {
  uint32_t draw;
  uint64_t product;
  if (n < 2) return 0;
  do { /* the few draws that would make some numbers likelier are drawn again */
    dir_random(&draw, sizeof draw);
    product = (uint64_t)draw * n;
  } while ((uint32_t)product < -n % n);
  return (uint32_t)(product >> 32);
}

/* Takes a value from the host, with a second look when it is longer than expected. */
#define DIR_FETCH(status, value, first, ask)           \
  do {                                                 \
    uint32_t cap = first;                              \
    char *out = (char *)dir_room(cap + 1);             \
    int64_t n = ask;                                   \
    if (n > cap) {                                     \
      cap = (uint32_t)n;                               \
      out = (char *)dir_room(cap + 1);                 \
      n = ask;                                         \
    }                                                  \
    status = n < 0 ? (int)n : DIR_OK;                  \
    value = (dir_str){out, n < 0 ? 0 : (uint32_t)n};   \
    out[n < 0 ? 0 : n] = 0;                            \
  } while (0)

static dir_str dir_key(const char *space, dir_str name) {
  dir_buffer b = {0};
  dir_add(&b, space);
  dir_add_str(&b, name);
  return dir_built(&b);
}

int dir_get(const char *space, dir_str key, dir_str *value) {
  int status;
  dir_str k = dir_key(space, key);
  DIR_FETCH(status, *value, 512, dir_host_get(k.at, k.len, out, cap));
  return status;
}

int dir_put(const char *space, dir_str key, dir_str value) {
  dir_str k = dir_key(space, key);
  return dir_host_put(k.at, k.len, value.at, value.len);
}

int dir_swap(const char *space, dir_str key, dir_str old, dir_str value) {
  dir_str k = dir_key(space, key);
  return dir_host_swap(k.at, k.len, old.at, old.len, value.at, value.len);
}

dir_str dir_config(const char *setting) {
  dir_str value;
  (void)dir_get(DIR_SPACE_CONFIG, dir_str_of(setting), &value);
  return value;
}

dir_str dir_secret(const char *name) {
  dir_str value;
  (void)dir_get(DIR_SPACE_SECRET, dir_str_of(name), &value);
  return value;
}

static int dir_unbase64(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static dir_str dir_bytes_of(dir_str coded) {
  dir_buffer b = {0};
  uint32_t bits = 0, n = 0;
  for (uint32_t i = 0; i < coded.len; i++) {
    int six = dir_unbase64(coded.at[i]);
    if (six < 0) continue;
    bits = bits << 6 | (uint32_t)six;
    n += 6;
    if (n < 8) continue;
    n -= 8;
    char byte = (char)(bits >> n);
    dir_add_bytes(&b, &byte, 1);
  }
  return dir_built(&b);
}

dir_answer dir_http(dir_request r) {
  dir_buffer b = {0};
  int status;
  dir_str text;
  dir_field(&b, "{", "url", r.url);
  dir_optional(&b, "method", r.method);
  if (r.headers && r.headers[0]) {
    dir_plain(&b, "headers", "");
    for (uint32_t i = 0; r.headers[i] && r.headers[i + 1]; i += 2) dir_field(&b, i ? "," : "{", r.headers[i], dir_str_of(r.headers[i + 1]));
    dir_add(&b, "}");
  }
  if (r.body.len) dir_field(&b, ",", "body", r.body);
  dir_add(&b, "}");
  uint32_t len = b.len; /* an empty request reads the last answer again */
  DIR_FETCH(status, text, 4096, (n = dir_host_http(b.at, len, out, cap), len = 0, n));
  const dir_json *j = dir_json_read(text), *error = dir_json_get(j, "error"), *coded = dir_json_get(j, "base64");
  if (status || !j) return (dir_answer){.error = "the answer cannot be read"};
  if (error) return (dir_answer){.error = dir_json_text(error).at};
  double n;
  dir_json_number(dir_json_get(j, "status"), &n);
  return (dir_answer){(int)n, coded ? dir_bytes_of(dir_json_text(coded)) : dir_json_text(dir_json_get(j, "body")), 0};
}

void dir_emit(dir_str text) { dir_host_emit(text.at, text.len); }
void dir_cut(void) { dir_host_cut(); }
void dir_delay(int32_t millis, bool keep) { dir_host_delay(millis, keep); }
void dir_silence(void) { dir_host_silence(); }
void dir_topic(const char *name) { dir_host_topic(name, dir_str_of(name).len); }

int dir_quick(const dir_str *labels, uint32_t n) {
  dir_buffer b = {0};
  dir_texts(&b, labels, n);
  return dir_host_quick(b.at, b.len);
}

int dir_attach(const char *element, const dir_str *args, uint32_t n) {
  dir_buffer b = {0};
  dir_field(&b, "{", "name", dir_str_of(element));
  dir_plain(&b, "args", "");
  dir_texts(&b, args, n);
  dir_add(&b, "}");
  return dir_host_attach(b.at, b.len);
}

int dir_attach_json(const char *element, dir_str json) {
  dir_buffer b = {0};
  dir_field(&b, "{", "name", dir_str_of(element));
  dir_plain(&b, "args", "[");
  dir_add_str(&b, json);
  dir_add(&b, "]}");
  return dir_host_attach(b.at, b.len);
}

dir_str dir_read(const char *variable) {
  int status;
  dir_str value;
  DIR_FETCH(status, value, 512, dir_host_read(variable, dir_str_of(variable).len, out, cap));
  (void)status;
  return value;
}

int dir_write(const char *variable, dir_str value) {
  return dir_host_write(variable, dir_str_of(variable).len, value.at, value.len);
}

int dir_clear(const char *variable) { return dir_host_clear(variable, dir_str_of(variable).len); }

int dir_remind(const char *name, const char *when, dir_str text) {
  dir_buffer b = {0};
  dir_field(&b, "{", "name", dir_str_of(name));
  dir_field(&b, ",", "text", text);
  dir_field(&b, ",", "time", dir_str_of(when));
  dir_add(&b, "}");
  return dir_host_remind(b.at, b.len);
}

int dir_cancel(const char *name) {
  dir_buffer b = {0};
  dir_field(&b, "{", "name", dir_str_of(name));
  dir_add(&b, ",\"cancel\":true}");
  return dir_host_remind(b.at, b.len);
}
