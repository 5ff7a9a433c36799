import type { AnomalyList } from "../anomaly-list.ts";
import { keyName, operationName, wholeKeyName } from "../history/describe-operation.ts";
import { clippedText } from "../history/excerpt.ts";
import { FAIL, type History, OK } from "../history/history.ts";
import type { Acquisitions, LockReading } from "./collect-acquisitions.ts";
import { ACQUIRE } from "./lock-options.ts";
import type { AcceptedWrite } from "./write-order.ts";

interface Granted {
  readonly tokens: ReadonlySet<number>;
  readonly numbers: ReadonlySet<number>;
  /** Acquisitions that can have got a number that no client was told. */
  readonly unknown: number;
  /** Numbers that nobody was told and that those can have got. */
  readonly excused: Set<string>;
}

/**
 * Which tokens and numbers of acquisitions clients were told. A write under another is accepted wrongly, unless an
 * acquisition of unknown outcome can have got it: each can have got one. Locks that nobody asked for in the
 * history are not judged. Constant time a write.
 */
export class GrantedNumbers {
  readonly #history: History;
  readonly #locks = new Map<string, Granted>();

  constructor(history: History) {
    this.#history = history;
  }

  /** Takes in the acquisitions of a lock; `rows` are the invocations of all calls on it. Linear. */
  add({ history, roles }: LockReading, found: Acquisitions, rows: Int32Array): void {
    let unknown = 0;
    let asked = 0;
    for (const row of rows) {
      if (roles[history.f[row]!] !== ACQUIRE) continue;
      asked++;
      const mate = history.mate[row]!;
      if (mate < 0 || (history.type[mate] !== OK && history.type[mate] !== FAIL)) unknown++;
    }
    if (asked === 0) return;
    for (let at = 0; at < found.count; at++) {
      if (Number.isNaN(found.token[at]!) && Number.isNaN(found.number[at]!)) unknown++;
    }
    const name = wholeKeyName(history, found.lock);
    const granted = { tokens: new Set(found.token), numbers: new Set(found.number), unknown };
    this.#locks.set(name, { ...granted, excused: new Set() });
  }

  /** Holds a write that `resource` accepted against what was granted. */
  check(resource: number, write: AcceptedWrite, anomalies: AnomalyList): void {
    const granted = this.#locks.get(write.lock);
    if (granted === undefined) return;
    const hasToken = !Number.isNaN(write.token);
    const number = hasToken ? write.token : write.acquisition;
    if (Number.isNaN(number) || (hasToken ? granted.tokens : granted.numbers).has(number)) return;
    const name = `${hasToken ? "token" : "acquisition"} ${number}`;
    if (granted.excused.has(name)) return;
    if (granted.excused.size < granted.unknown) {
      granted.excused.add(name);
      return;
    }
    const why =
      granted.unknown === 0
        ? "and no acquisition has an unknown outcome"
        : `and the ${granted.unknown} acquisitions of unknown outcome can have got only ${[...granted.excused].join(", ")}`;
    const proof = () =>
      `${keyName(this.#history, resource)} accepted a write with ${name} of ${clippedText(write.lock)} ` +
      `(${operationName(this.#history, write.row)}), which no client was granted, ${why}`;
    anomalies.add({ type: "unknown-token", key: resource, rows: [write.row], proof });
  }
}
