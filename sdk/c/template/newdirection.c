/* Answers the tag <newdirection to=Ann>. */
#include "direction.h"

static const char *run(const dir_call *c, dir_buffer *out) {
  dir_buffer line = {0};
  dir_add(&line, "greeted ");
  dir_add_str(&line, dir_text(c, "to"));
  dir_log_str(DIR_INFO, dir_built(&line));

  dir_add(out, "Hello");
  for (int64_t i = dir_integer(c, "times"); i > 1; i--) dir_add(out, ", hello");
  dir_add(out, ", ");
  dir_add_str(out, dir_text(c, "to"));
  dir_add(out, "!");
  return 0;
}

DIR_PLUGIN(
  .version = "0.1.0",
  .description = "Greets people",
  .directions = DIR_DIRECTIONS({
    .name = "newdirection",
    .description = "says hello to somebody",
    .attributes = DIR_ATTRIBUTES(
      {.name = "to", .otherwise = "you", .description = "who is greeted"},
      {.name = "times", .kind = DIR_KIND_INTEGER, .min = "1", .max = "5", .otherwise = "1"}),
    .run = run,
  }),
  .wants = DIR_WANTS(
    {.capability = DIR_CAN_LOG, .reason = "to tell you whom it has greeted"}))
