/**
 * The statement uses something that the PostgreSQL model does not interpret. It was not sent and had
 * no effect. A limit of the model, never a finding: run the scenario in the real lane, or write the
 * statement with what is supported.
 */
export class UnsupportedByPostgresModelError extends Error {
  /** `what` names the node kind and key; `supported` lists what could stand there. */
  constructor(what: string, supported: string) {
    super(`not supported by the PostgreSQL model: ${what}; supported are ${supported}`);
    this.name = "UnsupportedByPostgresModelError";
  }
}
