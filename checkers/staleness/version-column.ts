import { CREATE, type KeyProfiles, kindOf, READ, UPDATE } from "../entity/key-kind.ts";
import {
  ABSENT,
  type EntityFields,
  UNSTATED,
  versionAcknowledged,
  versionExpected,
  versionShown,
} from "../entity/versioned-entity.ts";
import { type History, OK } from "../history/history.ts";

/**
 * By row: the version that there is at least, by an answer on a versioned entity. See `versionShown` for a read; `UNSTATED` where
 * a write does not tell, and for all other rows. Goes through the history in its own order, so that judging one entity
 * after the other need not look at values that lie all over it. Linear.
 */
export function versionColumn(
  history: History,
  roles: Int8Array,
  fields: Required<EntityFields>,
  profiles: KeyProfiles,
): Float64Array {
  const isVersioned = Uint8Array.from({ length: history.keys.length + 1 }, (_, slot) =>
    kindOf(profiles, slot - 1) === "versioned" ? 1 : 0,
  );
  if (!isVersioned.includes(1)) return new Float64Array(0);
  const versions = new Float64Array(history.length).fill(UNSTATED);
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== OK || history.mate[row]! < 0) continue;
    if (isVersioned[history.key[row]! + 1] === 0) continue;
    const role = roles[history.f[row]!]!;
    if (role === READ) versions[row] = versionShown(history.value[row], fields);
    else if (role === CREATE || role === UPDATE) versions[row] = versionWritten(history, row, role, fields);
  }
  return versions;
}

/** An update without a version led to one above that which it expected, and a creation to any. */
function versionWritten(history: History, row: number, role: number, fields: Required<EntityFields>): number {
  const told = versionAcknowledged(history, row, fields);
  if (told >= 0) return told;
  if (told !== UNSTATED) return UNSTATED;
  const expected = role === CREATE ? ABSENT : versionExpected(history, history.mate[row]!, fields);
  return expected < ABSENT ? UNSTATED : expected + 1;
}
