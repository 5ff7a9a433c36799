import type { ReplicaProgram, ReplicaSession, ReplicaStep } from "./draw-replica-program.ts";
import type { Action } from "./schedule.ts";
import type { ScheduleSession } from "./schedule-session.ts";

/** A primary and its replica, modelled or real. */
export interface ReplicaLane {
  /** Open sessions; those of readers are others after a crash. */
  sessions(): Readonly<Record<ReplicaSession, ScheduleSession>>;
  /** Runs a call to its end. */
  settle<Value>(work: Promise<Value>): Promise<Value>;
  /** Settles when the replica shows everything that the primary has committed. Rejects when it never does. */
  catchUp(): Promise<void>;
  /** Stops the replay; settles when it has stopped. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Kills the replica and starts it again. */
  crash(): Promise<void>;
  /** The primary's position in its log. */
  position(): Promise<string>;
  /** Has the replica replayed up to there? */
  reached(position: string): Promise<boolean>;
}

/**
 * Runs a program; answers what was seen at each step. The replica is read when it shows everything, or when its replay
 * has stopped, so that what it shows depends on the program only.
 */
export async function runReplicaProgram(lane: ReplicaLane, program: ReplicaProgram): Promise<string[]> {
  const state: ProgramState = { paused: false, changed: false, changedInTransaction: false, position: null };
  const trace: string[] = [];
  for (const step of program.steps) trace.push(await perform(lane, step, state));
  if (state.paused) await lane.resume();
  await lane.catchUp();
  // Locks would hold up the next program.
  await endTransactions(lane);
  return trace;
}

async function endTransactions(lane: ReplicaLane, of = Object.keys(lane.sessions())): Promise<void> {
  for (const [name, session] of Object.entries(lane.sessions())) {
    if (of.includes(name) && session.inTransaction) await lane.settle(session.perform({ do: "rollback" }));
  }
}

interface ProgramState {
  paused: boolean;
  /** The last step at the primary was a commit of a change. */
  changed: boolean;
  changedInTransaction: boolean;
  position: string | null;
}

async function perform(lane: ReplicaLane, step: ReplicaStep, state: ProgramState): Promise<string> {
  if ("session" in step) {
    const session = lane.sessions()[step.session];
    if (!session.accepts(step.action)) return "skipped";
    if (step.session !== "primary" && !state.paused) await lane.catchUp();
    const wasOpen = session.inTransaction;
    const text = await lane.settle(session.perform(step.action));
    if (step.session === "primary") note(state, step.action, wasOpen, text);
    return text;
  }
  if ("replica" in step) return await control(lane, step.replica, state);
  if (step.position === "take") {
    if (!state.changed) return "no position";
    state.position = await lane.position();
    return "position taken";
  }
  if (state.position === null) return "no position";
  if (!state.paused) await lane.catchUp();
  return `reached ${await lane.reached(state.position)}`;
}

async function control(
  lane: ReplicaLane,
  what: "pause" | "resume" | "crash",
  state: ProgramState,
): Promise<string> {
  if (what === "pause") {
    if (!state.paused) await lane.catchUp();
    await lane.pause();
    state.paused = true;
  } else if (what === "resume") {
    await lane.resume();
    state.paused = false;
  } else {
    // A pool is never closed while a transaction is open on it.
    await endTransactions(lane, ["reader 0", "reader 1"]);
    await lane.crash();
    // A replica that was started forgets that its replay was paused.
    state.paused = false;
    await lane.catchUp();
  }
  return what;
}

/** Positions of a real server also move by what is rolled back and by locks: they are taken after changes only. */
function note(state: ProgramState, action: Action, wasOpen: boolean, text: string): void {
  const changes =
    action.do === "statement" &&
    action.statement.kind !== "select" &&
    !text.startsWith("error") &&
    text !== "no rows";
  const commits = action.do === "commit" && text === "commit";
  state.changed = commits ? state.changedInTransaction : changes && !wasOpen;
  if (action.do !== "statement") state.changedInTransaction = false;
  else if (changes && wasOpen) state.changedInTransaction = true;
}
