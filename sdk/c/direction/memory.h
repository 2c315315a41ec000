/* The arena, and texts that grow in it. Included by direction.h. */

/* What ends a call because its author made a mistake. */
#ifdef __wasm__
#define DIR_MISTAKE(name, sentence) \
  static __attribute__((noinline, noreturn, unused)) void name(void) { __builtin_trap(); }
#else
void dir_host_mistake(const char *sentence);
#define DIR_MISTAKE(name, sentence) \
  static __attribute__((unused)) void name(void) { dir_host_mistake(sentence); }
#endif
DIR_MISTAKE(dir_this_attribute_is_not_declared, "the direction does not declare this attribute")
DIR_MISTAKE(dir_this_attribute_is_of_another_kind, "the direction declares this attribute to be of another kind")
DIR_MISTAKE(dir_out_of_memory, "out of memory")

/* Where clang wants these functions and no libc has them. */
#ifdef __wasm__
#define DIR_FALLBACK __attribute__((weak, no_builtin))
typedef uint64_t __attribute__((aligned(1), may_alias)) dir_word;
DIR_FALLBACK void *memmove(void *to, const void *from, size_t n) {
  char *t = (char *)to;
  const char *f = (const char *)from;
  if (t < f) {
    for (; n >= sizeof(dir_word); n -= sizeof(dir_word), t += sizeof(dir_word), f += sizeof(dir_word)) *(dir_word *)t = *(const dir_word *)f;
    for (size_t i = 0; i < n; i++) t[i] = f[i];
    return to;
  }
  while (n >= sizeof(dir_word)) {
    n -= sizeof(dir_word);
    *(dir_word *)(t + n) = *(const dir_word *)(f + n);
  }
  while (n-- > 0) t[n] = f[n];
  return to;
}
DIR_FALLBACK void *memcpy(void *restrict to, const void *restrict from, size_t n) {
  char *t = (char *)to;
  const char *f = (const char *)from;
  for (; n >= sizeof(dir_word); n -= sizeof(dir_word), t += sizeof(dir_word), f += sizeof(dir_word)) *(dir_word *)t = *(const dir_word *)f;
  for (size_t i = 0; i < n; i++) t[i] = f[i];
  return to;
}
DIR_FALLBACK size_t strlen(const char *text) {
  size_t n = 0;
  while (text[n]) n++;
  return n;
}
DIR_FALLBACK void *memset(void *to, int c, size_t n) {
  for (size_t i = 0; i < n; i++) ((char *)to)[i] = (char)c;
  return to;
}
#endif

/* The arena: a block that is part of the module, then blocks of pages as they are needed. Blocks are kept. */
typedef struct dir_arena_block {
  struct dir_arena_block *next;
  uint32_t cap, used;
} dir_arena_block;

enum { DIR_PAGE = 64 << 10, DIR_FIRST_BLOCK = 24 << 10 };

static struct {
  dir_arena_block head;
  char room[DIR_FIRST_BLOCK];
} dir_arena __attribute__((aligned(8)));
static dir_arena_block *dir_block_in_use = &dir_arena.head;

#ifdef __wasm__
static void *dir_pages(uint32_t n) {
  size_t before = __builtin_wasm_memory_grow(0, n);
  if (before == (size_t)-1) dir_out_of_memory();
  return (void *)(before * DIR_PAGE);
}
#else
void *dir_pages(uint32_t n);
#endif

void dir_begin(void) {
  dir_block_in_use = &dir_arena.head;
  dir_arena.head.cap = DIR_FIRST_BLOCK;
  dir_arena.head.used = 0;
}

void *dir_room(uint32_t n) {
  if (n > UINT32_MAX - 2 * DIR_PAGE) dir_out_of_memory();
  n = (n + 7) & ~7u;
  dir_arena_block *b = dir_block_in_use;
  while (b->cap - b->used < n) {
    if (!b->next || b->next->cap < n) {
      uint32_t pages = (n + (uint32_t)sizeof(dir_arena_block) + DIR_PAGE - 1) / DIR_PAGE;
      dir_arena_block *fresh = (dir_arena_block *)dir_pages(pages);
      fresh->next = b->next;
      fresh->cap = pages * DIR_PAGE - (uint32_t)sizeof(dir_arena_block);
      b->next = fresh;
    }
    b = b->next;
    b->used = 0;
  }
  dir_block_in_use = b;
  void *at = (char *)(b + 1) + b->used;
  b->used += n;
  return at;
}

