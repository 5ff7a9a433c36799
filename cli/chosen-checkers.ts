import type { Checker } from "../checkers/checker.ts";
import { type HistoryFormat, hasRealTime } from "../checkers/formats/format-names.ts";
import type { PhaseName } from "../checkers/history/operation.ts";
import {
  type CheckerMapping,
  checkerByName,
  checkerNames,
  knownLevels,
  perKey,
  perPhase,
  settingsOf,
  takersOf,
  takesLevel,
  takesOption,
} from "../checkers/index.ts";
import { FaultlineError } from "../harness/faultline-error.ts";

/** The flags that say which checkers are asked, and what they are told. */
export interface CheckerFlags {
  readonly checker?: readonly string[];
  readonly function?: Readonly<Record<string, readonly string[]>>;
  readonly field?: Readonly<Record<string, readonly string[]>>;
  readonly model?: string;
  readonly isolation?: string;
  /** Settings by name, each with its value as a text. */
  readonly set?: Readonly<Record<string, string>>;
  readonly perKey?: true;
  /** The phases whose calls are judged, each phase by itself. */
  readonly perPhase?: readonly PhaseName[];
}

const known = `There are: ${checkerNames.join(", ")}.`;

/** Nobody said which checker; `fitting` names those that suit the history. */
export function noCheckerError(fitting: readonly string[]): FaultlineError {
  const fits = fitting.length === 0 ? "" : `This history fits: ${fitting.join(", ")}. `;
  const question = "Which checker? Name one with --checker.";
  return new FaultlineError("usage", "no-checker", question, `${fits}${known}`);
}

/**
 * The checkers that the flags name, which must be some, for files of a format. Throws `unknown-checker`, or
 * `bad-mapping` where no chosen checker takes what a flag says.
 */
export function chosenCheckers(
  names: readonly string[],
  flags: CheckerFlags,
  format: HistoryFormat,
): readonly Checker[] {
  for (const name of names) {
    if (checkerNames.includes(name)) continue;
    throw new FaultlineError("usage", "unknown-checker", `There is no checker "${name}".`, known);
  }
  if (flags.model !== undefined && !names.some((name) => takesOption(name, "model"))) {
    throw new FaultlineError(
      "usage",
      "bad-mapping",
      `None of the chosen checkers takes --model: ${names.join(", ")}.`,
      `Those that do: ${takersOf("model").join(", ")}.`,
    );
  }
  if (flags.isolation !== undefined) refuseLevel(names, flags.isolation);
  for (const setting of Object.keys(flags.set ?? {})) {
    if (names.some((name) => settingsOf(name).includes(setting))) continue;
    const lists = names.map((name) => `${name} has ${settingsOf(name).join(", ") || "none"}`);
    throw new FaultlineError(
      "usage",
      "bad-mapping",
      `None of the chosen checkers has a setting "${setting}".`,
      `${lists.join("; ")}.`,
    );
  }
  const mapping = mappingOf(flags);
  return names.map((name) => {
    const checker = createChecker(name, { ...mapping, ...specialsOf(name, flags, format) });
    return inParts(checker, flags);
  });
}

/** Throws where none of the chosen checkers takes a level: because no checker does, or only others do. */
function refuseLevel(names: readonly string[], level: string): void {
  if (names.some((name) => takesLevel(name, level))) return;
  const takers = checkerNames.filter((name) => takesLevel(name, level));
  throw takers.length === 0
    ? new FaultlineError(
        "usage",
        "bad-mapping",
        `isolation: expected the name of an isolation level, found "${level}"; known: ${knownLevels.join(", ")}.`,
      )
    : new FaultlineError(
        "usage",
        "bad-mapping",
        `None of the chosen checkers takes --isolation ${level}: ${names.join(", ")}.`,
        `Those that do: ${takers.join(", ")}.`,
      );
}

/** The same claim for each key, or for each of some phases, where a flag says so. */
function inParts(checker: Checker, { perKey: isPerKey, perPhase: phases }: CheckerFlags): Checker {
  const byKey = isPerKey === true ? perKey(checker) : checker;
  return phases === undefined ? byKey : perPhase(byKey, phases);
}

/** What only some checkers are told, and what the format of a file says by itself. */
function specialsOf(name: string, flags: CheckerFlags, format: HistoryFormat): CheckerMapping {
  // A level that is meant for another of the checkers is not for this one.
  const isolation = flags.isolation ?? (hasRealTime(format) ? undefined : "serializable");
  return {
    ...(flags.model !== undefined && takesOption(name, "model") ? { model: flags.model } : {}),
    ...(isolation !== undefined && takesLevel(name, isolation) ? { isolation } : {}),
    settings: Object.fromEntries(
      Object.entries(flags.set ?? {}).filter(([setting]) => settingsOf(name).includes(setting)),
    ),
    // In these logs a cas fails where it compared with another value, and for no other reason.
    ...(format === "etcd-log" ? { refusedCasTells: true } : {}),
  };
}

function createChecker(name: string, mapping: CheckerMapping): Checker {
  const checker = knownOrUsage(() => checkerByName(name, mapping));
  if (checker !== undefined) return checker;
  throw new FaultlineError("usage", "unknown-checker", `There is no checker "${name}".`);
}

/** What a checker does not know is a mistake on the command line. */
function knownOrUsage<Result>(ask: () => Result): Result {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FaultlineError("usage", "bad-mapping", `${error.message}.`);
  }
}

function mappingOf(flags: CheckerFlags): CheckerMapping {
  const fields = Object.entries(flags.field ?? {}).map(([name, theirs]) => {
    const [first = "", ...others] = theirs;
    if (others.length === 0) return [name, first] as const;
    throw new FaultlineError(
      "usage",
      "bad-mapping",
      `The field "${name}" has one name in a history, not several.`,
    );
  });
  return {
    functions: flags.function ?? {},
    fields: Object.fromEntries(fields),
  };
}
