/*
 * Lettering answers the tag <lettering as=bold>Hello</lettering>. Messenger shows plain text only, but Unicode has letters
 * that look bold, slanted or typed, and signs that strike through what stands before them.
 */
#include "direction.h"

/* A face: where its letters and digits begin in Unicode (0: it has none of its own), or the sign behind each letter. */
typedef struct {
  const char *name;
  uint32_t upper, lower, zero, one, blank, behind;
} face;

static const face faces[] = {
  {"bold", 0x1D5D4, 0x1D5EE, 0x1D7EC, 0x1D7ED, 0, 0},
  {"italic", 0x1D608, 0x1D622, 0, 0, 0, 0},
  {"script", 0x1D4D0, 0x1D4EA, 0, 0, 0, 0},
  {"gothic", 0x1D56C, 0x1D586, 0, 0, 0, 0},
  {"typewriter", 0x1D670, 0x1D68A, 0x1D7F6, 0x1D7F7, 0, 0},
  {"circled", 0x24B6, 0x24D0, 0x24EA, 0x2460, 0, 0},
  {"wide", 0xFF21, 0xFF41, 0xFF10, 0xFF11, 0x3000, 0},
  {"strike", 0, 0, 0, 0, 0, 0x336},
  {"underline", 0, 0, 0, 0, 0, 0x332},
};

static const face *face_of(dir_str name) {
  for (uint32_t i = 0; i < sizeof faces / sizeof *faces; i++)
    if (dir_same(name, dir_str_of(faces[i].name))) return &faces[i];
  return &faces[0];
}

/* The look of one ASCII sign in a face. */
static uint32_t look(const face *f, char c) {
  if (c >= 'A' && c <= 'Z' && f->upper) return f->upper + (uint32_t)(c - 'A');
  if (c >= 'a' && c <= 'z' && f->lower) return f->lower + (uint32_t)(c - 'a');
  if (c == '0' && f->zero) return f->zero;
  if (c >= '1' && c <= '9' && f->one) return f->one + (uint32_t)(c - '1');
  if (c == ' ' && f->blank) return f->blank;
  return (unsigned char)c;
}

static uint32_t length_at(dir_str text, uint32_t i) {
  uint32_t n = 1;
  while (i + n < text.len && (text.at[i + n] & 0xC0) == 0x80) n++;
  return n;
}

static const char *lettering(const dir_call *c, dir_buffer *out) {
  const face *f = face_of(dir_text(c, "as"));
  dir_str text = dir_block(c);
  for (uint32_t i = 0, n; i < text.len; i += n) {
    n = length_at(text, i);
    if (n > 1) /* letters beyond ASCII have no other look */
      dir_add_bytes(out, text.at + i, n);
    else
      dir_add_sign(out, look(f, text.at[i]));
    if (f->behind && (unsigned char)text.at[i] >= ' ') dir_add_sign(out, f->behind);
    if (out->len > DIR_MAX_OUTPUT / 2) return "the text is too long";
  }
  return 0;
}

DIR_PLUGIN(
  .version = "1.0.0",
  .description = "Bold, slanted and other letters where people see plain text only",
  .stateless = true,
  .time = 100,
  .memory = 1 << 20,
  .directions = DIR_DIRECTIONS({
    .name = "lettering",
    .form = DIR_FORM_BLOCK,
    .description = "writes what stands in it in other letters; screen readers may stumble over them",
    .attributes = DIR_ATTRIBUTES({
      .name = "as",
      .kind = DIR_KIND_CHOICE,
      .choices = DIR_TEXTS("bold", "italic", "script", "gothic", "typewriter", "circled", "wide", "strike", "underline"),
      .otherwise = "bold",
    }),
    .run = lettering,
  }))
