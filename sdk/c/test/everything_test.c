#include "everything.c"
#include "direction/fake.h"

static void says(const char *what, const char *got, const char *want) {
  if (strcmp(got, want) != 0) dir_fault(what, "is", got, want);
}

static void json(const char *text, const char *key, const char *want) {
  says(text, dir_json_text(dir_json_get(dir_json_read(dir_str_of(text)), key)).at, want);
}

static void number(const char *text, double want) {
  double got;
  char line[64];
  if (dir_json_number(dir_json_read(dir_str_of(text)), &got) && got == want) return;
  snprintf(line, sizeof line, "%.17g", got);
  dir_fault(text, "reads as", line, 0);
}

static void written(double n, int decimals, const char *want) {
  dir_buffer b = {0};
  dir_add_number(&b, n, decimals);
  says("the number", dir_built(&b).at, want);
}

static void attributes(void) {
  dir_expect("<echo>", "nothing false  ");
  dir_expect("<echo text='a \"b\" é' number=-0.125 integer=-7 boolean choice=Blue url=https://a.example/?x=1>",
             "a \"b\" é -0.13 -7 true Blue https://a.example/?x=1");
  dir_expect_error("<echo number=2>", "attribute number: 2 is above 1.5");
  dir_expect_error("<echo number=-2>", "attribute number: -2 is below -1");
  dir_expect_error("<echo number=1e0>", "attribute number: 1e0 is no number");
  dir_expect_error("<echo integer=1.5>", "attribute integer: 1.5 is no integer");
  dir_expect_error("<echo choice=green>", "attribute choice: green is no choice");
  dir_expect_error("<echo boolean=1>", "attribute boolean: 1 is neither true nor false");
  dir_expect_error("<echo url=ftp://a>", "attribute url: ftp://a is no http address");
  dir_expect_error("<echo x=1>", "<echo> has no attribute x");
  dir_expect_error("<act>", "attribute what is missing");
  dir_expect_error("<nothing>", "the plug-in has no direction nothing");
  dir_expect("<wrap>a <b> c</wrap>", "[a <b> c]");
  dir_expect_error("<wrap>a", "</wrap> is missing");
}

static void effects(void) {
  says("emit", dir_fake_run("<act what=emit>").effects, "emit <b>\"Hello\"\n\x01; cut; delay 1500; delay 2000 keep");
  says("attach", dir_fake_run("<act what=attach>").effects,
       "attach {\"name\":\"image\",\"args\":[\"https://example.org/a.png\"]}; "
       "attach {\"name\":\"link\",\"args\":[\"https://example.org\",\"More\"]}; "
       "attach {\"name\":\"template\",\"args\":[{\"template_type\":\"button\",\"text\":\"é\"}]}; "
       "attach {\"name\":\"typing\",\"args\":[]}; quick [\"Yes\",\"No\"]");
  dir_fake_set("name", "Ann");
  says("vars", dir_fake_run("<act what=vars>").effects, "write name=Ann!; topic other");
  says("name", dir_fake_value("name"), "Ann!");
  says("topic", dir_fake.topic, "other");
  says("remind", dir_fake_run("<act what=remind>").effects,
       "remind {\"name\":\"tea\",\"text\":\"pour\",\"time\":\"5 minutes\"}; remind {\"name\":\"tea\",\"cancel\":true}");
  says("silence", dir_fake_run("<act what=silence>").effects, "silence");
  dir_expect_error("<act what=refused>", "the host refused");
}

static void host(void) {
  says("log", dir_fake_run("<ask what=log>").log, "debug: d; error: e");
  dir_expect("<ask what=clock>", "1767603600000");
  dir_expect("<ask what=random>", dir_fake_run("<ask what=random>").text);
  dir_fake_set("config:city", "Oslo ");
  dir_fake_set("secret:KEY", "k ");
  dir_expect("<ask what=settings>", "Oslo k ann");
  dir_expect("<ask what=count>", "1000");
  dir_expect("<ask what=count>", "2000");
  dir_expect("<ask what=seat>", "01");
  says("seat", dir_fake_value("state:seat"), "ann");
  dir_expect("<ask what=full>", "-2");
  dir_fake_service("https://api.example.org/*", 201, "{\"list\":[1,{\"n\":\"\\u00e9\\ud83d\\ude00\"}]}", 0);
  dir_fake_service("http://sub.example.net/", 0, 0, "timeout");
  dir_expect("<ask what=post>", "201 é😀");
  dir_expect_error("<ask what=http://sub.example.net/>", "timeout");
  dir_expect_error("<trip how=so>", "it did not want to");
}

static void mistakes(void) {
  dir_expect_error("<trip how=undeclared>", "the direction does not declare this attribute");
  dir_expect_error("<trip how=kind>", "the direction declares this attribute to be of another kind");
  dir_expect_error("<ask what=http://evil.test/>", "the plug-in uses http evil.test, which its wants do not ask for");
  dir_expect_error("<ask what=http://notexample.net/>", "the plug-in uses http notexample.net, which its wants do not ask for");
  dir_expect_error("<trip how=unwanted>", "the plug-in uses read age, which its wants do not ask for");
}

static void values(void) {
  dir_begin();
  json("{\"a\":1,\"a\":\"two\"}", "a", "two");
  json("{\"a\": -2.5e+3 }", "a", "-2.5e+3");
  json("{\"a\":\"\\ud83dx\\/\\b\\\"\"}", "a", "\xEF\xBF\xBDx/\b\"");
  json("{\"a\":null}", "a", "");
  json("{\"a\":1,}", "a", "");
  json("{\"a\":1} 2", "a", "");
  json("{\"a\":01}", "a", "");
  json("{\"a\":\"\n\"}", "a", "");
  char deep[200];
  memset(deep, '[', sizeof deep - 1);
  deep[sizeof deep - 1] = 0;
  if (dir_json_read(dir_str_of(deep))) dir_fault("a deep list", "is read", "", 0);
  number("0", 0);
  number("-12.75", -12.75);
  number("1e22", 1e22);
  number("1e-400", 0);
  number("\"3.5\"", 3.5);
  if (dir_json_number(dir_json_read(DIR_STR("1e999")), &(double){0})) dir_fault("1e999", "is a number", "", 0);
  dir_buffer address = {0};
  dir_add_escaped(&address, DIR_STR("S\xC3\xA3o_Tom\xC3\xA9 & 7~/?%@[`{"));
  says("an address", dir_built(&address).at, "S%C3%A3o_Tom%C3%A9%20%26%207~%2F%3F%25%40%5B%60%7B");
  written(-0.001, 2, "0.00");
  written(1234.5678, 2, "1234.57");
  written(-1.5, 0, "-2");
  written(1e30, 3, "1000000000000000000");
  written(0.1, 1, "0.1");
}

int main(void) {
  attributes();
  effects();
  host();
  mistakes();
  values();
  return dir_fake_done();
}
