import { identityOf } from "../../history/json-value.ts";
import type { Json } from "../../history/operation.ts";
import type { LinearizabilityModel } from "../linearizability-model.ts";

/** The elements in buckets: a set that grew by one shares all other buckets with the one before. */
interface SetState {
  readonly size: number;
  /** Sum of the hashes of the elements. */
  readonly hash: number;
  readonly buckets: readonly (readonly Element[])[];
}

type Element = string | number | boolean | null;

const bucketCount = 64;

/**
 * A set that grows: `add` puts an element in, `read` answers exactly the elements, in any order. `initial`: the
 * elements at the start. An `add` costs as much as 64 steps and a 64th of the set.
 */
export function setModel(initial: Json = []): LinearizabilityModel<SetState> {
  if (!Array.isArray(initial)) throw new RangeError("the model set begins with a list");
  const empty: SetState = { size: 0, hash: 0, buckets: new Array<readonly Element[]>(bucketCount).fill([]) };
  const start = initial.reduce<SetState>((state, value) => withElement(state, identityOf(value)), empty);
  return {
    name: "set",
    functions: ["add", "read"],
    reads: ["read"],
    init: () => start,
    hash: ({ hash }) => hash,
    equal: isSame,
    describe: ({ size, buckets }) => {
      const shown = buckets.flat().slice(0, 10).map(String).sort();
      return size > 10 ? `a set of ${size}` : `{${shown.join(", ")}}`;
    },
    expected: ({ f, output, isAnswered }) =>
      f === "read" && isAnswered && !Array.isArray(output) ? "a list" : null,
    step: (state, { f, input, output, isAnswered }) => {
      if (f === "add") return withElement(state, identityOf(input ?? null));
      return !isAnswered || shows(output, state) ? state : undefined;
    },
  };
}

function withElement(state: SetState, element: Element): SetState {
  const hash = hashOf(element);
  const at = hash & (bucketCount - 1);
  const bucket = state.buckets[at]!;
  if (bucket.includes(element)) return state;
  return {
    size: state.size + 1,
    hash: (state.hash + hash) | 0,
    buckets: state.buckets.with(at, [...bucket, element]),
  };
}

function shows(output: Json | undefined, state: SetState): boolean {
  if (!Array.isArray(output) || output.length !== state.size) return false;
  const elements = new Set(output.map(identityOf));
  if (elements.size !== state.size) return false;
  for (const element of elements) {
    if (!state.buckets[hashOf(element) & (bucketCount - 1)]!.includes(element)) return false;
  }
  return true;
}

function isSame(a: SetState, b: SetState): boolean {
  if (a === b) return true;
  if (a.size !== b.size || a.hash !== b.hash) return false;
  return a.buckets.every((bucket, at) => {
    const other = b.buckets[at]!;
    if (bucket === other) return true;
    return bucket.length === other.length && bucket.every((element) => other.includes(element));
  });
}

function hashOf(element: Element): number {
  const text = typeof element === "string" ? element : `${element}`;
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  // So that neighbouring numbers come to lie in different buckets, and sums of hashes differ.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
