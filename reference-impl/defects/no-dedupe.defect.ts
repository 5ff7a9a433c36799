import type { EventMechanisms } from "../patterns/event-driven.ts";
import type { Defect } from "./defect.ts";
import { handleEveryTime } from "./handle-every-time.ts";

/** No consumer remembers what it has handled. */
export const noDedupe: Defect<EventMechanisms> = {
  name: "no-dedupe",
  missing: "no consumer remembers what it has handled: every copy of a message has its effect",
  needs: "a message is delivered again: its consumer or relay died, or an acknowledgement was lost",
  shows: [
    { checker: "saga-atomicity", types: ["double-effect"] },
    { checker: "delivery", types: ["repeated-effect"] },
  ],
  replacement: () => ({ handleOnce: handleEveryTime }),
};
