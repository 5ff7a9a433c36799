import { createRequire } from "node:module";
import type { RandomStream } from "../../random/random-stream.ts";
import type { Scheduler } from "../scheduler.ts";
import { SIM_EPOCH_MS } from "../virtual-clock.ts";
import type { BsonObjectId } from "./bson-value.ts";

const COUNTER_END = 0x1_00_00_00;

/**
 * Draws ObjectIds in MongoDB's form: seconds of virtual time, five bytes and the start of a counter
 * from the stream. They are instances of the driver's own class, which is loaded when the first one is
 * drawn.
 */
export function objectIdSource(random: RandomStream, scheduler: Scheduler): () => BsonObjectId {
  let make: ((hex: string) => BsonObjectId) | null = null;
  let processPart = "";
  let counter = 0;
  return () => {
    if (make === null) {
      make = loadObjectId();
      processPart = hexadecimal(random.bits() >>> 0, 8) + hexadecimal(random.integer(0, 255), 2);
      counter = random.integer(0, COUNTER_END - 1);
    }
    counter = (counter + 1) % COUNTER_END;
    const seconds = Math.floor((SIM_EPOCH_MS + scheduler.now / 1e6) / 1000);
    return make(hexadecimal(seconds, 8) + processPart + hexadecimal(counter, 6));
  };
}

/** The class of the `bson` that `mongodb` itself uses, so that `instanceof` holds for services. */
function loadObjectId(): (hex: string) => BsonObjectId {
  const require = createRequire(import.meta.url);
  const { ObjectId } = createRequire(require.resolve("mongodb"))("bson") as {
    ObjectId: new (hex: string) => BsonObjectId;
  };
  return (hex) => new ObjectId(hex);
}

function hexadecimal(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
