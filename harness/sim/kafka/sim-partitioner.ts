import type { RandomStream } from "../../random/random-stream.ts";
import { murmur2 } from "./murmur2.ts";

interface PartitionerArguments {
  readonly topic: string;
  readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[];
  readonly message: { readonly key?: Buffer | string | null; readonly partition?: number | null };
}

/**
 * kafkajs's `DefaultPartitioner`: the message's own partition, or the hash of its key, or one partition
 * after the other from a random one on; here that one is drawn from the seed, and the hash is computed
 * in plain integers.
 */
export function simPartitioner(random: RandomStream): () => (args: PartitionerArguments) => number {
  return () => {
    const counters = new Map<string, number>();
    return ({ topic, partitionMetadata, message }) => {
      let counter = counters.get(topic);
      if (counter === undefined) {
        counter = random.bits() >>> 0;
        counters.set(topic, counter);
      }
      const { partition, key } = message;
      if (partition !== null && partition !== undefined) return partition;
      if (key !== null && key !== undefined) {
        return (murmur2(Buffer.from(key)) & 0x7fffffff) % partitionMetadata.length;
      }
      counters.set(topic, ++counter);
      const available = partitionMetadata.filter(({ leader }) => leader >= 0);
      return available[(counter & 0x7fffffff) % available.length]?.partitionId ?? 0;
    };
  };
}
