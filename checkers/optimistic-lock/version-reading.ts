import { type EntityCalls, entityCalls } from "../entity/entity-calls.ts";
import { DELETE, READ } from "../entity/key-kind.ts";
import { ABSENT, type EntityFields, MALFORMED, UNSTATED } from "../entity/versioned-entity.ts";
import { type History, OK } from "../history/history.ts";
import { fieldOf, identityOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";

/**
 * What versions are: `consecutive` numbers, each one more than the last; `rising` numbers that may skip; `opaque`, any
 * text or number without an order, such as an ETag, which may also come back.
 */
export type VersionKind = "consecutive" | "rising" | "opaque";

/** All of {@link VersionKind}. */
export const versionKinds: readonly VersionKind[] = ["consecutive", "rising", "opaque"];

/** Calls whose versions are numbers, with the name of each version. */
export interface VersionedCalls {
  readonly calls: EntityCalls;
  readonly versionName: (version: number) => string;
}

/** The calls on entities; versions without an order are numbered from 1 as they come. Linear. */
export function versionedCalls(
  history: History,
  roles: Int8Array,
  fields: Required<EntityFields>,
  kind: VersionKind,
): VersionedCalls {
  const calls = entityCalls(history, roles, fields);
  if (kind !== "opaque") return { calls, versionName: String };
  const numbers = new Map<unknown, number>();
  const names: string[] = [];
  const numberOf = (version: Json): number => {
    if (typeof version !== "string" && typeof version !== "number") return MALFORMED;
    const identity = identityOf(version);
    const known = numbers.get(identity);
    if (known !== undefined) return known;
    names.push(JSON.stringify(version));
    numbers.set(identity, names.length);
    return names.length;
  };
  const stated = (version: Json | undefined): number =>
    version === undefined ? UNSTATED : version === null ? ABSENT : numberOf(version);
  for (let at = 0; at < calls.rows.length; at++) {
    const role = calls.role[at];
    const mate = calls.end[at]!;
    const answer = calls.outcome[at] === OK ? history.value[mate] : undefined;
    if (role === READ && calls.outcome[at] === OK) {
      const isThere = answer !== undefined && answer !== null;
      const shown = isThere ? stated(fieldOf(answer, fields.version)) : ABSENT;
      calls.version[at] = shown === UNSTATED ? MALFORMED : shown;
    } else if (role !== READ && role !== DELETE) {
      const confirmed = mate < 0 ? undefined : fieldOf(history.value[mate], fields.expected);
      const asked = fieldOf(history.value[calls.rows[at]!], fields.expected);
      if (calls.expected[at] !== ABSENT) calls.expected[at] = stated(confirmed ?? asked);
      const told = stated(fieldOf(answer, fields.version));
      calls.version[at] = told === ABSENT ? UNSTATED : told;
    }
  }
  return { calls, versionName: (version) => names[version - 1] ?? String(version) };
}
