/**
 * The call uses something that the MongoDB model does not have. It was not sent and had no effect. A
 * limit of the model, never a finding: run the scenario in the real lane, or write it with what is
 * supported.
 */
export class UnsupportedByMongodbModelError extends Error {
  /** `what` names the call, operator or value; `supported` lists what could stand there. */
  constructor(what: string, supported: string) {
    super(`not supported by the MongoDB model: ${what}; supported are ${supported}`);
    this.name = "UnsupportedByMongodbModelError";
  }
}
