import type { FaultPlace } from "../harness/faults/impossible-faults.ts";
import { substrateNames } from "../harness/real/substrate/substrate.ts";
import type { Paint } from "../reports/terminal/paint.ts";
import type { ExaminedSubstrate } from "./examine-substrates.ts";
import type { PossibleFault } from "./possible-faults.ts";

/** Room for a sign and the numbers of two notes. */
const COLUMN = 10;

/** The columns behind the names. */
const lanes = ["sim", ...substrateNames] as const;

const placeNames: Readonly<Record<FaultPlace, string>> = {
  stores: "where it would hit the process of a store",
  replication: "on the way between a replica and its primary",
};

/**
 * A line for each fault, with a sign for each lane and substrate, in brackets where the substrate cannot run here. Reasons
 * are told once, below, by number: most of them stand for many faults.
 */
export function renderFaultTable(
  paint: Paint,
  faults: readonly PossibleFault[],
  substrates: readonly ExaminedSubstrate[],
): readonly string[] {
  const width = Math.max(...faults.map(({ name }) => name.length)) + 2;
  // What the local one lacks is told by component, fault by fault.
  const absent = new Set(
    substrates.filter(({ name, possible }) => name !== "local" && !possible).map(({ name }) => name),
  );
  const notes: string[] = [];
  const numberOf = (note: string): number => {
    if (!notes.includes(note)) notes.push(note);
    return notes.indexOf(note) + 1;
  };
  const cell = (fault: PossibleFault, lane: (typeof lanes)[number]): string => {
    const possible = fault[lane];
    const numbers = notesOf(fault, lane).map(numberOf);
    const bracketed = possible === true && lane !== "sim" && absent.has(lane);
    const sign = bracketed ? "(✓)" : possible === true ? "✓" : "–";
    const text = `${sign}${numbers.length === 0 ? "" : ` ${numbers.join(",")}`}`.padEnd(COLUMN);
    return paint.tone(possible === true ? "good" : "open", text);
  };
  const rows = faults.map((fault) =>
    `  ${fault.name.padEnd(width)}${lanes.map((lane) => cell(fault, lane)).join("")}`.trimEnd(),
  );
  return [
    `  ${"".padEnd(width)}${lanes.map((lane) => lane.padEnd(COLUMN)).join("")}`.trimEnd(),
    ...rows,
    ...(absent.size === 0 ? [] : ["  (✓) if the substrate could run here: see above"]),
    ...notes.map((note, index) => `  ${index + 1}   ${note}`),
  ];
}

function notesOf(fault: PossibleFault, lane: (typeof lanes)[number]): readonly string[] {
  const possible = fault[lane];
  if (possible !== true) return [possible];
  return fault.spared
    .filter(({ substrate }) => substrate === lane)
    .map(({ place, why }) => `not ${placeNames[place]}: ${why}`);
}
