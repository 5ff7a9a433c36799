import { FaultlineError } from "../harness/faultline-error.ts";

/** Where a seed came from. */
export interface ChosenSeed {
  readonly seed: number;
  /** True when nobody asked for this seed. */
  readonly isFresh: boolean;
}

/**
 * The seed of `--seed`, else of the configuration, else a fresh one. In continuous integration a fresh
 * seed is refused: a build must not fail by luck, nor pass by it. Throws `no-seed-in-ci`.
 */
export function chooseSeed(
  named: number | undefined,
  configured: number | undefined,
  env: Readonly<Record<string, string | undefined>>,
  fresh: () => number,
): ChosenSeed {
  const seed = named ?? configured;
  if (seed !== undefined) return { seed, isFresh: false };
  if (env.CI !== undefined && env.CI !== "" && env.CI !== "false") {
    throw new FaultlineError(
      "usage",
      "no-seed-in-ci",
      "In CI a run needs a fixed seed, so that a build does not fail or pass by luck.",
      "Give `--seed <number>`, or set `seed` in faultline.config.ts.",
    );
  }
  return { seed: fresh(), isFresh: true };
}
