import type { CheckBudget } from "../check-budget.ts";
import type { RegisterCalls } from "./register-calls.ts";
import { RegisterSearch } from "./register-search.ts";
import type { SearchOutcome } from "./search-outcome.ts";
import { NEVER } from "./window-plan.ts";

/** Configurations kept after each return, in the runs that are tried where there are too many. */
const beams: readonly number[] = [64, 512, 4096];
/** More configurations than this at once are too many for a start. */
const wide = 2048;

/**
 * Is there an order of the calls on a register that explains what they returned and agrees with real time?
 *
 * Goes through the events once and keeps every configuration that matters ({@link ConfigurationSet}). Calls
 * take effect when one of them must, just before it returns, and in every order that can make a difference
 * (Lowe, "Testing for linearizability", 2017: just-in-time linearization).
 *
 * Where configurations become too many, runs that keep only the most promising of them are tried first: if
 * one of them gets through there is an order. Only all of them together can show that there is none.
 */
export function searchRegister(calls: RegisterCalls, budget: CheckBudget | undefined): SearchOutcome {
  const first = new RegisterSearch(calls, budget, wide, true).run();
  if (first !== null) return first;
  for (const width of beams) {
    const outcome = new RegisterSearch(calls, budget, width, false).run();
    if (outcome !== null) return outcome;
  }
  return new RegisterSearch(calls, budget, NEVER, false).run() ?? unreachable();
}

function unreachable(): never {
  throw new Error("a search without a limit ends with an answer");
}
