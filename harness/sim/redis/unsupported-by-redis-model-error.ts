/**
 * The command uses something that the Redis model does not have. It had no effect. A limit of the model,
 * never a finding: run the scenario in the real lane, or write it with what is supported.
 */
export class UnsupportedByRedisModelError extends Error {
  /** `what` names the command, option or script; `supported` lists what could stand there. */
  constructor(what: string, supported: string) {
    super(`not supported by the Redis model: ${what}; supported are ${supported}`);
    this.name = "UnsupportedByRedisModelError";
  }
}
