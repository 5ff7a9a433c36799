/**
 * The three kinds of causal consistency of Bouajjani, Enea, Guerraoui and Hamza, "On verifying causal
 * consistency" (POPL 2017): CC, CM and CCv. The last two imply the first, and neither implies the other.
 */
export type CausalVariant = "causal-consistency" | "causal-memory" | "causal-convergence";

/** The variants, the weakest first. */
export const causalVariants: readonly CausalVariant[] = [
  "causal-consistency",
  "causal-memory",
  "causal-convergence",
];

/** Other names: those of the paper, and that of transactional causal consistency (AWDIT). */
const aliases: ReadonlyMap<string, CausalVariant> = new Map([
  ["cc", "causal-consistency"],
  ["cm", "causal-memory"],
  ["ccv", "causal-convergence"],
  ["tcc", "causal-convergence"],
]);

/** All names that {@link causalVariant} takes. */
export const causalVariantNames: readonly string[] = [...causalVariants, ...aliases.keys()];

/** Is that the name, or another name, of a variant? */
export function isCausalVariant(name: string): boolean {
  return aliases.has(name.toLowerCase()) || causalVariants.some((variant) => variant === name);
}

/** The variant with that name or other name. @throws RangeError, with the known names, where there is none. */
export function causalVariant(name: string): CausalVariant {
  const variant = aliases.get(name.toLowerCase()) ?? causalVariants.find((candidate) => candidate === name);
  if (variant !== undefined) return variant;
  throw new RangeError(
    `isolation: expected the name of a kind of causal consistency, found "${name}"; known: ${causalVariantNames.join(", ")}`,
  );
}
