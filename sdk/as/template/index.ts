// Answers the tag <newdirection to=Ann>.

import { Attribute, Call, Can, Direction, Plugin, serve } from "./direction/assembly";
export * from "./direction/assembly/exports";

serve(
  new Plugin("0.1.0")
    .description("Greets people")
    .direction(
      Direction.inline("newdirection", run)
        .description("says hello to somebody")
        .attribute(Attribute.text("to").default("you").description("who is greeted"))
        .attribute(Attribute.integer("times").min("1").max("5").default("1")),
    )
    .want(Can.Log, "to tell you whom it has greeted"),
);

function run(call: Call): string {
  let text = "Hello";
  for (let i = call.integer("times"); i > 1; i--) text += ", hello";
  call.info("greeted " + call.text("to"));
  return text + ", " + call.text("to") + "!";
}
