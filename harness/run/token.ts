import { createHash } from "node:crypto";
import * as v from "valibot";
import { FaultlineError } from "../faultline-error.ts";
import { type Lane, lanes } from "../record/lane.ts";
import type { Plan } from "./plan.ts";

/** What a token stands for: a plan, by the seed that it was drawn from and the path of its shrinking. */
export interface TokenContent {
  readonly scenario: string;
  readonly form: string;
  /** Where it ran. Sim unless the token says otherwise. */
  readonly lane: Lane;
  readonly seed: number;
  /** Faults that were left out on request, which changes what is drawn. */
  readonly withoutFaults?: readonly string[];
  /** The path of fast-check from the drawn plan to the shrunk one; empty for the drawn plan itself. */
  readonly path: string;
  /** First 12 digits of {@link hashPlan}: tells a plan that is drawn differently by another version. */
  readonly planHash: string;
  /** First 16 digits of the hash of the history that the plan gave. */
  readonly historyHash: string;
}

const PREFIX = "flt1_";
const ANY_VERSION = /^flt(\d+)_/;
const CHECK_LENGTH = 6;

const PLAN_HASH_BYTES = 6;
const HISTORY_HASH_BYTES = 8;
/** Bits of a byte that carry a number; the highest one says that another byte follows (LEB128). */
const GROUP_BITS = 7;

const name = v.pipe(v.string(), v.maxLength(200));
const seedNumber = v.pipe(v.number(), v.safeInteger());
const lane = v.picklist(lanes);
const namesSchema = v.union([
  v.strictTuple([name, name, seedNumber]),
  v.strictTuple([name, name, seedNumber, lane]),
  v.strictTuple([name, name, seedNumber, lane, v.pipe(v.array(name), v.minLength(1), v.maxLength(100))]),
]);

/** SHA-256 of a plan's JSON, 64 hexadecimal digits. */
export function hashPlan(plan: Plan): string {
  return createHash("sha256").update(JSON.stringify(plan)).digest("hex");
}

/** One opaque string that replays a run: letters, digits, `-` and `_` only. */
export function encodeToken(content: TokenContent): string {
  const { scenario, form, lane, seed, path, planHash, historyHash, withoutFaults = [] } = content;
  const names: unknown[] = [scenario, form, seed];
  if (lane !== "sim" || withoutFaults.length > 0) names.push(lane);
  if (withoutFaults.length > 0) names.push(withoutFaults);
  const steps = path === "" ? [] : path.split(":").map(Number);
  const bytes = Buffer.concat([
    Buffer.from(planHash.slice(0, 2 * PLAN_HASH_BYTES), "hex"),
    Buffer.from(historyHash.slice(0, 2 * HISTORY_HASH_BYTES), "hex"),
    Buffer.from([steps.length, ...steps].flatMap(groups)),
    Buffer.from(JSON.stringify(names)),
  ]);
  const body = bytes.toString("base64url");
  return PREFIX + checkDigits(body) + body;
}

/** Reads a token. Throws `bad-token`, or `token-version` when another version wrote it. */
export function decodeToken(token: string): TokenContent {
  const version = ANY_VERSION.exec(token)?.[1];
  if (version !== undefined && !token.startsWith(PREFIX)) throw otherVersion(version);
  const body = token.slice(PREFIX.length + CHECK_LENGTH);
  const digits = token.slice(PREFIX.length, PREFIX.length + CHECK_LENGTH);
  if (!token.startsWith(PREFIX) || digits !== checkDigits(body)) throw badToken("it is damaged or cut off");
  return parseBytes(Buffer.from(body, "base64url"));
}

function parseBytes(bytes: Buffer): TokenContent {
  let position = PLAN_HASH_BYTES + HISTORY_HASH_BYTES;
  const number = () => {
    let value = 0;
    for (let scale = 1; position < bytes.length; scale *= 1 << GROUP_BITS) {
      const byte = bytes[position++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw badToken("it ends too early");
  };
  const steps: number[] = [];
  for (let left = number(); left > 0; left--) steps.push(number());
  const result = v.safeParse(namesSchema, parseJson(bytes.toString("utf8", position)));
  if (!result.success) throw badToken("its content is not what this version writes");
  const [scenario, form, seed, lane = "sim", withoutFaults = []] = result.output;
  const planHash = bytes.toString("hex", 0, PLAN_HASH_BYTES);
  const historyHash = bytes.toString("hex", PLAN_HASH_BYTES, PLAN_HASH_BYTES + HISTORY_HASH_BYTES);
  const without = withoutFaults.length === 0 ? {} : { withoutFaults };
  return { scenario, form, lane, seed, ...without, path: steps.join(":"), planHash, historyHash };
}

function groups(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / (1 << GROUP_BITS));
  }
  return [...bytes, rest];
}

/** Does this text look like a token, of whatever version? */
export function looksLikeToken(text: string): boolean {
  return ANY_VERSION.test(text);
}

function checkDigits(body: string): string {
  return createHash("sha256").update(body).digest("hex").slice(0, CHECK_LENGTH);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function badToken(why: string): FaultlineError {
  return new FaultlineError(
    "usage",
    "bad-token",
    `This is not a token that can be replayed: ${why}.`,
    "Copy the whole token from the report or from `verdict.json`; a token begins with `flt1_`.",
  );
}

function otherVersion(version: string): FaultlineError {
  return new FaultlineError(
    "usage",
    "token-version",
    `This token is of version ${version}; this Faultline reads version 1.`,
    "Replay the plan file of the run folder instead, or use the Faultline that wrote the token.",
  );
}
