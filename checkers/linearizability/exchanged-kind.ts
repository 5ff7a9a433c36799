/** What is known of calls that do the same, some of them of unknown outcome. */
export interface ExchangedKind {
  /** What each adds to the sum that a state is; 0 where it is none. */
  readonly amount: number;
  /** Bits of its calls that are open and return, the one that returns first first. */
  readonly slots: number[];
  /** Lanes of its calls of unknown outcome. */
  readonly lanes: number[];
}
