import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A deterministic source of random numbers. Two streams of one seed and label give the same numbers. */
export interface RandomStream {
  /** A uniform integer from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  /** A uniform number in [0, 1), a multiple of 2⁻³². */
  fraction(): number;
  /** 32 random bits as a signed integer. */
  bits(): number;
}

/**
 * A stream that is independent of the streams of every other label: one more draw in `faults` does not
 * move what `schedule` draws. Seed and label are hashed together (FNV-1a, then the finalizer of
 * MurmurHash3), since xoroshiro128+ started from small neighbouring seeds gives correlated first outputs.
 */
export function randomStream(seed: number, label: string): RandomStream {
  const generator = xoroshiro128plus(mix(seed, label));
  return {
    integer: (min, max) => uniformInt(generator, min, max),
    fraction: () => (generator.next() >>> 0) / 0x1_0000_0000,
    bits: () => generator.next(),
  };
}

function mix(seed: number, label: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < label.length; i++) hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193);
  hash = avalanche(hash ^ (seed | 0));
  return avalanche(hash ^ Math.floor(seed / 0x1_0000_0000));
}

function avalanche(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
