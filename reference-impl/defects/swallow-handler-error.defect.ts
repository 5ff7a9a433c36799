import type { EventMechanisms } from "../patterns/event-driven.ts";
import type { Defect } from "./defect.ts";

/** Whatever goes wrong with a message: it counts as handled. */
export const swallowHandlerError: Defect<EventMechanisms> = {
  name: "swallow-handler-error",
  missing: "an error in a handler is caught, and the message counts as handled",
  needs: "a consumer's store cannot be reached while a message comes",
  shows: [
    { checker: "saga-atomicity", types: ["stuck-saga", "lost-compensation"] },
    { checker: "delivery", types: ["unhandled-message"] },
  ],
  replacement: () => ({ afterFailure: () => "drop" }),
};
