import type { RandomStream } from "../../../harness/random/random-stream.ts";
import { knownScripts } from "../../../harness/sim/redis/known-scripts.ts";
import type { RedisCall } from "./redis-call.ts";

const LONG_MS = 100_000;
/** Long after the shortest expiry that is drawn. */
const EXPIRED_MS = 25;

/** Two streams never draw the same id then. */
const NEXT_ID_MS = 3;

type Pick = <Value>(...choices: readonly Value[]) => Value;

/** A random program of calls on few keys, so that types, groups and ids meet. */
export function drawCalls(random: RandomStream, length: number): RedisCall[] {
  const pick: Pick = (...choices) => choices[random.integer(0, choices.length - 1)] as never;
  const calls: RedisCall[] = [];
  let autoIds = 0;
  while (calls.length < length) {
    const call = drawCall(pick, random, autoIds);
    if (call.method === "xAdd" && call.args[1] === "*") autoIds++;
    calls.push(call);
    if (call.waits) calls.push(...drawWakers(pick, call));
  }
  return calls;
}

function drawCall(pick: Pick, random: RandomStream, autoIds: number): RedisCall {
  const draw = pick(strings, strings, hashes, scripts, versioned, streams, streams, groups, groups, groups);
  return { client: 0, ...draw(pick, random, autoIds) };
}

type Drawn = Omit<RedisCall, "client">;

const key = (pick: Pick): string => pick("a", "b", "c", "s", "t");
const text = (pick: Pick): string =>
  pick("x", "y", "1", "41", "-3", " 1", "01", "", "1.5", "9223372036854775807", "naïve ☃", "__proto__");

function strings(pick: Pick): Drawn {
  const k = key(pick);
  const condition = pick(
    {},
    {},
    { NX: true },
    { XX: true },
    { condition: "NX" },
    { NX: true, GET: true },
    { GET: true },
  );
  const long = pick(
    {},
    {},
    { PX: LONG_MS },
    { EX: 100 },
    { KEEPTTL: true },
    { expiration: { type: "PX", value: LONG_MS } },
  );
  return pick<() => Drawn>(
    () => ({ method: "get", args: [k] }),
    () => ({ method: "set", args: [k, text(pick), { ...condition, ...long }] }),
    () => ({ method: "set", args: [k, text(pick), { ...condition, PX: 3 }], thenMs: EXPIRED_MS }),
    () => ({ method: "set", args: [k, text(pick), { PX: pick(0, -1) }] }),
    () => ({ method: "set", args: [k, undefined] }),
    () => ({ method: "set", args: [k, pick(7, 1.5)] }),
    () => ({ method: "del", args: [pick<unknown>(k, [k, key(pick), "none"])] }),
    () => ({ method: "incr", args: [k] }),
    () => ({ method: "pTTL", args: [k] }),
    () => ({ method: "pExpire", args: [k, pick<number>(LONG_MS, 0, -5, 1.5)] }),
    () => ({ method: "pExpire", args: [k, 3], thenMs: EXPIRED_MS }),
  )();
}

function hashes(pick: Pick): Drawn {
  const k = key(pick);
  const field = pick("f", "g", "__proto__", "1");
  return pick<() => Drawn>(
    () => ({ method: "hSet", args: [k, field, text(pick)] }),
    () => ({ method: "hSet", args: [k, { [pick("f", "g")]: text(pick), n: 5 }] }),
    () => ({
      method: "hSet",
      args: [
        k,
        [
          ["f", "1"],
          ["h", 2],
        ],
      ],
    }),
    () => ({ method: "hSet", args: [k, {}] }),
    () => ({ method: "hGet", args: [k, field] }),
    () => ({ method: "hGetAll", args: [k] }),
  )();
}

function scripts(pick: Pick): Drawn {
  const script = pick(...knownScripts.filter(({ name }) => !name.startsWith("versioned")));
  const keys = [key(pick), key(pick)].slice(0, script.keys);
  const ms = pick(String(LONG_MS), String(LONG_MS), "0", "soon");
  return {
    method: "eval",
    args: [script.text, { keys, arguments: [text(pick), ms].slice(0, script.arguments) }],
  };
}

