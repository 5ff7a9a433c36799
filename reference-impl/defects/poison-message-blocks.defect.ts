import type { EventMechanisms } from "../patterns/event-driven.ts";
import type { Defect } from "./defect.ts";

/** A message that can never be handled is tried for ever. */
export const poisonMessageBlocks: Defect<EventMechanisms> = {
  name: "poison-message-blocks",
  missing: "a message that can never be handled is tried for ever, and all behind it wait",
  needs: "one message that its consumer cannot handle; no fault",
  shows: [{ checker: "delivery", types: ["unhandled-message", "blocked-by-poison"] }],
  replacement: () => ({ afterFailure: () => "again" }),
};
