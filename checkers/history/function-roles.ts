import type { History } from "./history.ts";

/** One name, or several that mean the same, such as `["rename", "move"]`. */
export type FunctionNames = string | readonly string[];

/**
 * For each function of the history the number of its role (its position in `names`), −1 where it has
 * none: so that a row's role is two array reads. A name in two roles belongs to the first.
 */
export function functionRoles(history: History, names: readonly FunctionNames[]): Int8Array {
  const roles = new Map<string, number>();
  for (const [role, given] of names.entries()) {
    for (const name of typeof given === "string" ? [given] : given) {
      if (!roles.has(name)) roles.set(name, role);
    }
  }
  return Int8Array.from(history.functions, (name) => roles.get(name) ?? -1);
}
