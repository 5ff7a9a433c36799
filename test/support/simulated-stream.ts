import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";
import { EventLog } from "./event-log.ts";

interface Stored {
  readonly event: string;
  readonly state: number;
  readonly at: number;
}

interface OpenAppend {
  readonly f: string;
  readonly key: string;
  readonly value?: Json;
  answer: readonly ["ok" | "fail", Json?] | null;
}

/**
 * Event streams that clients append to on the condition of a version and read, now and in the past, with snapshots,
 * replays, a compaction and, where asked for, events in a new form at the end; the state is the sum of the events. One choice in `bugEvery` is wrong (0: never).
 */
export function simulateStreams(tape: ChoiceTape, bugEvery: number, isUpcast = false): HistoryEvent[] {
  const clients = 3;
  const log = new EventLog(clients + 1);
  const streams = new Map<string, Stored[]>([
    ["s0", []],
    ["s1", []],
  ]);
  const open: (OpenAppend | null)[] = Array.from({ length: clients }, () => null);
  let events = 0;
  const bug = (): boolean => bugEvery > 0 && tape.once(bugEvery);
  const record = (f: string, key: string, value: Json, final: boolean): void => {
    const index = log.events.length;
    log.events.push({
      index,
      time: index,
      type: "record",
      f,
      key,
      node: "store",
      value,
      ...(final ? { final } : {}),
    });
  };
  const stateAt = (stream: readonly Stored[], version: number): number =>
    (stream[version - 1]?.state ?? 0) + (bug() ? 1 : 0);
  const run = (call: OpenAppend): void => {
    const stream = streams.get(call.key)!;
    const asked = call.value as { expected?: number; events?: string[]; version?: number; at?: number };
    if (call.f === "append") {
      const isStale = asked.expected !== undefined && asked.expected !== stream.length;
      if (isStale && !bug()) call.answer = ["fail"];
      else if (bug()) call.answer = ["ok"];
      else {
        for (const event of asked.events!) {
          if (bug()) continue;
          const state = (stream.at(-1)?.state ?? 0) + Number(event.slice(1));
          const stored = { event: bug() ? "e1" : event, state, at: log.events.length };
          if (bug()) stream.unshift(stored);
          else stream.push(stored);
          record("event", call.key, { version: stream.length, event: bug() ? "e0" : event, state }, false);
        }
        const version = stream.length + (bug() ? 1 : 0);
        call.answer = bug() ? ["fail"] : tape.once(3) ? ["ok"] : ["ok", { version }];
      }
      return;
    }
    const version =
      call.f === "read"
        ? stream.length
        : (asked.version ?? stream.filter(({ at }) => at <= asked.at!).length);
    const state = version === 0 || bug() ? null : stateAt(stream, version);
    call.answer = ["ok", version === 0 || (state === null && tape.once(2)) ? null : { version, state }];
  };
  const invoke = (client: number): void => {
    const key = tape.pick([...streams.keys()]);
    const { length } = streams.get(key)!;
    const f = tape.pick(["append", "append", "read", "read-at"]);
    const value: Json | undefined =
      f === "append"
        ? {
            ...(tape.once(3) ? {} : { expected: Math.max(0, length - tape.below(2)) }),
            events: Array.from({ length: 1 + tape.below(2) }, () => `e${++events}`),
          }
        : f === "read"
          ? undefined
          : tape.once(2)
            ? { version: 1 + tape.below(Math.max(1, length)) + (bug() ? 2 : 0) }
            : { at: log.events.length };
    // What is not there yet cannot be asked for.
    if (f === "read-at" && length === 0) return;
    const call: OpenAppend = { f, key, ...(value === undefined ? {} : { value }), answer: null };
    open[client] = call;
    log.add(client, call, "invoke", value);
    if (f === "read-at") run(call);
  };
  // The rest of the tape is for what is there at the end.
  while (!tape.isUsedUp && log.events.length < 32) {
    const client = tape.below(clients);
    const call = open[client]!;
    if (call === null) invoke(client);
    else if (call.answer === null) run(call);
    else {
      open[client] = null;
      if (tape.once(9)) log.add(client, call, "info");
      else log.add(client, call, ...call.answer);
    }
    const key = tape.pick([...streams.keys()]);
    const stream = streams.get(key)!;
    if (stream.length > 0 && tape.once(10)) {
      const version = 1 + tape.below(stream.length);
      record(tape.pick(["snapshot", "replayed"]), key, { version, state: stateAt(stream, version) }, false);
    }
  }
  for (const [key, stream] of streams) {
    const shown = bug() ? tape.below(stream.length + 1) : stream.length;
    const answer = shown === 0 ? null : { version: shown, state: stateAt(stream, shown) };
    log.add(clients, { f: "read", key, final: true }, "invoke");
    log.add(clients, { f: "read", key, final: true }, "ok", answer);
    // Nobody looked at this stream: all that is known of it was recorded live.
    if (tape.once(8)) continue;
    const compacted = stream.length > 2 && tape.once(3) ? 1 + tape.below(stream.length - 1) : 0;
    if (compacted > 0)
      record("compacted", key, { version: compacted, state: stateAt(stream, compacted) }, true);
    for (const [at, { event, state, at: time }] of stream.entries()) {
      if (at < compacted || bug()) continue;
      record("event", key, { version: at + 1, event, state, at: time }, true);
    }
  }
  // Some streams were brought into a newer form, now and then one event twice.
  for (const [key, stream] of isUpcast ? streams : []) {
    for (const [at, { event, state }] of stream.entries()) {
      const before = stream[at - 1]?.state ?? 0;
      const amount = state - before + (bug() ? 1 : 0);
      const told = tape.once(2) ? { state: { sum: bug() ? before : state } } : {};
      record("upcasted", key, { version: at + 1, event: { amount }, ...told }, false);
      if (tape.once(8))
        record("upcasted", key, { version: at + 1, event: { amount: bug() ? 0 : amount } }, false);
      if (event === "e1" && bug()) break;
    }
  }
  return log.events.map((event, index) => ({ ...event, index, time: index }));
}
