import { UnsupportedByKafkaModelError } from "./unsupported-by-kafka-model-error.ts";

/**
 * Gives `wrapped` the rest of the methods of `original`, each of which throws
 * {@link UnsupportedByKafkaModelError} and reports it: to see a missing method would tell nobody why.
 */
export function refuseRest<Wrapped extends object>(
  what: string,
  wrapped: Wrapped,
  original: object,
  refused: (error: Error) => void,
): Wrapped {
  const supported = Object.keys(wrapped).join(", ");
  for (const name of Object.keys(original)) {
    if (name in wrapped) continue;
    const refuse = (): never => {
      const error = new UnsupportedByKafkaModelError(`${what}.${name}`, supported);
      refused(error);
      throw error;
    };
    Object.defineProperty(wrapped, name, { value: refuse });
  }
  return wrapped;
}
