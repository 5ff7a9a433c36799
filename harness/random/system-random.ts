import { randomUUID } from "node:crypto";

/** Uniform in [0, 1), from the machine's own generator: for services that run as processes of their own. */
export function systemRandom(): number {
  return Math.random();
}

/** A new version 4 UUID. */
export function randomId(): string {
  return randomUUID();
}
