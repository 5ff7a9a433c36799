import * as fc from "fast-check";
import { FaultlineError } from "../faultline-error.ts";
import type { FaultChoice } from "../faults/fault.ts";
import { canHit, type FaultPlace, type FaultsAt, faultPlaces, nameAt } from "../faults/impossible-faults.ts";
import { faults as knownFaults } from "../faults/index.ts";
import { type HitsPlace, placesOf } from "./fault-places.ts";
import type { Scenario } from "./scenario.ts";

/** So many draws tell whether a choice may hit a place; the draws are the same at each call. */
const DRAWS = 200;

/**
 * The scenario without some of its faults: `process-crash` names a fault, `process-crash@stores` only where it
 * hits the process of a store, `link-partition@replication` only where it hits a replica's way to its primary. The
 * names that made a difference are kept in `withoutFaults`: tokens carry them, and reports say them. Throws
 * `unknown-fault`.
 */
export function withoutFaults(scenario: Scenario, names: readonly string[]): Scenario {
  for (const name of names) refuseUnknown(name);
  const hits = placesIn(scenario);
  const applied = new Set<string>(scenario.withoutFaults);
  const faults = scenario.faults.flatMap((choice) => {
    const { name } = choice.fault;
    if (names.includes(name)) {
      applied.add(name);
      return [];
    }
    let left: FaultChoice[] = [choice];
    for (const place of faultPlaces) {
      if (!names.includes(nameAt(name, place))) continue;
      if (left.some((some) => drawsAt(hits, place, some) > 0)) applied.add(nameAt(name, place));
      left = left.flatMap((some) => sparing(hits, place, some));
    }
    return left;
  });
  if (applied.size === 0) return scenario;
  return { ...scenario, faults, withoutFaults: [...applied].sort() };
}

/** For each place the names of the scenarios' faults that may hit it. */
export function faultsAtPlaces(scenarios: readonly Scenario[]): FaultsAt {
  const at = (place: FaultPlace): ReadonlySet<string> =>
    new Set(
      scenarios.flatMap((scenario) => {
        const hits = placesIn(scenario);
        return scenario.faults
          .filter((choice) => drawsAt(hits, place, choice) > 0)
          .map(({ fault }) => fault.name);
      }),
    );
  return { stores: at("stores"), replication: at("replication") };
}

function placesIn(scenario: Scenario): HitsPlace {
  return placesOf(scenario.forms.map((form) => form.system()));
}

/** The choice without what hits a place; nothing is left of one that always does. */
function sparing(hits: HitsPlace, place: FaultPlace, choice: FaultChoice): readonly FaultChoice[] {
  const drawn = drawsAt(hits, place, choice);
  if (drawn === 0) return [choice];
  if (drawn === DRAWS) return [];
  return [{ ...choice, params: choice.params.filter((params) => !hits(place, choice.fault, params)) }];
}

function drawsAt(hits: HitsPlace, place: FaultPlace, { fault, params }: FaultChoice): number {
  const drawn = fc.sample(params, { seed: 0, numRuns: DRAWS });
  return drawn.filter((some) => hits(place, fault, some)).length;
}

function refuseUnknown(name: string): void {
  const place = faultPlaces.find((some) => name.endsWith(nameAt("", some)));
  const plain = place === undefined ? name : name.slice(0, -nameAt("", place).length);
  const fault = knownFaults.find((known) => known.name === plain);
  if (fault !== undefined && (place === undefined || canHit(fault, place))) return;
  const why = {
    stores: "It hits no process",
    replication: "It hits no connection",
  };
  throw new FaultlineError(
    "usage",
    "unknown-fault",
    `A run without "${name}": ${fault === undefined || place === undefined ? "There is no such fault" : why[place]}.`,
    "docs/faults.md lists the faults; @stores goes with those that kill, pause or stop a process, @replication with those on connections.",
  );
}
