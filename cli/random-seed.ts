import { randomInt } from "node:crypto";

/** A fresh seed: the only place where a run takes anything from real randomness. */
export function randomSeed(): number {
  return randomInt(0, 2 ** 32);
}
