import type { Checker } from "../checkers/checker.ts";
import { type CheckerMapping, checkerByName, checkerNames } from "../checkers/index.ts";
import { FaultlineError } from "../harness/faultline-error.ts";

/** The flags that say which checkers are asked, and what they are told. */
export interface CheckerFlags {
  readonly checker?: readonly string[];
  readonly function?: Readonly<Record<string, readonly string[]>>;
  readonly field?: Readonly<Record<string, readonly string[]>>;
  readonly model?: string;
  readonly isolation?: string;
}

const known = `There are: ${checkerNames.join(", ")}.`;

/** Nobody said which checker; `fitting` names those that suit the history. */
export function noCheckerError(fitting: readonly string[]): FaultlineError {
  const fits = fitting.length === 0 ? "" : `This history fits: ${fitting.join(", ")}. `;
  const question = "Which checker? Name one with --checker.";
  return new FaultlineError("usage", "no-checker", question, `${fits}${known}`);
}

/** The checkers that the flags name, which must be some. Throws `unknown-checker` or `bad-mapping`. */
export function chosenCheckers(names: readonly string[], flags: CheckerFlags): readonly Checker[] {
  const mapping = mappingOf(flags);
  return names.map((name) => {
    if (!checkerNames.includes(name)) {
      throw new FaultlineError("usage", "unknown-checker", `There is no checker "${name}".`, known);
    }
    return createChecker(name, mapping);
  });
}

function createChecker(name: string, mapping: CheckerMapping): Checker {
  try {
    const checker = checkerByName(name, mapping);
    if (checker !== undefined) return checker;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FaultlineError("usage", "bad-mapping", `${error.message}.`);
  }
  throw new FaultlineError("usage", "unknown-checker", `There is no checker "${name}".`);
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
    ...(flags.model === undefined ? {} : { model: flags.model }),
    ...(flags.isolation === undefined ? {} : { isolation: flags.isolation }),
  };
}