bool dir_same(dir_str a, dir_str b) {
  if (a.len != b.len) return false;
  for (uint32_t i = 0; i < a.len; i++)
    if (a.at[i] != b.at[i]) return false;
  return true;
}

void dir_add_bytes(dir_buffer *b, const void *at, uint32_t n) {
  if (n >= b->cap - b->len) { /* one byte stays for the NUL */
    if (n > UINT32_MAX / 4 || b->cap > UINT32_MAX / 4) dir_out_of_memory();
    uint32_t cap = b->cap * 2 > b->len + n + 64 ? b->cap * 2 : b->len + n + 64;
    char *room = (char *)dir_room(cap);
    if (b->len) __builtin_memcpy(room, b->at, b->len);
    b->at = room;
    b->cap = cap;
  }
  if (n) __builtin_memcpy(b->at + b->len, at, n);
  b->len += n;
}

dir_str dir_built(dir_buffer *b) {
  dir_add_bytes(b, "", 1);
  b->len--;
  return (dir_str){b->at, b->len};
}

/* Writes a character as UTF-8, and returns where the next one goes. */
static char *dir_utf8(char *to, uint32_t c) {
  int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  static const unsigned char lead[] = {0, 0xC0, 0xE0, 0xF0};
  *to++ = (char)(lead[more] | c >> (6 * more));
  while (more-- > 0) *to++ = (char)(0x80 | (c >> (6 * more) & 0x3F));
  return to;
}

void dir_add_sign(dir_buffer *b, uint32_t sign) {
  char bytes[4];
  dir_add_bytes(b, bytes, (uint32_t)(dir_utf8(bytes, sign) - bytes));
}

static void dir_add_digits(dir_buffer *b, uint64_t n, int least) {
  char digits[20];
  int at = 20;
  do {
    digits[--at] = (char)('0' + n % 10);
    n /= 10;
  } while (n || 20 - at < least);
  dir_add_bytes(b, digits + at, (uint32_t)(20 - at));
}

void dir_add_integer(dir_buffer *b, int64_t n) {
  if (n < 0) dir_add(b, "-");
  dir_add_digits(b, n < 0 ? -(uint64_t)n : (uint64_t)n, 1);
}

void dir_add_number(dir_buffer *b, double n, int decimals) {
  uint64_t scale = 1;
  double size = n < 0 ? -n : n;
  if (!(size < 1e18)) size = size >= 1e18 ? 1e18 : 0; /* no number is 0 */
  while (decimals-- > 0 && scale < 1000000000 && size * (double)scale < 1e17) scale *= 10;
  uint64_t whole = (uint64_t)(size * (double)scale + 0.5);
  if (n < 0 && whole) dir_add(b, "-");
  dir_add_digits(b, whole / scale, 1);
  if (scale == 1) return;
  int width = 0;
  for (uint64_t s = scale; s > 1; s /= 10) width++;
  dir_add(b, ".");
  dir_add_digits(b, whole % scale, width);
}

void dir_add_json(dir_buffer *b, dir_str text) {
  dir_add(b, "\"");
  uint32_t from = 0;
  for (uint32_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.at[i];
    if (c >= ' ' && c != '"' && c != '\\') continue;
    dir_add_bytes(b, text.at + from, i - from);
    from = i + 1;
    char code[6] = {'\\', (char)c, '0', '0', "0123456789abcdef"[c >> 4], "0123456789abcdef"[c & 15]};
    if (c < ' ') code[1] = 'u';
    dir_add_bytes(b, code, c < ' ' ? 6 : 2);
  }
  dir_add_bytes(b, text.at + from, text.len - from);
  dir_add(b, "\"");
}

void dir_add_escaped(dir_buffer *b, dir_str text) {
  for (uint32_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.at[i];
    char code[3] = {'%', "0123456789ABCDEF"[c >> 4], "0123456789ABCDEF"[c & 15]};
    bool safe = (c | 32) >= 'a' && (c | 32) <= 'z';
    safe = safe || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
    dir_add_bytes(b, safe ? (const void *)&c : code, safe ? 1 : 3);
  }
}
