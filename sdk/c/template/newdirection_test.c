#include "newdirection.c"
#include "direction/fake.h"

int main(void) {
  dir_expect("<newdirection>", "Hello, you!");
  dir_expect("<newdirection to=\"Ann Bo\">", "Hello, Ann Bo!");
  dir_expect("<newdirection to=Ann times=3>", "Hello, hello, hello, Ann!");
  dir_expect_error("<newdirection times=6>", "attribute times: 6 is above 5");
  return dir_fake_done();
}
