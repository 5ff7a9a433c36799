import type { Scenario } from "../harness/run/scenario.ts";
import { acknowledgedUpdatesAreKept } from "./acknowledged-updates-are-kept.scenario.ts";
import { acknowledgedUsersSurvive } from "./acknowledged-users-survive.scenario.ts";
import { ownWritesAreRead } from "./own-writes-are-read.scenario.ts";
import { retriedCallsHaveOneEffect } from "./retried-calls-have-one-effect.scenario.ts";
import { sagasEndAtomically } from "./sagas-end-atomically.scenario.ts";
import { stockIsConserved } from "./stock-is-conserved.scenario.ts";

/** Every scenario, in the order in which `faultline list` shows them. */
export const scenarios: readonly Scenario[] = [
  acknowledgedUpdatesAreKept,
  ownWritesAreRead,
  acknowledgedUsersSurvive,
  stockIsConserved,
  sagasEndAtomically,
  retriedCallsHaveOneEffect,
];
