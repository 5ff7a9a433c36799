import type { AnomalyList } from "../anomaly-list.ts";
import type { History } from "../history/history.ts";
import { fieldOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { EntityStates } from "./entity-states.ts";
import type { ProjectedLog } from "./projected-log.ts";
import type { ProjectionOptions } from "./projection-options.ts";
import { StateIndex } from "./state-index.ts";

/** What every part of the check of projections needs. */
export class ProjectionTask {
  readonly history: History;
  readonly log: ProjectedLog;
  readonly options: ProjectionOptions;
  readonly anomalies: AnomalyList;
  #index: StateIndex | null = null;
  readonly #states: (EntityStates | undefined)[] = [];

  constructor(history: History, log: ProjectedLog, options: ProjectionOptions, anomalies: AnomalyList) {
    this.history = history;
    this.log = log;
    this.options = options;
    this.anomalies = anomalies;
  }

  /** Where states stand on the log; made when it is first asked for. */
  get index(): StateIndex {
    this.#index ??= new StateIndex(this.history, this.log);
    return this.#index;
  }

  /** The states of the entity with a key. */
  statesOf(key: number): EntityStates {
    let states = this.#states[key];
    if (states === undefined) {
      states = new EntityStates(this.history, this.log, this.index, key);
      this.#states[key] = states;
    }
    return states;
  }

  /** Has the log events of a key? */
  isEntity(key: number): boolean {
    return key >= 0 && this.log.starts[key + 1]! > this.log.starts[key]!;
  }
}

/** The state that a `projected` or `rebuilt` record shows; null: nothing is there. */
export function shownState(value: Json | undefined): Json {
  return fieldOf(value, "state") ?? null;
}
