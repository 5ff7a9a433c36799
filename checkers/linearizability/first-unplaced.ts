/** Where the longest prefix ends for which there is an order. */
export interface Unplaced {
  /** Row of the first return with which there is none. */
  readonly row: number;
  /** Calls that returned before it. */
  readonly placed: number;
  /** Was the prefix found exactly? Else there may be a shorter one without an order. */
  readonly isExact: boolean;
}

/** What the search found out of the calls that returned before `call`, in words; `object` is what they are calls on. */
export function placedText({ placed, isExact }: Unplaced, object: string, call: string): string {
  if (!isExact) return `what returned before ${call} did may have an order that explains it`;
  if (placed === 0) return `${call} is the first call on this ${object} that returned`;
  const those =
    placed === 1
      ? `the one call on this ${object} that had returned`
      : `the ${placed} calls on this ${object} that had returned`;
  const order =
    placed === 1 ? "can be explained" : "can be put in an order that explains them and agrees with real time";
  return `${those} before ${call} did ${order}`;
}

/**
 * The first return with which there is no order, if nothing of what comes after it is known. A search
 * that looks ahead gets stuck earlier, on what only a later call shows to be wrong. `returns` are the rows of
 * all returns, from the one at `from` on there may be none; `search` says whether what is known up to a row
 * has an order. What has one has one for each of its prefixes: so steps that double find a prefix that has
 * none, which is rarely far, and halving finds the shortest. Logarithmically many searches.
 */
export function firstUnplaced(
  returns: Int32Array,
  from: number,
  search: (until: number) => "linearizable" | "stuck" | "stopped",
): Unplaced {
  let low = Math.max(0, returns.indexOf(from));
  let high = returns.length - 1;
  let isExact = true;
  for (let step = 1; low < high && isExact; step *= 2) {
    const tried = Math.min(high - 1, low + step - 1);
    const kind = search(returns[tried]!);
    if (kind === "stuck") {
      high = tried;
      break;
    }
    if (kind === "linearizable") low = tried + 1;
    else isExact = false;
  }
  while (low < high && isExact) {
    const middle = (low + high) >> 1;
    const kind = search(returns[middle]!);
    if (kind === "stuck") high = middle;
    else if (kind === "linearizable") low = middle + 1;
    else isExact = false;
  }
  return { row: returns[high]!, placed: high, isExact };
}
