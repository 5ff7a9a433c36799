import type { Verdict } from "../checkers/verdict.ts";

/** What the process's exit code means. */
export const exitCodes: {
  readonly valid: 0;
  readonly invalid: 1;
  readonly unknown: 2;
  readonly badArguments: 254;
  readonly harnessError: 255;
} = { valid: 0, invalid: 1, unknown: 2, badArguments: 254, harnessError: 255 };

/** Invalid beats a harness error, which beats unknown, which beats valid. */
export function exitCodeOf(verdict: Verdict, harnessFailed: boolean): number {
  if (verdict === "invalid") return exitCodes.invalid;
  return harnessFailed ? exitCodes.harnessError : exitCodes[verdict];
}