/** The scripts of caches, on keys of their own: they want numbers. */
function versioned(pick: Pick): Drawn {
  const entry = pick("entry-1", "entry-2");
  const keys = [entry, `${entry}/newest`];
  const version = pick("1", "2", "3", "10");
  const [fill, invalidate] = ["versioned fill", "versioned invalidation"].map(
    (start) => knownScripts.find(({ name }) => name.startsWith(start))?.text,
  );
  const ms = pick(String(LONG_MS), String(LONG_MS), "0", "soon");
  return pick<() => Drawn>(
    () => ({ method: "eval", args: [fill, { keys, arguments: [version, text(pick), ms, String(LONG_MS)] }] }),
    () => ({ method: "eval", args: [invalidate, { keys, arguments: [version, String(LONG_MS)] }] }),
    () => ({ method: "get", args: [pick(...keys)] }),
    () => ({ method: "pTTL", args: [pick(...keys)] }),
    () => ({ method: "del", args: [pick(...keys)] }),
  )();
}

function streamKey(pick: Pick): string {
  return pick("s", "t", "s", "t", "a");
}

function id(pick: Pick, random: RandomStream, autoIds: number): string {
  if (autoIds > 0 && random.fraction() < 0.4) return `@${random.integer(1, autoIds)}`;
  return pick(
    "0",
    "0-1",
    "1",
    "2-1",
    "3-0",
    `${random.integer(1, 40)}-${random.integer(0, 2)}`,
    "nonsense",
    "5-*",
  );
}

function streams(pick: Pick, random: RandomStream, autoIds: number): Drawn {
  const k = streamKey(pick);
  const count = pick({}, {}, { COUNT: 2 }, { COUNT: 1 });
  const trim = pick(
    {},
    {},
    {},
    { TRIM: { strategy: "MAXLEN", threshold: 3 } },
    { TRIM: { strategy: "MAXLEN", strategyModifier: "=", threshold: 2 } },
    { TRIM: { strategy: "MINID", threshold: 3 } },
  );
  const bound = (): string => pick("-", "+", "(2", "(2-1", "7", id(pick, random, autoIds));
  return pick<() => Drawn>(
    () => ({
      method: "xAdd",
      args: [k, `${random.integer(1, 40)}-${random.integer(0, 2)}`, { n: text(pick) }, trim],
    }),
    () => ({ method: "xAdd", args: [k, id(pick, random, autoIds), { n: "1", m: text(pick) }] }),
    () => ({ method: "xAdd", args: [k, "*", { n: "1" }, trim], thenMs: NEXT_ID_MS }),
    () => ({ method: "xAdd", args: [k, "*", pick({ n: "1" }, {})], thenMs: NEXT_ID_MS }),
    () => ({ method: "xLen", args: [k] }),
    () => ({ method: "xRange", args: [k, "-", "+", count] }),
    () => ({ method: "xRange", args: [k, bound(), bound(), count] }),
  )();
}

function groups(pick: Pick, random: RandomStream, autoIds: number): Drawn {
  const k = streamKey(pick);
  const group = pick("g", "g", "h");
  const consumer = pick("c", "d");
  const any = (): string => id(pick, random, autoIds);
  const options = pick({}, { COUNT: 1 }, { COUNT: 2 }, { NOACK: true }, { BLOCK: 2 });
  const start = pick("0", "0-0", "-", any());
  return pick<() => Drawn>(
    () => ({ method: "xGroupCreate", args: [k, group, pick("0", "$", any()), pick({}, { MKSTREAM: true })] }),
    () => ({ method: "xReadGroup", args: [group, consumer, { key: k, id: ">" }, options] }),
    () => ({ method: "xReadGroup", args: [group, consumer, { key: k, id: ">" }, options] }),
    () => ({ method: "xReadGroup", args: [group, consumer, { key: k, id: pick("0", any()) }, options] }),
    () => ({
      method: "xReadGroup",
      args: [
        group,
        consumer,
        [
          { key: "s", id: ">" },
          { key: "t", id: pick(">", "0") },
        ],
        options,
      ],
    }),
    () => ({
      method: "xReadGroup",
      args: [group, consumer, { key: k, id: ">" }, { BLOCK: 20_000 }],
      waits: true,
    }),
    () => ({ method: "xAck", args: [k, group, pick<unknown>(any(), [any(), any()])] }),
    () => ({
      method: "xAutoClaim",
      args: [k, group, consumer, pick(0, 0, LONG_MS), start, pick({}, { COUNT: 1 })],
    }),
  )();
}

/** What the second client does while the first one waits: something that may wake it. */
function drawWakers(pick: Pick, { args }: RedisCall): RedisCall[] {
  const { key: k } = args[2] as { key: string };
  const waker = pick<Drawn>(
    { method: "xAdd", args: [k, "900-*", { n: "1" }] },
    { method: "xAdd", args: [k, "900-*", { n: "1" }] },
    { method: "set", args: [k, "over"] },
    { method: "get", args: ["b"] },
  );
  return [
    { client: 1, ...waker },
    // So that the wait ends in any case, long before its time.
    { client: 1, method: "del", args: [k] },
  ];
}
