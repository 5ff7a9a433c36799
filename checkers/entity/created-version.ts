import { type History, OK } from "../history/history.ts";
import { CREATE, READ, UPDATE } from "./key-kind.ts";
import { type EntityFields, versionAcknowledged, versionExpected, versionShown } from "./versioned-entity.ts";

/** The calls on one entity. */
interface CallsOnEntity {
  readonly history: History;
  /** Rows of its invocations. */
  readonly rows: ArrayLike<number>;
  readonly roles: ArrayLike<number>;
  readonly fields: Required<EntityFields>;
}

/**
 * The version of a creation whose acknowledgement names none: 0 where 0 is shown as a version of that entity, or
 * an update from 0 was acknowledged, which may be that version; else 1. Linear.
 */
export function createdVersion({ history, rows, roles, fields }: CallsOnEntity): number {
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    const mate = history.mate[row]!;
    if (mate < 0 || history.type[mate] !== OK) continue;
    const role = roles[history.f[row]!]!;
    if (role === READ && versionShown(history.value[mate], fields) === 0) return 0;
    if (role === UPDATE && versionExpected(history, row, fields) === 0) return 0;
    if ((role === CREATE || role === UPDATE) && versionAcknowledged(history, mate, fields) === 0) return 0;
  }
  return 1;
}
