import type { RandomStream } from "../random/random-stream.ts";

/** An id in the form of a version 4 UUID (RFC 9562), drawn from a stream. */
export function uuidFrom(random: RandomStream): string {
  const words = [0, 0, 0, 0].map(() => (random.bits() >>> 0).toString(16).padStart(8, "0")).join("");
  const variant = "89ab"[random.integer(0, 3)];
  return `${words.slice(0, 8)}-${words.slice(8, 12)}-4${words.slice(13, 16)}-${variant}${words.slice(17, 20)}-${words.slice(20)}`;
}
