/**
 * The call uses something that the Kafka model does not interpret. Nothing was sent. A limit of the
 * model, never a finding: run the scenario in the real lane, or write the call with what is supported.
 */
export class UnsupportedByKafkaModelError extends Error {
  /** `what` names the call and the option; `supported` lists what could stand there. */
  constructor(what: string, supported: string) {
    super(`not supported by the Kafka model: ${what}; supported are ${supported}`);
    this.name = "UnsupportedByKafkaModelError";
  }
}
