import { type RandomStream, randomStream } from "../../../harness/random/random-stream.ts";
import { drawSelect, drawStatement } from "./draw-schedule.ts";
import type { Action } from "./schedule.ts";

/** One session writes at the primary, two read at its replica. */
export type ReplicaSession = "primary" | "reader 0" | "reader 1";

/** One step of a program. All but `crash` leave the sessions as they are. */
export type ReplicaStep =
  | { readonly session: ReplicaSession; readonly action: Action }
  /** The replay stops when everything so far is shown, goes on, or the replica is killed and started again. */
  | { readonly replica: "pause" | "resume" | "crash" }
  /** Remembers the primary's position, if the last step there was a commit that changed something. */
  | { readonly position: "take" }
  /** Asks the replica, past the sessions, whether it has replayed up to the position that was remembered. */
  | { readonly position: "compare" };

/** A program: the same on a model and on a real standby. */
export interface ReplicaProgram {
  readonly name: string;
  readonly steps: readonly ReplicaStep[];
}

const readers = ["reader 0", "reader 1"] as const;
const levels = ["read committed", "repeatable read"] as const;

/** Draws a program of 30 to 45 steps. `crashes`: the replica may be killed, which takes a real one a second. */
export function drawReplicaProgram(seed: number, crashes: boolean): ReplicaProgram {
  const random = randomStream(seed, "replica program");
  const open = new Set<ReplicaSession>();
  const rows = [1, 2, 3].map((id) => ({ id, code: id * 10, n: random.integer(0, 2) }));
  const fill: Action = { do: "statement", statement: { kind: "insert", table: "item", rows } };
  const steps: ReplicaStep[] = [{ session: "primary", action: fill }];
  const length = random.integer(30, 45);
  for (let at = 0; at < length; at++) {
    const choice = random.integer(0, 99);
    if (choice < 34) steps.push(...drawWrite(random, open));
    else if (choice < 80) steps.push(drawRead(random, readers[random.integer(0, 1)] ?? "reader 0", open));
    else if (choice < 87) steps.push({ replica: "pause" });
    else if (choice < 92) steps.push({ replica: "resume" });
    else if (choice < 98 || !crashes) steps.push({ position: "compare" });
    else {
      for (const reader of readers) open.delete(reader);
      steps.push({ replica: "crash" });
    }
  }
  return { name: `replica program ${seed}`, steps };
}

/** A step at the primary; often its position is taken after it. */
function drawWrite(random: RandomStream, open: Set<ReplicaSession>): readonly ReplicaStep[] {
  const session = "primary";
  const choice = random.integer(0, 9);
  const take: readonly ReplicaStep[] = random.integer(0, 2) === 0 ? [{ position: "take" }] : [];
  if (!open.has(session) && choice < 2) {
    open.add(session);
    return [{ session, action: { do: "begin", level: levels[random.integer(0, 1)] ?? "read committed" } }];
  }
  if (open.has(session) && choice < 4) {
    open.delete(session);
    return [{ session, action: { do: choice < 3 ? "commit" : "rollback" } }, ...take];
  }
  return [{ session, action: { do: "statement", statement: drawStatement(random, false) } }, ...take];
}

/** A step at the replica: mostly a read, now and then what it must refuse. */
function drawRead(random: RandomStream, session: ReplicaSession, open: Set<ReplicaSession>): ReplicaStep {
  const choice = random.integer(0, 19);
  if (!open.has(session) && choice < 5) {
    open.add(session);
    return { session, action: { do: "begin", level: levels[random.integer(0, 1)] ?? "read committed" } };
  }
  if (open.has(session) && choice < 3) {
    open.delete(session);
    return { session, action: { do: choice === 0 ? "rollback" : "commit" } };
  }
  if (open.has(session) && choice < 5) {
    return { session, action: { do: choice === 3 ? "savepoint" : "rollback to savepoint" } };
  }
  const statement = choice < 7 ? drawStatement(random, false) : drawSelect(random);
  return { session, action: { do: "statement", statement } };
}
