import { CompletionQueue } from "../history/completion-queue.ts";
import { NumberTable } from "../history/number-table.ts";
import { PairSet } from "../history/pair-set.ts";

/** A read that was not completed when the last call of its session was made, with what it shows. */
interface ShownBy {
  readonly read: number;
  readonly keys: readonly number[];
}

/** A key that a session must find from now on, and why. */
export interface Demand {
  /** The read that showed something that depends on it. */
  readonly by: number;
  /** What that was. */
  readonly key: number;
}

/** What each session was shown, and what is demanded of its later reads for it. */
export class ShownKeys {
  readonly #sessions: number;
  /** Keys, with a session, whose dependencies are demanded. */
  readonly #known: PairSet;
  /** Keys, with a session, that are demanded, and why. */
  readonly #pairs = new NumberTable();
  readonly #demandedBy: number[] = [];
  readonly #demandedFor: number[] = [];
  readonly #underWay: (CompletionQueue<ShownBy> | undefined)[] = [];

  /** `keys` and `sessions` are how many there are. */
  constructor(keys: number, sessions: number) {
    this.#sessions = sessions;
    this.#known = new PairSet(keys, sessions);
  }

  /** Why a session must find a key; undefined where it need not. */
  demandFor(session: number, key: number): Demand | undefined {
    const pair = this.#pairs.find(key * this.#sessions + session);
    return pair < 0 ? undefined : { by: this.#demandedBy[pair]!, key: this.#demandedFor[pair]! };
  }

  /** Are the dependencies of a key demanded of a session? */
  isKnown(session: number, key: number): boolean {
    return this.#known.has(key, session);
  }

  /** The dependencies of a key are demanded from now on; false where they were already. */
  know(session: number, key: number): boolean {
    return this.#known.add(key, session);
  }

  /** `read` showed `dependent`, which depends on `needed`. The first that did so counts. */
  demand(session: number, needed: number, read: number, dependent: number): void {
    const pair = this.#pairs.intern(needed * this.#sessions + session);
    if (pair < this.#demandedBy.length) return;
    this.#demandedBy.push(read);
    this.#demandedFor.push(dependent);
  }

  /** A read that is completed at the row `read` shows these keys. */
  show(session: number, read: number, keys: readonly number[]): void {
    let underWay = this.#underWay[session];
    if (underWay === undefined) {
      underWay = new CompletionQueue();
      this.#underWay[session] = underWay;
    }
    underWay.push(read, { read, keys });
  }

  /** Tells what was shown by reads that were completed before `row`. */
  settle(session: number, row: number, tell: (session: number, read: number, key: number) => void): void {
    const underWay = this.#underWay[session];
    if (underWay === undefined) return;
    for (let done = underWay.popBefore(row); done !== undefined; done = underWay.popBefore(row)) {
      for (let at = done.keys.length - 1; at >= 0; at--) tell(session, done.read, done.keys[at]!);
    }
  }
}
