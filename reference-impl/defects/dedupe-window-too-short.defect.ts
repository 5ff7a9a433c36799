import type { EventMechanisms } from "../patterns/event-driven.ts";
import type { Defect } from "./defect.ts";

/** The inbox forgets sooner than the last copy of a message has come. */
export const dedupeWindowTooShort: Defect<EventMechanisms> = {
  name: "dedupe-window-too-short",
  missing: "the inbox forgets messages after 50 ms, and copies come later than that",
  needs: "a message is delivered again: its consumer or relay died, or an acknowledgement was lost",
  shows: [{ checker: "delivery", types: ["repeated-effect"] }],
  replacement: () => ({ keepMs: 50 }),
};
