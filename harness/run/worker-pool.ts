import type { Worker } from "node:worker_threads";
import type { HarnessFailure } from "../record/run-record.ts";

/** The answers that a pool itself understands. */
interface PoolAnswer {
  readonly kind: string;
}

/** What a pool tells a job's listener when the worker that had the job died. */
export interface DoneAnswer {
  readonly kind: "done";
  readonly wallMs: number;
  readonly failure: HarnessFailure | null;
}

interface Entry<Job, Answer> {
  readonly job: Job;
  readonly listener: (answer: Answer) => void;
}

/**
 * A fixed number of worker threads and a queue of jobs. A worker says `ready` once, and `done` after
 * each job; everything else that it says goes to the listener of its job. A worker that dies ends its
 * job with a failure, and is replaced while jobs are left.
 */
export class WorkerPool<Job, Answer extends PoolAnswer> {
  readonly #size: number;
  readonly #spawn: () => Worker;
  readonly #queue: Entry<Job, Answer | DoneAnswer>[] = [];
  readonly #workers = new Map<Worker, Entry<Job, Answer | DoneAnswer> | null>();
  readonly #signal: AbortSignal;
  readonly #ended = Promise.withResolvers<void>();
  #over = false;

  constructor(size: number, spawn: () => Worker, signal: AbortSignal) {
    this.#size = size;
    this.#spawn = spawn;
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#end(), { once: true });
  }

  /** Queues a job, in front of all others if it is urgent. */
  add(job: Job, listener: (answer: Answer | DoneAnswer) => void, urgent: boolean): void {
    if (urgent) this.#queue.unshift({ job, listener });
    else this.#queue.push({ job, listener });
  }

  /** Does all jobs, those included that listeners add; settles when none is left or the signal aborts. */
  drained(): Promise<void> {
    if (this.#signal.aborted || this.#queue.length === 0) this.#end();
    else for (let i = 0; i < Math.min(this.#size, this.#queue.length); i++) this.#start();
    return this.#ended.promise;
  }

  #start(): void {
    const worker = this.#spawn();
    this.#workers.set(worker, null);
    worker.on("message", (answer: Answer) => this.#hear(worker, answer));
    worker.on("error", (error) => this.#lose(worker, error.message));
    worker.on("exit", (code) => this.#lose(worker, `exit code ${code}`));
  }

  #hear(worker: Worker, answer: Answer): void {
    if (this.#over) return;
    const entry = this.#workers.get(worker) ?? null;
    entry?.listener(answer);
    if (answer.kind === "done") {
      this.#workers.set(worker, null);
      this.#feed(worker);
    } else if (answer.kind === "ready" && entry === null) this.#feed(worker);
  }

  #feed(worker: Worker): void {
    const next = this.#queue.shift();
    if (next !== undefined) {
      this.#workers.set(worker, next);
      worker.postMessage(next.job);
      this.#wakeIdle(worker);
    } else if ([...this.#workers.values()].every((entry) => entry === null)) this.#end();
  }

  /** A listener may have added jobs while other workers had nothing to do. */
  #wakeIdle(busy: Worker): void {
    for (const [worker, entry] of this.#workers) {
      if (worker === busy || entry !== null || this.#queue.length === 0) continue;
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.#workers.set(worker, next);
      worker.postMessage(next.job);
    }
  }

  #lose(worker: Worker, why: string): void {
    const entry = this.#workers.get(worker);
    if (this.#over || entry === undefined) return;
    this.#workers.delete(worker);
    const failure: HarnessFailure = { code: "worker-died", message: `A worker thread died: ${why}` };
    entry?.listener({ kind: "done", wallMs: 0, failure });
    // A worker that dies before its first job would die again for ever.
    if (entry !== null && this.#queue.length > 0) this.#start();
    else if (this.#workers.size === 0) {
      for (const { listener } of this.#queue.splice(0)) listener({ kind: "done", wallMs: 0, failure });
      this.#end();
    }
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    const ends = [...this.#workers.keys()].map((worker) => worker.terminate());
    void Promise.all(ends).then(() => this.#ended.resolve());
  }
}
