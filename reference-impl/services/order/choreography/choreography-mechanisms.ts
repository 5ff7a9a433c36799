import { type EventMechanisms, hardenedEventMechanisms } from "../../../patterns/event-driven.ts";
import type { HandleOnce } from "../../../patterns/idempotent-consumer.ts";
import { type ReserveLines, reserveWhereEnough } from "../../inventory/choreography/reserve-lines.ts";
import { answersOf, type OrderAnswers } from "./order-outcome.ts";

/** The safety mechanisms of order, payment and inventory together. A defect replaces exactly one. */
export interface ChoreographyMechanisms extends EventMechanisms {
  /** The messages by which the order service learns how payment and inventory have decided. */
  readonly answersOf: Readonly<Record<string, Partial<OrderAnswers>>>;
  readonly reserve: ReserveLines;
  /** How the payment service has the effect of a message once, given how all services do. */
  readonly payOnce: (once: HandleOnce) => HandleOnce;
}

/** The mechanisms of the hardened form. */
export function hardenedChoreographyMechanisms(): ChoreographyMechanisms {
  return {
    ...hardenedEventMechanisms(),
    answersOf,
    reserve: reserveWhereEnough,
    payOnce: (once) => once,
  };
}
