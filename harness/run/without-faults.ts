import * as fc from "fast-check";
import type { Json } from "../../checkers/history/operation.ts";
import { FaultlineError } from "../faultline-error.ts";
import type { FaultChoice } from "../faults/fault.ts";
import { STORES_SUFFIX } from "../faults/impossible-faults.ts";
import { faults as knownFaults } from "../faults/index.ts";
import type { Scenario } from "./scenario.ts";
import { storeNames } from "./store-names.ts";

/** So many draws tell whether a choice may hit a store; the draws are the same at each call. */
const DRAWS = 200;

/**
 * The scenario without some of its faults: `process-crash` names a fault, `process-crash@stores` only where it
 * hits the process of a store. The names that made a difference are kept in `withoutFaults`: tokens carry them,
 * and reports say them. Throws `unknown-fault`.
 */
export function withoutFaults(scenario: Scenario, names: readonly string[]): Scenario {
  for (const name of names) refuseUnknown(name);
  const stores = new Set(scenario.forms.flatMap((form) => storeNames(form.system())));
  const applied = new Set<string>(scenario.withoutFaults);
  const faults = scenario.faults.flatMap((choice) => {
    const { name } = choice.fault;
    if (names.includes(name)) {
      applied.add(name);
      return [];
    }
    const onStores = `${name}${STORES_SUFFIX}`;
    if (!names.includes(onStores)) return [choice];
    const hits = drawsOnStores(choice, stores);
    if (hits > 0) applied.add(onStores);
    if (hits === 0) return [choice];
    if (hits === DRAWS) return [];
    return [{ ...choice, params: choice.params.filter((params) => !isOnStore(choice, params, stores)) }];
  });
  if (applied.size === 0) return scenario;
  return { ...scenario, faults, withoutFaults: [...applied].sort() };
}

/** The names of the scenario's faults that may hit the process of a store. */
export function faultsOnStores(scenario: Scenario): ReadonlySet<string> {
  const stores = new Set(scenario.forms.flatMap((form) => storeNames(form.system())));
  const found = scenario.faults.filter((choice) => drawsOnStores(choice, stores) > 0);
  return new Set(found.map(({ fault }) => fault.name));
}

function drawsOnStores(choice: FaultChoice, stores: ReadonlySet<string>): number {
  if (choice.fault.processes === undefined) return 0;
  const drawn = fc.sample(choice.params, { seed: 0, numRuns: DRAWS });
  return drawn.filter((params) => isOnStore(choice, params, stores)).length;
}

function isOnStore({ fault }: FaultChoice, params: Json, stores: ReadonlySet<string>): boolean {
  return fault.processes?.(fault.parse(params)).some((name) => stores.has(name)) ?? false;
}

function refuseUnknown(name: string): void {
  const onStores = name.endsWith(STORES_SUFFIX);
  const plain = onStores ? name.slice(0, -STORES_SUFFIX.length) : name;
  const fault = knownFaults.find((known) => known.name === plain);
  if (fault !== undefined && (!onStores || fault.processes !== undefined)) return;
  const why = fault === undefined ? "There is no such fault" : "It hits no process";
  throw new FaultlineError(
    "usage",
    "unknown-fault",
    `A run without "${name}": ${why}.`,
    "docs/faults.md lists the faults; @stores goes with those that kill, pause or stop a process.",
  );
}
