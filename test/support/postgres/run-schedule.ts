import type { Schedule, Trace } from "./schedule.ts";
import type { ScheduleSession } from "./schedule-session.ts";

/** Where a schedule can run. */
export interface ScheduleLane {
  readonly sessions: readonly ScheduleSession[];
  /** Settles when everybody who has something to do has done it or waits for a lock. */
  quiesce(): Promise<void>;
  /** Every row of both tables, as a text. */
  tables(): Promise<string>;
}

/**
 * Runs a schedule step by step, then commits what is open, session by session. What is noted after each
 * step: who was skipped, what finished and how, who is blocked.
 */
export async function runSchedule(lane: ScheduleLane, schedule: Schedule): Promise<Trace> {
  const trace: string[] = [];
  const finished: string[] = [];
  const perform = async (
    index: number,
    number: number,
    action: Schedule["steps"][number]["action"],
  ): Promise<void> => {
    const session = lane.sessions[number] as ScheduleSession;
    if (!session.accepts(action)) finished.push(`s${number} skipped`);
    else {
      void session.perform(action).then(
        (outcome) => finished.push(`s${number}#${index} ${outcome}`),
        (error: unknown) => finished.push(`s${number}#${index} FAILED ${String((error as Error).stack)}`),
      );
    }
    await lane.quiesce();
    const blocked = lane.sessions.flatMap((other, at) => (other.busy ? [`s${at} blocked`] : []));
    trace.push([...finished.splice(0).sort(), ...blocked].join("; "));
  };
  for (const [index, { session, action }] of schedule.steps.entries()) await perform(index, session, action);
  for (let round = 0; round < schedule.sessions; round++) {
    for (let number = 0; number < schedule.sessions; number++) {
      const session = lane.sessions[number] as ScheduleSession;
      if (session.inTransaction && !session.busy) await perform(-1, number, { do: "commit" });
    }
  }
  trace.push(await lane.tables());
  return trace;
}
