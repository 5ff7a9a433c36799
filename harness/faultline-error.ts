/**
 * What is wrong with what the user gave us. `usage` errors end the process with code 254, `harness`
 * errors with 255; neither is ever shown with a stack trace.
 */
export type FaultlineErrorKind = "usage" | "harness";

/** An error with a stable code, what was expected, what came, where, and what to do about it. */
export class FaultlineError extends Error {
  override readonly name = "FaultlineError";
  readonly kind: FaultlineErrorKind;
  /** Stable, kebab-case: `unknown-scenario`, `bad-token`, `bad-plan`. */
  readonly code: string;
  /** What to do, in one sentence; may be empty. */
  readonly hint: string;

  constructor(kind: FaultlineErrorKind, code: string, message: string, hint = "") {
    super(message);
    this.kind = kind;
    this.code = code;
    this.hint = hint;
  }
}
