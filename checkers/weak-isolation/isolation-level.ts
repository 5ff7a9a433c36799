/** The levels that are decided here, the weakest first: each implies those before it. */
export type WeakLevel = "read-committed" | "read-atomic" | "causal";

/** The levels in that order. */
export const weakLevels: readonly WeakLevel[] = ["read-committed", "read-atomic", "causal"];
