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
  #running: Promise<void> | null = null;
  #stopped = false;

  constructor(models: ReadModels, log: RebuildLog) {
    this.#models = models;
    this.#work = {
      generations: models.generations,
      readLog: (handle: (message: EventMessage) => Promise<void>) =>
        readWholeLog({ ...log, group: log.newGroup() }, handle),
      apply: async (message, generation) => {
        await applyToGeneration(models, message, generation);
      },
      clear: (which) => clearGenerations(models, which),
    };
  }

  /** Carries on with what was begun before the process started. */
  start(): void {
    this.#running = this.#begin(async () => {
      const { live, newest } = await this.#models.generations.load();
      if (newest > live) await this.#rebuild();
    });
  }

  /** Rebuilds, unless that is under way. */
  request(): void {
    this.#running ??= this.#begin(() => this.#rebuild());
  }

  /** Takes up no more; what is at hand is left as it is, and carried on after the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  #rebuild(): Promise<void> {
    return this.#models.mechanisms.rebuild(this.#work);
  }

  async #begin(work: () => Promise<void>): Promise<void> {
    while (!this.#stopped) {
      try {
        await work();
        break;
      } catch {
        await this.#models.clock.sleep(retryMs);
      }
    }
    this.#running = null;
  }
}
