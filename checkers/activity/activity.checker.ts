import type { Checker, CheckResult } from "../checker.ts";
import { type History, INVOKE, OK } from "../history/history.ts";
import { resultOf } from "../result.ts";
import { type BudgetWatch, withinBudget } from "../within-budget.ts";

/** What {@link activity} asks for. */
export interface ActivityOptions {
  /** Fewest operations that must have succeeded; 1 unless given. */
  readonly minOk?: number;
  /** Fewest operations that must have succeeded per function, such as `{ update: 10 }`. */
  readonly minOkOf?: Readonly<Record<string, number>>;
  /** Must each injected fault have been healed, having touched something? True unless given. */
  readonly faultsMustBite?: boolean;
}

/**
 * Claim: something happened. Enough operations succeeded, and each injected fault touched something
 * (`bites` of its `heal` lines) and was healed within the file.
 *
 * Never invalid: where it is not met the run proves nothing, and the verdict is unknown. Cannot see
 * whether the operations that succeeded overlapped the faults. Linear. Source: vacuity as in Beer et al., "Efficient
 * detection of vacuity in ACTL formulas", 1997.
 *
 * @throws RangeError where a minimum is not a whole number of at least 0.
 */
export function activity(options: ActivityOptions = {}): Checker {
  for (const [name, count] of [
    ["minOk", options.minOk ?? 1] as const,
    ...Object.entries(options.minOkOf ?? {}),
  ]) {
    if (Number.isSafeInteger(count) && count >= 0) continue;
    throw new RangeError(`${name}: expected a whole number of at least 0, found ${count}`);
  }
  return {
    name: "activity",
    claim: "enough operations succeeded, and every injected fault touched something and was healed",
    blindSpots: ["whether the operations that succeeded ran while a fault was active"],
    check: (history, budget) => withinBudget(history, budget, (watch) => check(history, options, watch)),
  };
}

function check(history: History, options: ActivityOptions, watch: BudgetWatch): CheckResult {
  const okOf = new Int32Array(history.functions.length);
  let ok = 0;
  let invoked = 0;
  watch.begin(0, 1, history.length);
  for (let row = 0; row < history.length; row++) {
    watch.at(row);
    if (history.type[row] === INVOKE) invoked++;
    if (history.type[row] !== OK) continue;
    ok++;
    okOf[history.f[row]!]!++;
  }
  const reasons: string[] = [];
  const minOk = options.minOk ?? 1;
  if (ok < minOk) reasons.push(`${ok} of ${invoked} operations succeeded; at least ${minOk} should`);
  for (const [name, count] of Object.entries(options.minOkOf ?? {})) {
    const f = history.functions.indexOf(name);
    const succeeded = f < 0 ? 0 : okOf[f]!;
    if (succeeded < count)
      reasons.push(`${succeeded} operations ${name} succeeded; at least ${count} should`);
  }
  if (options.faultsMustBite !== false) reasons.push(...idleFaults(history));
  return resultOf({ operations: ok, anomalies: [], reasons });
}

interface FaultSeen {
  readonly name: string;
  readonly target: string;
  isHealed: boolean;
  /** Undefined while no heal line says how often it bit. */
  bites: number | undefined;
}

/**
 * In the order of injection: the faults that never bit, or that the file does not see healed. A heal line belongs to the last
 * injection of its id; one without an injection before it heals nothing that is in the file.
 */
function idleFaults(history: History): string[] {
  const last = new Map<number, FaultSeen>();
  const faults: FaultSeen[] = [];
  for (const event of history.faults) {
    if (event.event === "inject") {
      const fault = { name: event.fault, target: event.target, isHealed: false, bites: undefined };
      last.set(event.id, fault);
      faults.push(fault);
      continue;
    }
    const healed = last.get(event.id);
    if (healed === undefined) continue;
    healed.isHealed = true;
    if (event.bites !== undefined) healed.bites = (healed.bites ?? 0) + event.bites;
  }
  return faults.flatMap((fault) => {
    const name = `the fault ${fault.name} on ${fault.target}`;
    if (!fault.isHealed) return [`${name} was injected and not healed in this history`];
    if (fault.bites === undefined) return [`it is not recorded whether ${name} touched anything`];
    return fault.bites === 0 ? [`${name} touched nothing`] : [];
  });
}
