// Directions for Footlight in AssemblyScript: tags such as <hello to="Ann"> that a WebAssembly module answers.
//
//   import { Attribute, Call, Direction, Plugin, serve } from "./direction/assembly";
//   export * from "./direction/assembly/exports";
//
//   serve(new Plugin("1.0").direction(Direction.inline("hello", hello).attribute(Attribute.text("to").default("you"))));
//
//   function hello(call: Call): string {
//     return "Hello, " + call.text("to") + "!";
//   }

export { Can, Level, Status } from "./abi";
export { Call } from "./call";
export { Answer, explain, Request, Space } from "./host";
export { Json, parseJSON, quote } from "./json";
export { Attribute, Direction, Plugin, Run } from "./plugin";
export { serve } from "./serve";
export { at } from "./stage";
