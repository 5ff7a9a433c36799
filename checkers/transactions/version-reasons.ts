import type { CycleNames, ToldRelation } from "./cycle-proof.ts";
import { int32Column } from "./large-columns.ts";
import type { RegisterTransactions } from "./register-transactions.ts";
import type { RegisterVersions } from "./register-versions.ts";
import { seenText } from "./transaction-words.ts";
import { forEachAssumed, type VersionAssumptions } from "./version-order.ts";

/** Tells why one version is assumed to have come before another one; null where that is not assumed. */
export type VersionReasons = (from: number, to: number, names: CycleNames["nameOf"]) => ToldRelation | null;

/** Who showed each assumed step, in columns, and by version the last step from it. */
interface Steps {
  readonly last: Int32Array;
  /** The step before it from the same version; −1. */
  readonly previous: number[];
  readonly to: number[];
  readonly before: number[];
  readonly after: number[];
}

/**
 * Finds again which transactions show the assumed order of versions, for proofs. All steps are collected when one is
 * asked for the first time, as fast as the order was found; then each answer is linear in those from that version.
 */
export function versionReasons(
  txns: RegisterTransactions,
  facts: RegisterVersions,
  assumptions: VersionAssumptions,
): VersionReasons {
  let known: Steps | null = null;
  return (from, to, nameOf) => {
    known ??= collected(txns, facts, assumptions);
    let found = -1;
    // Of several that show it the first one is told.
    for (let at = known.last[from]!; at >= 0; at = known.previous[at]!) if (known.to[at] === to) found = at;
    return found < 0 ? null : told(txns, from, to, known.before[found]!, known.after[found]!, nameOf);
  };
}

function collected(
  txns: RegisterTransactions,
  facts: RegisterVersions,
  assumptions: VersionAssumptions,
): Steps {
  const last = int32Column(txns.writer.length).fill(-1);
  const steps: Steps = { last, previous: [], to: [], before: [], after: [] };
  forEachAssumed(txns, facts, assumptions, (from, to, before, after) => {
    steps.previous.push(last[from]!);
    last[from] = steps.to.length;
    steps.to.push(to);
    steps.before.push(before);
    steps.after.push(after);
  });
  return steps;
}

function told(
  txns: RegisterTransactions,
  from: number,
  to: number,
  before: number,
  after: number,
  nameOf: CycleNames["nameOf"],
): ToldRelation {
  const [a, b] = [nameOf(before), nameOf(after)];
  if (before === after)
    return { text: `${a} read ${seen(txns, from)} before it wrote that`, shownBy: [before] };
  const where = txns.session[before] === txns.session[after] ? " in the same session" : "";
  const text =
    `${a} ${did(txns, from, before)} ${seen(txns, from)} and had ended before ${b}, ` +
    `which ${did(txns, to, after)} ${seen(txns, to)}, began${where}`;
  return { text, shownBy: [before, after] };
}

/** Did a transaction write a version, or read it? */
function did({ writer, owner }: RegisterTransactions, version: number, transaction: number): string {
  const by = writer[version]!;
  return by >= 0 && owner[by] === transaction ? "wrote" : "read";
}

/** `x = 3` */
function seen(txns: RegisterTransactions, version: number): string {
  return seenText(txns.keys[txns.versionKey[version]!]!, txns.versionValue[version] ?? null);
}
