import type { CheckBudget } from "../check-budget.ts";
import { BreadthSearch } from "./breadth-search.ts";
import { POSITION, STATE } from "./configuration-words.ts";
import { DepthSearch } from "./depth-search.ts";
import type { LinearizabilityModel } from "./linearizability-model.ts";
import type { ObjectCalls } from "./object-calls.ts";
import type { OrderTrace } from "./order-trace.ts";
import { searchLimit } from "./search-limit.ts";
import type { SearchOutcome } from "./search-outcome.ts";
import type { SearchProgress } from "./search-progress.ts";
import { type SearchedObject, searchedObject } from "./searched-object.ts";

const choicesPerQuestion = 4096;

/** Choices that are tried only to tell the states in which an object can have been. */
const choicesForStates = 1 << 18;

/** Questions to the budget until the other search has its first turn; each turn after that is twice as long. */
const questionsAtFirst = 8;

/**
 * Is there an order of the calls on an object that explains what they answered and agrees with real time? Two searches
 * look for it in turns, since each is quick where the other may take very long: what one finds out is the answer.
 */
export class ObjectSearch<State> {
  readonly #model: LinearizabilityModel<State>;
  readonly #calls: ObjectCalls;
  readonly #budget: CheckBudget | undefined;
  readonly #object: SearchedObject;
  readonly #depth: DepthSearch;
  readonly #trace: OrderTrace | undefined;
  #breadth: BreadthSearch | null = null;
  /** The one that has its turn, and at the end the one that knows the answer. */
  #turn: DepthSearch | BreadthSearch;
  #stopped: string | null = null;

  constructor(
    model: LinearizabilityModel<State>,
    calls: ObjectCalls,
    budget: CheckBudget | undefined,
    trace?: OrderTrace,
  ) {
    this.#model = model;
    this.#calls = calls;
    this.#budget = budget;
    this.#trace = trace;
    this.#object = searchedObject(model as LinearizabilityModel, calls);
    this.#depth = new DepthSearch(this.#object, trace);
    this.#turn = this.#depth;
  }

  /** Searches until there is an answer or the budget ends. */
  run(): SearchOutcome {
    let progress = this.#takeTurn(questionsAtFirst);
    for (let questions = questionsAtFirst; progress === "open" && this.#stopped === null; ) {
      const isDepth = this.#turn === this.#depth;
      if (!isDepth) questions *= 2;
      this.#breadth ??= new BreadthSearch(this.#object, this.#trace);
      this.#turn = isDepth ? this.#breadth : this.#depth;
      progress = this.#takeTurn(questions);
    }
    if (progress === "linearizable") return { kind: "linearizable" };
    const { events } = this.#calls;
    if (progress === "stuck") {
      const { furthest } = this.#turn;
      return { kind: "stuck", call: ~events[furthest]!, placed: this.#returnsBefore(furthest) };
    }
    const furthest = Math.max(this.#depth.furthest, this.#breadth?.furthest ?? -1);
    const [placed, returning] = [this.#returnsBefore(furthest), this.#returnsBefore(events.length)];
    return { kind: "stopped", reason: this.#stopped!, placed, returning };
  }

  /**
   * The states in which the object can have been when the search got stuck, in words: some of them, how many, and whether
   * these are all.
   */
  statesBefore(most: number): {
    readonly states: readonly string[];
    readonly count: number;
    readonly isAll: boolean;
  } {
    const isAll = this.#turn === this.#depth || this.#breadth!.complete(choicesForStates);
    const { words, end, stride } = this.#turn.configurations;
    const numbers = new Set<number>();
    for (let from = 0; from < end * stride; from += stride) {
      const state = words[from + STATE]!;
      if (state >= 0 && words[from + POSITION] === this.#turn.furthest) numbers.add(state);
    }
    const describe = (state: State): string => this.#model.describe?.(state) ?? JSON.stringify(state);
    const states = [...numbers]
      .slice(0, most)
      .map((number) => describe(this.#object.states.at(number) as State));
    return { states, count: numbers.size, isAll };
  }

  #takeTurn(questions: number): SearchProgress {
    let progress: SearchProgress = "open";
    for (let asked = 0; asked < questions && progress === "open" && this.#stopped === null; asked++) {
      progress = this.#turn.advance(choicesPerQuestion);
      if (progress === "open") this.#ask();
    }
    return progress;
  }

  #ask(): void {
    const own = this.#breadth === null ? [this.#depth] : [this.#depth, this.#breadth];
    const parts = [...own, this.#object.states, this.#object.steps];
    const furthest = Math.max(this.#depth.furthest, this.#breadth?.furthest ?? -1);
    this.#stopped = searchLimit(this.#budget, parts, furthest / this.#calls.events.length);
  }

  #returnsBefore(position: number): number {
    return this.#calls.events.subarray(0, Math.max(0, position)).filter((event) => event < 0).length;
  }
}
