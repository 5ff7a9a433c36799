import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";
import { EventLog, type SimulatedCall } from "./event-log.ts";

/** How far replicas may be behind, in events of a millisecond. */
export const replicaBoundMs = 8;

interface State {
  readonly version: number;
  readonly value: Json;
  /** The event before which it came into being. */
  readonly at: number;
}

/**
 * Registers or versioned entities that are read from replicas: what a read shows was current within the last
 * {@link replicaBoundMs} before the read was sent, or while it was under way. Broken: any state that ever was. Writes of unknown
 * outcome take effect late, or never. A millisecond an event.
 */
export function simulateReplicas(
  tape: ChoiceTape,
  kind: "register" | "entity",
  isBroken: boolean,
): HistoryEvent[] {
  const log = new EventLog(3);
  const states = new Map<string, State[]>(
    ["a", "b"].map((key) => [key, [{ version: 0, value: null, at: Number.NEGATIVE_INFINITY }]]),
  );
  const open: (OpenCall | null)[] = [null, null, null];
  const late: OpenCall[] = [];
  let values = 0;
  const send = (client: number): void => {
    const key = tape.pick(["a", "a", "b"]);
    const { version } = states.get(key)!.at(-1)!;
    const f = tape.once(2) ? (kind === "register" ? "write" : version === 0 ? "create" : "update") : "read";
    const value = `v${values}`;
    if (f !== "read") values++;
    const asked = f === "write" ? value : f === "create" ? { value } : { expected: version, value };
    const call = { f, key, value, expected: version, sent: log.events.length, answer: null };
    open[client] = call;
    log.add(client, call, "invoke", f === "read" ? undefined : asked);
  };
  while (!tape.isUsedUp) {
    if (late.length > 0 && tape.once(8)) {
      arrive(tape.pick(late), states, log.events.length);
      continue;
    }
    const client = tape.below(3);
    const call = open[client]!;
    if (call === null) {
      send(client);
      continue;
    }
    if (call.f !== "read" && call.answer === null && tape.once(2)) {
      arrive(call, states, log.events.length);
      continue;
    }
    open[client] = null;
    if (tape.once(8)) {
      if (call.f !== "read" && call.answer === null) late.push(call);
      log.add(client, call, "info");
      continue;
    }
    if (call.f === "read") log.add(client, call, "ok", shownTo(call, states, tape, kind, isBroken));
    else {
      arrive(call, states, log.events.length);
      log.add(client, call, call.answer!.type, call.answer!.value);
    }
  }
  return log.events.map((event) => ({ ...event, time: event.index * 1e6 }));
}

interface OpenCall extends SimulatedCall {
  readonly value: string;
  readonly expected: number;
  readonly sent: number;
  answer: { readonly type: "ok" | "fail"; readonly value?: Json } | null;
}

/** A write takes effect, once; of an entity only where the version is the one that it expects. */
function arrive(call: OpenCall, states: ReadonlyMap<string, State[]>, at: number): void {
  if (call.answer !== null) return;
  const known = states.get(call.key)!;
  const { version } = known.at(-1)!;
  if (call.f !== "write" && version !== call.expected) {
    call.answer = { type: "fail" };
    return;
  }
  known.push({ version: version + 1, value: call.value, at });
  call.answer = call.f === "write" ? { type: "ok" } : { type: "ok", value: { version: version + 1 } };
}

function shownTo(
  { key, sent }: OpenCall,
  states: ReadonlyMap<string, State[]>,
  tape: ChoiceTape,
  kind: "register" | "entity",
  isBroken: boolean,
): Json {
  const known = states.get(key)!;
  const fresh = known.filter((_, at) => (known[at + 1]?.at ?? sent) >= sent - replicaBoundMs);
  const { version, value } = tape.pick(isBroken ? known : fresh);
  return kind === "register" ? value : version === 0 ? null : { version, value };
}
