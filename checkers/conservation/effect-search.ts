/** Operations that have the same effect: each of `count` may have happened or not. */
export interface EffectClass {
  /** What one of them adds to each amount. */
  readonly effect: readonly number[];
  readonly count: number;
}

/** Does some choice of operations make up a difference? `unknown`: there were too many to try. */
export type EffectAnswer = "yes" | "no" | "unknown";

/**
 * Is `difference` the sum of the effects of some of the operations?
 *
 * Dynamic programming over the differences that are left, one amount after the other: once every class
 * that touches an amount was tried, only the choices that leave nothing of it go on. So moves that touch
 * few amounts are decided one by one, and the number of differences stays far below the number of
 * choices. Gives up beyond `maxStates` differences: then `no` where some amount is out of reach of all
 * operations together (interval), else `unknown`.
 */
export function isExplained(
  difference: readonly number[],
  classes: readonly EffectClass[],
  maxStates: number,
): EffectAnswer {
  if (isOutOfReach(difference, classes)) return "no";
  let left: (readonly number[])[] = [difference];
  let remaining = classes.filter(({ effect, count }) => count > 0 && effect.some((value) => value !== 0));
  const amounts = difference.map((_, amount) => amount);
  while (remaining.length > 0) {
    const amount = leastTouched(amounts, remaining);
    for (const chosen of remaining.filter(({ effect }) => effect[amount] !== 0)) {
      const tried = tryAll(left, chosen, maxStates);
      if (tried === null) return "unknown";
      left = tried;
    }
    remaining = remaining.filter(({ effect }) => effect[amount] === 0);
    left = left.filter((vector) => vector[amount] === 0);
    if (left.length === 0) return "no";
  }
  return left.some((vector) => vector.every((rest) => rest === 0)) ? "yes" : "no";
}

/** Lowest and highest value that the operations together can add to one amount. */
export function reachOf(
  classes: readonly EffectClass[],
  amount: number,
): { readonly min: number; readonly max: number } {
  let min = 0;
  let max = 0;
  for (const { effect, count } of classes) {
    const total = effect[amount]! * count;
    if (total < 0) min += total;
    else max += total;
  }
  return { min, max };
}

function isOutOfReach(difference: readonly number[], classes: readonly EffectClass[]): boolean {
  return difference.some((rest, amount) => {
    const { min, max } = reachOf(classes, amount);
    return rest < min || rest > max;
  });
}

/** The amount that the fewest classes touch, but one at least. */
function leastTouched(amounts: readonly number[], classes: readonly EffectClass[]): number {
  let best = -1;
  let fewest = Number.POSITIVE_INFINITY;
  for (const amount of amounts) {
    const touching = classes.filter(({ effect }) => effect[amount] !== 0).length;
    if (touching === 0 || touching >= fewest) continue;
    best = amount;
    fewest = touching;
  }
  return best;
}

/** Every difference less 0 to `count` times the effect; null where there are too many. */
function tryAll(
  left: readonly (readonly number[])[],
  { effect, count }: EffectClass,
  maxStates: number,
): (readonly number[])[] | null {
  const found = new Map<string, readonly number[]>();
  for (const vector of left) {
    for (let times = 0; times <= count; times++) {
      const rest = vector.map((value, amount) => value - times * effect[amount]!);
      found.set(rest.join(), rest);
      if (found.size > maxStates) return null;
    }
  }
  return [...found.values()];
}
