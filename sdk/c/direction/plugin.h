/* Calls, the manifest, and what the module exports. Included by direction.h. */

struct dir_call {
  const dir_direction *direction;
  const dir_json *attributes;
  dir_str block, person;
};

static bool dir_is(const char *a, const char *b) {
  if (a == b) return true; /* mostly: equal literals are one */
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

/* The value of an attribute that is declared to be of one of two kinds; 0 for the first means any. */
static const dir_json *dir_attribute_of(const dir_call *c, const char *name, const char *kind, const char *other) {
  const dir_attribute *a = c->direction->attributes;
  while (a && a->name && !dir_is(a->name, name)) a++;
  if (!a || !a->name) dir_this_attribute_is_not_declared();
  if (kind && !(a->kind && (dir_is(a->kind, kind) || dir_is(a->kind, other)))) dir_this_attribute_is_of_another_kind();
  return dir_json_get(c->attributes, name);
}

bool dir_has(const dir_call *c, const char *attribute) { return dir_attribute_of(c, attribute, 0, 0) != 0; }
dir_str dir_text(const dir_call *c, const char *attribute) { return dir_json_text(dir_attribute_of(c, attribute, 0, 0)); }
dir_str dir_block(const dir_call *c) { return c->block; }
dir_str dir_person(const dir_call *c) { return c->person; }

double dir_number(const dir_call *c, const char *attribute) {
  double n;
  dir_json_number(dir_attribute_of(c, attribute, DIR_KIND_NUMBER, DIR_KIND_INTEGER), &n);
  return n;
}

int64_t dir_integer(const dir_call *c, const char *attribute) {
  double n;
  dir_json_number(dir_attribute_of(c, attribute, DIR_KIND_INTEGER, DIR_KIND_INTEGER), &n);
  if (n >= 9223372036854775807.0) return INT64_MAX;
  return n <= -9223372036854775808.0 ? INT64_MIN : (int64_t)n;
}

bool dir_boolean(const dir_call *c, const char *attribute) {
  return dir_json_true(dir_attribute_of(c, attribute, DIR_KIND_BOOLEAN, DIR_KIND_BOOLEAN));
}

static void dir_count(dir_buffer *b, const char *key, uint32_t n) {
  if (!n) return;
  dir_plain(b, key, "");
  dir_add_integer(b, n);
}

static void dir_describe_direction(dir_buffer *b, const dir_direction *d) {
  dir_field(b, "{", "name", dir_str_of(d->name));
  dir_optional(b, "form", d->form);
  dir_optional(b, "description", d->description);
  if (d->attributes) dir_plain(b, "attributes", "[");
  for (const dir_attribute *a = d->attributes; a && a->name; a++) {
    dir_field(b, a == d->attributes ? "{" : ",{", "name", dir_str_of(a->name));
    dir_optional(b, "kind", a->kind);
    dir_plain(b, "required", a->required ? "true" : 0);
    dir_optional(b, "default", a->otherwise);
    dir_plain(b, "min", a->min);
    dir_plain(b, "max", a->max);
    dir_list(b, "choices", a->choices);
    dir_optional(b, "description", a->description);
    dir_add(b, "}");
  }
  dir_add(b, d->attributes ? "]}" : "}");
}

static dir_str dir_describe(const dir_plugin *p) {
  dir_buffer b = {0};
  dir_field(&b, "{", "version", dir_str_of(p->version));
  dir_count(&b, "minor", DIR_ABI_MINOR);
  dir_optional(&b, "description", p->description);
  dir_plain(&b, "stateless", p->stateless ? "true" : 0);
  dir_count(&b, "time", p->time);
  dir_count(&b, "memory", p->memory);
  dir_plain(&b, "directions", "[");
  for (const dir_direction *d = p->directions; d && d->name; d++) {
    if (d != p->directions) dir_add(&b, ",");
    dir_describe_direction(&b, d);
  }
  dir_add(&b, "],\"wants\":[");
  for (const dir_want *w = p->wants; w && w->capability; w++) {
    dir_field(&b, w == p->wants ? "{" : ",{", "capability", dir_str_of(w->capability));
    dir_list(&b, "items", w->items);
    dir_field(&b, ",", "reason", dir_str_of(w->reason));
    dir_add(&b, "}");
  }
  dir_add(&b, "]}");
  return dir_built(&b);
}

static dir_str dir_run(const dir_plugin *p, dir_str input) {
  const dir_json *j = dir_json_read(input);
  dir_str name = dir_json_text(dir_json_get(j, "name"));
  dir_buffer out = {0}, result = {0};
  const char *error = "this plug-in has no direction of that name";
  for (const dir_direction *d = p->directions; d && d->name; d++) {
    if (!dir_same(name, dir_str_of(d->name))) continue;
    dir_call c = {d, dir_json_get(j, "attributes"), dir_json_text(dir_json_get(j, "block")), dir_json_text(dir_json_get(j, "person"))};
    error = d->run(&c, &out);
    break;
  }
  dir_field(&result, "{", error ? "error" : "text", error ? dir_str_of(error) : dir_built(&out));
  dir_add(&result, "}");
  return dir_built(&result);
}

dir_str dir_perform(int op, dir_str input) {
  return op == DIR_OP_DESCRIBE ? dir_describe(&dir_this_plugin) : dir_run(&dir_this_plugin, input);
}

#ifdef __wasm__
#define DIR_EXPORT(name) __attribute__((export_name(name)))
DIR_EXPORT("dir_abi_v1") void dir_export_marker(void) {}

DIR_EXPORT("dir_alloc") void *dir_export_alloc(uint32_t size) {
  dir_begin();
  return dir_room(size);
}

DIR_EXPORT("dir_call") uint64_t dir_export_call(int32_t op, const char *input, uint32_t len) {
  if (!len) dir_begin();
  dir_str result = dir_perform(op, (dir_str){input, len});
  return (uint64_t)(uintptr_t)result.at << 32 | result.len;
}
#endif
