import type { ServiceClock } from "../service-needs.ts";
import type { CallTrace } from "./call-log.ts";
import type { CallOutcome } from "./outgoing-call.ts";
import { retriedCall, type TryAgain } from "./retried-call.ts";
import type { RetryPolicy } from "./retry-backoff.ts";
import type { SagaDrive, SagaEntry, SagaEvent, SagaState } from "./saga-log.ts";
import { nextMove, type SagaCommand, type SagaStep, type UndoRules } from "./saga-step.ts";

/** Told of what an orchestrator does, as it does it. */
export interface SagaObserver {
  state(id: string, state: SagaState): void;
  /** A command is about to be sent. */
  attempted(id: string, step: string, kind: "do" | "undo"): void;
  /** A command is to be sent until its outcome is certain, or it is given up: a call, with all its attempts. */
  calling(id: string, step: string, kind: "do" | "undo"): CallTrace;
}

/** The mechanisms by which one saga is driven. */
export interface DriveMechanisms {
  readonly rules: UndoRules;
  /** The request key of attempt n. It must not depend on the attempt. */
  readonly keyOfAttempt: (key: string, attempt: number) => string;
  readonly tryAgain: TryAgain;
  readonly tryUndoAgain: TryAgain;
}

/** What driving a saga needs. */
export interface DriveNeeds {
  readonly clock: ServiceClock;
  readonly random: () => number;
  readonly send: (command: SagaCommand, requestKey: string) => Promise<CallOutcome>;
  readonly observer: SagaObserver;
  readonly isStopping: () => boolean;
}

/** For steps that can be taken back: a second or two, then the saga is. */
const doPolicy: RetryPolicy = { attempts: 3, backoffMs: 20, backoffMsMax: 400 };
/** For what must be done in the end. */
const endlessPolicy: RetryPolicy = {
  attempts: Number.POSITIVE_INFINITY,
  backoffMs: 20,
  backoffMsMax: 400,
};

/** The process is to end: the saga is left as its log has it. */
class DriveStopped extends Error {
  override readonly name = "DriveStopped";
}

/**
 * Drives one saga to its end: notes in the log what it is about to do, does it, notes what came of it (in
 * one INSERT with the next intention). Rejects where the log cannot be written or somebody else has taken
 * over; then the log says all that is needed to go on later, elsewhere too.
 */
export async function driveSaga<Input>(
  drive: SagaDrive,
  steps: readonly SagaStep<Input>[],
  mechanisms: DriveMechanisms,
  needs: DriveNeeds,
): Promise<void> {
  const { saga } = drive;
  const worker = new StepWorker(drive, JSON.parse(saga.input) as Input, mechanisms, needs);
  const entries: SagaEntry[] = [...saga.entries];
  let written = entries.length;
  const write = async () => {
    if (written < entries.length) await drive.append(entries.slice(written));
    written = entries.length;
  };
  for (;;) {
    const move = nextMove(steps, entries, mechanisms.rules);
    if (move.kind === "end" || needs.isStopping()) {
      await write();
      if (move.kind !== "end") return;
      await drive.end(move.state);
      needs.observer.state(saga.id, move.state);
      return;
    }
    const { name } = move.step;
    const intention: SagaEvent = move.kind === "do" ? "doing" : "undoing";
    // After a restart the intention may be there: then the command is sent again, under the same key.
    const isResumed = entries.some(({ step, event }) => step === name && event === intention);
    if (!isResumed) entries.push({ step: name, event: intention });
    await write();
    const event = move.kind === "do" ? await worker.do(move.step) : await worker.undo(move.step);
    // That this life could not send it says nothing about the life before: its copy may have had its effect.
    entries.push({ step: name, event: isResumed && event === "not-sent" ? "unknown" : event });
  }
}

/** Sends the commands of one saga. */
class StepWorker<Input> {
  readonly #drive: SagaDrive;
  readonly #input: Input;
  readonly #mechanisms: DriveMechanisms;
  readonly #needs: DriveNeeds;
  /** The key under which a step was sent last. */
  readonly #sentKeys = new Map<string, string>();

  constructor(drive: SagaDrive, input: Input, mechanisms: DriveMechanisms, needs: DriveNeeds) {
    this.#drive = drive;
    this.#input = input;
    this.#mechanisms = mechanisms;
    this.#needs = needs;
  }

  async do(step: SagaStep<Input>): Promise<SagaEvent> {
    const policy = step.undo === undefined ? endlessPolicy : doPolicy;
    const outcome = await this.#send(step, "do", policy, this.#mechanisms.tryAgain, step.do(this.#input));
    return outcome.kind;
  }

  async undo(step: SagaStep<Input>): Promise<SagaEvent> {
    const command = step.undo?.(this.#input);
    if (command === undefined) return "undone";
    const undoes = this.#sentKeys.get(step.name) ?? this.#key(step, "do", 1);
    const withBody = { ...command, body: { undoes } };
    await this.#send(step, "undo", endlessPolicy, this.#mechanisms.tryUndoAgain, withBody);
    return "undone";
  }

  #key(step: SagaStep<Input>, kind: "do" | "undo", attempt: number): string {
    return this.#mechanisms.keyOfAttempt(`${this.#drive.saga.id}/${step.name}/${kind}`, attempt);
  }

  async #send(
    step: SagaStep<Input>,
    kind: "do" | "undo",
    policy: RetryPolicy,
    tryAgain: TryAgain,
    command: SagaCommand,
  ): Promise<CallOutcome> {
    const { clock, random, observer, send, isStopping } = this.#needs;
    const { saga } = this.#drive;
    const trace = observer.calling(saga.id, step.name, kind);
    try {
      return await retriedCall({
        clock,
        random,
        policy,
        tryAgain,
        send: async (attempt) => {
          const key = this.#key(step, kind, attempt);
          if (kind === "do") this.#sentKeys.set(step.name, key);
          observer.attempted(saga.id, step.name, kind);
          const outcome = await send(command, key);
          trace.attempt(outcome.kind);
          return outcome;
        },
        beforePause: async () => {
          if (isStopping()) throw new DriveStopped(`the saga ${saga.id} is set aside`);
          await this.#drive.keep();
        },
      });
    } finally {
      trace.end();
    }
  }
}
