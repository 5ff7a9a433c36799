/** What a check may cost, and who wants to know how far it is. A checker asks; whoever runs it owns the clock. */
export interface CheckBudget {
  /** Is the time limited? Then a checker leaves it to that, and has no limit of work of its own. Absent: no. */
  readonly isTimed?: boolean;
  /** Is the memory limited? Then a checker leaves it to that, and has no limit of its own. Absent: no. */
  readonly isSized?: boolean;
  /**
   * Called now and then, about every few thousand steps of work, with the bytes that the checker's own
   * working memory takes by its estimate and the share of the work that is done (0 to 1; absent where
   * that cannot be told). Answers why the check must end, in words that follow "stopped: "; null: go on.
   */
  exceeded(memoryBytes: number, done?: number): string | null;
}
