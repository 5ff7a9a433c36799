import type { AnomalyList } from "../anomaly-list.ts";
import type { EntityCalls } from "../entity/entity-calls.ts";
import { CREATE, DELETE, READ, UPDATE } from "../entity/key-kind.ts";
import { ABSENT } from "../entity/versioned-entity.ts";
import { keyName, operationName, sessionName } from "../history/describe-operation.ts";
import { FAIL, type History, OK } from "../history/history.ts";
import type { ChainReading } from "./chain-reading.ts";

/** What a session was last shown of an entity. */
interface Base {
  readonly version: number;
  /** Row of the answer. */
  readonly row: number;
}

/** An acknowledged write or delete that took a version away. */
interface Departure {
  readonly invocation: number;
  readonly completion: number;
  readonly isDelete: boolean;
}

interface Suspect {
  readonly base: Base;
  readonly departure: Departure;
}

/**
 * ABA: a session was shown a version, that version was certainly taken away afterwards, by a delete (or, where versions
 * may come back, by an update of it), and then the session sent an update that expects it, which was accepted: on a
 * state that happens to have the same version. Where nobody can have brought the version back, it is an update of
 * what was not there. n log n in the calls of an entity.
 */
export function checkReturnedVersions(
  history: History,
  calls: EntityCalls,
  position: number,
  { kind, versionName }: ChainReading,
  anomalies: AnomalyList,
): void {
  const key = calls.keys[position]!;
  const bases = new Map<number, Base>();
  const departures = new Departures(kind === "opaque");
  const returns = new Returns();
  const suspects = new Map<number, Suspect>();
  for (const { at, row } of rowsInOrder(calls, position)) {
    const isOk = calls.outcome[at] === OK;
    const session = history.session[row]!;
    if (row === calls.rows[at]) {
      returns.sent(calls, at);
      const base = bases.get(session);
      if (calls.role[at] !== UPDATE || !isOk || base?.version !== calls.expected[at]) continue;
      const departure = departures.of(base!.version);
      if (base!.version > ABSENT && departure !== null && departure.invocation > base!.row)
        suspects.set(at, { base: base!, departure });
      continue;
    }
    if (!isOk) continue;
    const suspect = suspects.get(at);
    if (suspect !== undefined) {
      const witness = returns.after(suspect);
      // Without a return, two updates from one version are told by themselves.
      if (witness !== null || suspect.departure.isDelete)
        tell(history, key, suspect, row, witness, versionName, anomalies);
    }
    returns.answered(calls, at);
    departures.answered(calls, at);
    bases.set(session, { version: calls.role[at] === DELETE ? ABSENT : calls.version[at]!, row });
  }
}

/** What took versions away: deletes, and updates where versions have no order. */
class Departures {
  readonly #isOpaque: boolean;
  #deleted: Departure | null = null;
  readonly #updated = new Map<number, Departure>();

  constructor(isOpaque: boolean) {
    this.#isOpaque = isOpaque;
  }

  answered(calls: EntityCalls, at: number): void {
    const departure = { invocation: calls.rows[at]!, completion: calls.end[at]! };
    const expected = calls.expected[at]!;
    const version = calls.version[at]!;
    if (calls.role[at] === DELETE) this.#deleted = later(this.#deleted, { ...departure, isDelete: true });
    else if (this.#isOpaque && calls.role[at] === UPDATE && version > ABSENT && version !== expected) {
      const known = this.#updated.get(expected) ?? null;
      this.#updated.set(expected, later(known, { ...departure, isDelete: false })!);
    }
  }

  of(version: number): Departure | null {
    return later(this.#deleted, this.#updated.get(version) ?? null);
  }
}

/** What can have brought versions back. */
class Returns {
  /** The last answered write that brought something into being, and how far in time one can have done so. */
  #created = -1;
  #createdUntil = -1;
  /** By version: the last answered write that led to it. */
  readonly #written = new Map<number, number>();
  #isUnknown = false;

  sent(calls: EntityCalls, at: number): void {
    const role = calls.role[at]!;
    const outcome = calls.outcome[at]!;
    if (role === READ || role === DELETE || outcome === FAIL) return;
    // Of a write whose answer tells no version nobody knows where it led to.
    if (outcome !== OK || calls.version[at]! <= ABSENT) this.#isUnknown = true;
    if (!isCreation(calls, at)) return;
    this.#createdUntil = Math.max(
      this.#createdUntil,
      outcome === OK ? calls.end[at]! : Number.POSITIVE_INFINITY,
    );
  }

  answered(calls: EntityCalls, at: number): void {
    if (calls.role[at] === READ || calls.role[at] === DELETE) return;
    if (isCreation(calls, at)) this.#created = calls.end[at]!;
    this.#written.set(calls.version[at]!, calls.end[at]!);
  }

  /** Row of what brought the version back after it was taken away; −1 where that is not known, null where nothing can have. */
  after({ base, departure }: Suspect): number | null {
    if (departure.isDelete) {
      if (this.#createdUntil <= departure.invocation) return null;
      return this.#created > departure.invocation ? this.#created : -1;
    }
    const written = this.#written.get(base.version) ?? -1;
    if (written > departure.invocation) return written;
    return this.#isUnknown ? -1 : null;
  }
}

function isCreation(calls: EntityCalls, at: number): boolean {
  return calls.role[at] === CREATE || (calls.role[at] === UPDATE && calls.expected[at] === ABSENT);
}

function later(a: Departure | null, b: Departure | null): Departure | null {
  if (a === null || b === null) return a ?? b;
  return a.invocation >= b.invocation ? a : b;
}

/** Invocations and completions of an entity's calls in history order. */
function rowsInOrder(
  calls: EntityCalls,
  position: number,
): readonly { readonly at: number; readonly row: number }[] {
  const rows: { at: number; row: number }[] = [];
  for (let at = calls.starts[position]!; at < calls.starts[position + 1]!; at++) {
    rows.push({ at, row: calls.rows[at]! });
    if (calls.end[at]! >= 0) rows.push({ at, row: calls.end[at]! });
  }
  return rows.sort((a, b) => a.row - b.row);
}

function tell(
  history: History,
  key: number,
  { base, departure }: Suspect,
  row: number,
  witness: number | null,
  versionName: (version: number) => string,
  anomalies: AnomalyList,
): void {
  const name = keyName(history, key);
  const version = versionName(base.version);
  const isBack = witness !== null;
  const hasWitness = witness !== null && witness >= 0;
  const again = hasWitness ? ` and came back (${operationName(history, witness)})` : "";
  const proof = (): string =>
    `${sessionName(history, row)} knew version ${version} of ${name} (${operationName(history, base.row)}), which was then ` +
    `taken away (${operationName(history, departure.completion)})${again}; only afterwards it sent its update from version ` +
    `${version}, and that was accepted (${operationName(history, row)}): ` +
    (isBack ? "on another state that has the same version" : "although that version was not there any more");
  const rows: [number, ...number[]] = hasWitness
    ? [base.row, departure.completion, witness, row]
    : [base.row, departure.completion, row];
  anomalies.add({ type: isBack ? "aba" : "stale-accept", key, rows, proof });
}
