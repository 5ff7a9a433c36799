/** How the bytes of an edge are to be read. `opaque`: whatever is written at once is a message. */
export type EdgeProtocol = "http" | "postgres" | "opaque";

/**
 * What to hit: any request, any answer; with PostgreSQL's protocol only a COMMIT, the answer to one,
 * or the refusal of a connection because the server has none left.
 */
export type MessageSelector =
  | "request"
  | "answer"
  | "commit-request"
  | "commit-answer"
  | "too-many-connections";

/**
 * What becomes of it: `reset` loses it and breaks the connection; `swallow` loses it and all that
 * follows in that direction of that connection, without a word, until the rule is taken off (then the
 * connection breaks); `duplicate` sends a copy of an HTTP request over a connection of its own;
 * `pass` only counts it.
 */
export type MessageFate = "reset" | "swallow" | "duplicate" | "pass";

/** Hits messages of an edge: `hit` is asked at each that matches, and counts; false: let it pass. */
export interface MessageRule {
  readonly select: MessageSelector;
  readonly fate: MessageFate;
  hit(): boolean;
}
