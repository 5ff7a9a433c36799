/** What a session did on a key that an order can be asked of: its reads that returned, or its acknowledged writes. */
export type SessionCalls = "reads" | "writes";

/** One of the four promises to a session: which of its calls come first, and which must not fall behind them. */
export interface SessionGuarantee {
  /** Calls of a session that later ones of the session must not fall behind. */
  readonly earlier: SessionCalls;
  /** Calls of the session, sent after the answer to an earlier one, that are held against it. */
  readonly later: SessionCalls;
  /** Anomaly of one call that shows or has an older state than a call before it. */
  readonly wentBack: string;
  /** Anomaly of a register of which no order of the values explains what sessions saw. */
  readonly contradict: string;
  /** What the sessions did, for the proof of a contradiction: `what sessions saw after their own writes`. */
  readonly explained: string;
}

/** A session sees its own writes. */
export const readYourWritesGuarantee: SessionGuarantee = {
  earlier: "writes",
  later: "reads",
  wentBack: "own-write-not-seen",
  contradict: "own-writes-contradict",
  explained: "what sessions saw after their own writes",
};

/** What a session reads never goes back. */
export const monotonicReadsGuarantee: SessionGuarantee = {
  earlier: "reads",
  later: "reads",
  wentBack: "read-went-back",
  contradict: "reads-contradict",
  explained: "what sessions read one after the other",
};

/** The writes of a session take effect in the order in which it made them. */
export const monotonicWritesGuarantee: SessionGuarantee = {
  earlier: "writes",
  later: "writes",
  wentBack: "write-went-back",
  contradict: "writes-contradict",
  explained: "what sessions wrote one after the other and what they saw of it",
};

/** A session's write comes after what the session had read. */
export const writesFollowReadsGuarantee: SessionGuarantee = {
  earlier: "reads",
  later: "writes",
  wentBack: "write-before-read",
  contradict: "writes-contradict-reads",
  explained: "what sessions wrote after what they had read",
};
