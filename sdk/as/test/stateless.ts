// A plug-in that people share as it is, without being restored between them.

import { Call, Direction, Plugin, serve } from "../assembly";
export * from "../assembly/exports";

serve(new Plugin("1.0").stateless().direction(Direction.inline("name", (call: Call) => call.name())));
