import type { CycleNames, ToldRelation } from "./cycle-proof.ts";
import type { RegisterTransactions } from "./register-transactions.ts";
import type { RegisterVersions } from "./register-versions.ts";
import { seenText } from "./transaction-words.ts";
import { forEachAssumed, type VersionAssumptions } from "./version-order.ts";

/** Tells why one version is assumed to have come before another one; null where that is not assumed. */
export type VersionReasons = (from: number, to: number, names: CycleNames["nameOf"]) => ToldRelation | null;

/** Who showed each assumed step, in columns. */
interface Steps {
  readonly from: number[];
  readonly to: number[];
  readonly before: number[];
  readonly after: number[];
}

/**
 * Finds again which transactions show the assumed order of versions, for proofs. All steps are collected when one is
 * asked for the first time, as fast as the order was found; then each answer is linear in their number.
 */
export function versionReasons(
  txns: RegisterTransactions,
  facts: RegisterVersions,
  assumptions: VersionAssumptions,
): VersionReasons {
  let known: Steps | null = null;
  return (from, to, nameOf) => {
    known ??= collected(txns, facts, assumptions);
    for (let at = 0; at < known.from.length; at++) {
      if (known.from[at] !== from || known.to[at] !== to) continue;
      return told(txns, from, to, known.before[at]!, known.after[at]!, nameOf);
    }
    return null;
  };
}

function collected(
  txns: RegisterTransactions,
  facts: RegisterVersions,
  assumptions: VersionAssumptions,
): Steps {
  const steps: Steps = { from: [], to: [], before: [], after: [] };
  forEachAssumed(txns, facts, assumptions, (from, to, before, after) => {
    steps.from.push(from);
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
