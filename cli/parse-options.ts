import { InvalidArgumentError } from "commander";
import { type HistoryFormat, historyFormats } from "../checkers/formats/format-names.ts";
import type { PhaseName } from "../checkers/history/operation.ts";
import { type SubstrateName, substrateNames } from "../harness/real/substrate/substrate.ts";
import { type Lane, lanes } from "../harness/record/lane.ts";

/** Reads a whole number between `min` and `max`; what else comes is a bad argument. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`A whole number from ${min} to ${max} is expected.`);
    }
    return value;
  };
}

/** Reads a list of names with commas between them. */
export function nameList(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.some((name) => name === "")) {
    throw new InvalidArgumentError("Names with commas between them are expected.");
  }
  return [...new Set(names)];
}

/** Reads `name=theirs` or `name=theirs,others`, and adds it to those that came before. */
export function namePairs(
  text: string,
  earlier: Readonly<Record<string, readonly string[]>> = {},
): Readonly<Record<string, readonly string[]>> {
  const [, name = "", names = ""] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === "") throw new InvalidArgumentError("A name, = and the name in the history are expected.");
  return { ...earlier, [name]: nameList(names) };
}

/** Reads `name=value`, and adds it to those that came before. */
export function settingPair(
  text: string,
  earlier: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, name = "", value = ""] = /^([A-Za-z]+)=(.*)$/s.exec(text) ?? [];
  if (name === "") throw new InvalidArgumentError("A name, = and a value are expected: recoverWithinMs=2000");
  return { ...earlier, [name]: value };
}

const phaseNames: readonly PhaseName[] = ["start", "load", "heal", "settle", "final-reads"];

/** Reads the names of phases with commas between them. */
export function phaseList(text: string): readonly PhaseName[] {
  return nameList(text).map((name) => {
    const phase = phaseNames.find((known) => known === name);
    if (phase !== undefined) return phase;
    throw new InvalidArgumentError(`Expected some of: ${phaseNames.join(", ")}.`);
  });
}

/** The largest seed of a run. */
export const SEED_MAX: number = 4_294_967_295;

/** Reads `--lane`. */
export function laneName(name: string): Lane {
  const lane = lanes.find((known) => known === name);
  if (lane !== undefined) return lane;
  throw new InvalidArgumentError(`Expected one of: ${lanes.join(", ")}.`);
}

/** Reads `--substrate`. */
export function substrateName(name: string): SubstrateName {
  const substrate = substrateNames.find((known) => known === name);
  if (substrate !== undefined) return substrate;
  throw new InvalidArgumentError(`Expected one of: ${substrateNames.join(", ")}.`);
}

/** Reads `--format`. */
export function historyFormatName(name: string): HistoryFormat {
  const format = historyFormats.find((known) => known === name);
  if (format !== undefined) return format;
  throw new InvalidArgumentError(`Expected one of: ${historyFormats.join(", ")}.`);
}

/** Reads `--order`. */
export function lineOrder(name: string): "time" {
  if (name === "time") return name;
  throw new InvalidArgumentError("Expected: time.");
}
