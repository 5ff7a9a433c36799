/** First word of a configuration: the position of the return that is due. */
export const POSITION = 0;
/** Second word: the number of the state. */
export const STATE = 1;
/**
 * Where the bits begin: one for each open call that still must take effect, in groups. Behind them it is counted, for each
 * class of equal calls of unknown outcome, how many took effect (seven bits each, four to a word). So a configuration is
 * as large as the window of open calls and does not grow with the history.
 */
export const BITS = 2;

/** Configurations one after the other. */
export interface Configurations {
  readonly words: Int32Array;
  /** How many there are; one with a state below zero is none. */
  readonly end: number;
  /** Words of each. */
  readonly stride: number;
}
