import type { Json } from "../history/operation.ts";

/** One call of an object, as a {@link LinearizabilityModel} sees it. */
export interface ModelCall {
  /** The model's own name of the function, whatever it is called in the history. */
  readonly f: string;
  /** What was asked; undefined where a line has no value. */
  readonly input: Json | undefined;
  /** Is it known what the call answered? Else any answer is possible. */
  readonly isAnswered: boolean;
  /** What was answered; undefined where it is not known, or was nothing. */
  readonly output: Json | undefined;
}

/** A sum to which each call that is no read adds a number, whatever it was before; a read answers it and nothing else. */
export interface ModelSum<State> {
  /** The sum in a state. */
  of(state: State): number;
  /** What a call adds, or the sum that a read answered. */
  by(call: ModelCall): number;
}

/**
 * What an object does when its calls come one after the other: the sequential specification that a history
 * is held against. A state is never changed: a step answers a new one. Steps know nothing but what they are
 * given, so that the same call in the same state always does the same.
 */
export interface LinearizabilityModel<State = unknown> {
  /** How messages call it. */
  readonly name: string;
  /** The functions that it reads. Other functions of the history are passed over. */
  readonly functions: readonly string[];
  /** Those of them that never change what the object does later: that spares work. None unless given. */
  readonly reads?: readonly string[];
  /** Is each key an object of its own? Yes, unless given; else all keys are one object. */
  readonly isKeyed?: boolean;
  /** The state at the start. */
  init(): State;
  /**
   * The state after the call, undefined where a call cannot have had this answer in this state. A call whose
   * outcome is not known has any answer; where it would have been refused it leaves the state as it is.
   */
  step(state: State, call: ModelCall): State | undefined;
  /**
   * What a call does, as a JSON value. All that have an answer and the same effect do the same in each state, and can in
   * the same states; one of unknown outcome does the same where they can, and else nothing. Calls that have the same
   * function, argument and answer need no effect for that. It only spares work; undefined where nothing can be said.
   */
  effect?(call: ModelCall): Json | undefined;
  /** Where a state is a sum of what calls added to it. It only spares work. */
  readonly sum?: ModelSum<State>;
  /** Are two states the same? Needed together with `hash` where states are not JSON values. */
  equal?(a: State, b: State): boolean;
  /** A number that is equal for states that are the same. */
  hash?(state: State): number;
  /** A state in words; as JSON unless given. */
  describe?(state: State): string;
  /** What was expected of a call that cannot be read, in words that follow "expected "; null where it can. */
  expected?(call: ModelCall): string | null;
  /**
   * A guess in which order the calls took effect, for each call a number that rises. Only the time that a
   * search takes depends on it. Calls are given in the order in which they were sent; `invoked` and `returned`
   * have numbers that rise with time, infinite for the return of an unknown outcome. The guess is `returned`
   * unless given.
   */
  likelyOrder?(calls: readonly ModelCall[], invoked: Float64Array, returned: Float64Array): Float64Array;
}
