#include "lettering.c"
#include "direction/fake.h"

static void long_text(void) {
  static char tag[70000] = "<lettering>";
  memset(tag + 11, 'a', 20000);
  memcpy(tag + 20011, "</lettering>", 13);
  dir_expect_error(tag, "the text is too long");
}

int main(void) {
  dir_expect("<lettering>Az09!</lettering>", "𝗔𝘇𝟬𝟵!");
  dir_expect("<lettering as=italic>Az0</lettering>", "𝘈𝘻0");
  dir_expect("<lettering as=script>Az</lettering>", "𝓐𝔃");
  dir_expect("<lettering as=gothic>Az</lettering>", "𝕬𝖟");
  dir_expect("<lettering as=typewriter>Az09</lettering>", "𝙰𝚣𝟶𝟿");
  dir_expect("<lettering as=circled>Az019</lettering>", "Ⓐⓩ⓪①⑨");
  dir_expect("<lettering as=wide>A z9</lettering>", "Ａ　ｚ９");
  dir_expect("<lettering as=strike>a é\n</lettering>", "a̶ ̶é̶\n");
  dir_expect("<lettering as=underline>ok</lettering>", "o̲k̲");
  dir_expect("<lettering>Größe 😀</lettering>", "𝗚𝗿öß𝗲 😀");
  dir_expect("<lettering></lettering>", "");
  dir_expect_error("<lettering as=pink>a</lettering>", "attribute as: pink is no choice");
  long_text();
  return dir_fake_done();
}
