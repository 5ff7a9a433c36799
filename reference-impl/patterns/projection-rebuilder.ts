import type { EventMessage } from "./event-message.ts";
import { applyToGeneration, clearGenerations, type ReadModels } from "./projection-consumer.ts";
import type { RebuildWork } from "./projection-rebuild.ts";
import { readWholeLog, type WholeLog } from "./read-whole-log.ts";

/** The log that read models are rebuilt from. */
export interface RebuildLog extends Omit<WholeLog, "group"> {
  /** A name for a group that nobody used before. */
  readonly newGroup: () => string;
}

const retryMs = 200;

/**
 * Rebuilds read models in the background when it is asked to. One that was begun, also by a process that has
 * died since, is carried on until it has succeeded.
 */
export class ProjectionRebuilder {
  readonly #models: ReadModels;
  readonly #work: RebuildWork;
  #wanted: "resume" | "rebuild" | null = null;
  #running: Promise<void> | null = null;
  #stopped = false;

  constructor(models: ReadModels, log: RebuildLog) {
    this.#models = models;
    this.#work = {
      generations: models.generations,
      readLog: (handle: (message: EventMessage) => Promise<void>) =>
        readWholeLog({ ...log, group: log.newGroup() }, handle),
      apply: (message, generation) => applyToGeneration(models, message, generation),
      clear: (which) => clearGenerations(models, which),
    };
  }

  /** Carries on with what was begun before the process started. */
  start(): void {
    this.#want("resume");
  }

  /** Rebuilds; where that is under way, once more afterwards. */
  request(): void {
    this.#want("rebuild");
  }

  /** Takes up no more; what is at hand is ended, or left as it is where it fails, and carried on after the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  #want(what: "resume" | "rebuild"): void {
    this.#wanted = what;
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    while (!this.#stopped && this.#wanted !== null) {
      const wanted = this.#wanted;
      this.#wanted = null;
      try {
        const { live, newest } = await this.#models.generations.load();
        if (wanted === "rebuild" || newest > live) await this.#models.mechanisms.rebuild(this.#work);
      } catch {
        this.#wanted ??= wanted;
        await this.#models.clock.sleep(retryMs);
      }
    }
    this.#running = null;
  }
}
