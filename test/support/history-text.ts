import type { History } from "../../checkers/history/history.ts";
import { HistoryBuilder } from "../../checkers/history/history-builder.ts";
import type { HistoryEvent, Json, Operation, OperationType } from "../../checkers/history/operation.ts";

interface OpenCall {
  readonly process: number;
  readonly f: string;
  readonly key: string | undefined;
}

/**
 * A history from a tiny text form, one event a line; blank lines and `#` comments are skipped.
 *
 * - `c1 > update user/7 {"expected":3}`: client 1 invokes; `-` stands for no key, `final` may go before.
 * - `c1 < ok {"version":4}`, `c1 < fail !conflict`: how the open call of client 1 ended.
 * - `c1 update user/7 {"expected":3} => ok {"version":4}`: both, nothing in between.
 * - `fault 1 inject link-partition`, `fault 1 heal link-partition 3`: the number after it is `bites`.
 * - `phase load`.
 * - `record effect order/7 @payment {"step":"pay"}`: a record; node and value may be left out, `final` may
 *   go before the kind.
 *
 * Indexes and times count the events. A client gets a new process after each `info`.
 */
export function historyOf(text: string): History {
  const builder = new HistoryBuilder();
  for (const event of eventsOfText(text)) builder.append(event);
  return builder.build();
}

/** The events of {@link historyOf}. */
export function eventsOfText(text: string): HistoryEvent[] {
  const writer = new TextEvents();
  for (const line of text.split("\n")) {
    const trimmed = line.replace(/\s#.*$/, "").trim();
    if (trimmed !== "" && !trimmed.startsWith("#")) writer.line(trimmed);
  }
  return writer.events;
}

class TextEvents {
  readonly events: HistoryEvent[] = [];
  readonly #open = new Map<number, OpenCall>();
  readonly #process = new Map<number, number>();
  #nextProcess = 100;

  line(line: string): void {
    const fault = /^fault (\d+) (inject|heal) (\S+)(?: (\d+))?$/.exec(line);
    const phase = /^phase (\S+)$/.exec(line);
    const call = /^c(\d+) (.*)$/.exec(line);
    const record = /^record (final )?(\S+) (\S+)(?: @(\S+))?(?: (.+))?$/.exec(line);
    if (fault !== null) this.#fault(fault);
    else if (phase !== null) {
      this.events.push({ ...this.#stamp(), type: "phase", phase: phase[1] as "load" });
    } else if (record !== null) this.#record(record);
    else if (call !== null) this.#call(Number(call[1]), call[2]!);
    else throw new Error(`not a line of a history text: ${line}`);
  }

  #fault([, id, event, fault, bites]: RegExpExecArray): void {
    this.events.push({
      ...this.#stamp(),
      type: "fault",
      id: Number(id),
      fault: fault!,
      event: event as "inject",
      target: "a → b",
      ...(bites === undefined ? {} : { bites: Number(bites) }),
    });
  }

  #record([, final, f, key, node, value]: RegExpExecArray): void {
    this.events.push({
      ...this.#stamp(),
      type: "record",
      f: f!,
      key: key!,
      ...(node === undefined ? {} : { node }),
      ...(value === undefined ? {} : { value: JSON.parse(value) as Json }),
      ...(final === undefined ? {} : { final: true }),
    });
  }

  #call(client: number, rest: string): void {
    if (rest.startsWith("> ")) this.#invoke(client, rest.slice(2));
    else if (rest.startsWith("< ")) this.#complete(client, rest.slice(2));
    else {
      const [invocation, completion] = rest.split(" => ");
      this.#invoke(client, invocation!);
      if (completion !== undefined) this.#complete(client, completion);
    }
  }

  #invoke(client: number, text: string): void {
    const match = /^(final )?(\S+)(?: (\S+))?(?: (.+))?$/.exec(text);
    if (match === null) throw new Error(`not an invocation: ${text}`);
    const [, final, f, key, value] = match;
    const process = this.#process.get(client) ?? client;
    this.#process.set(client, process);
    const call = { process, f: f!, key: key === "-" ? undefined : key };
    this.#open.set(client, call);
    this.#add(client, call, "invoke", value, undefined, final !== undefined);
  }

  #complete(client: number, text: string): void {
    const match = /^(ok|fail|info)(?: !(\S+))?(?: (.+))?$/.exec(text);
    const call = this.#open.get(client);
    if (match === null || call === undefined)
      throw new Error(`not a completion of client ${client}: ${text}`);
    const [, type, code, value] = match;
    this.#add(client, call, type as OperationType, value, code, false);
    this.#open.delete(client);
    if (type === "info") this.#process.set(client, this.#nextProcess++);
  }

  #add(
    client: number,
    call: OpenCall,
    type: OperationType,
    value: string | undefined,
    code: string | undefined,
    final: boolean,
  ): void {
    const event: Operation = {
      ...this.#stamp(),
      process: call.process,
      client,
      type,
      f: call.f,
      ...(call.key === undefined ? {} : { key: call.key }),
      ...(value === undefined ? {} : { value: JSON.parse(value) as Json }),
      ...(code === undefined ? {} : { error: { code } }),
      ...(final ? { final: true } : {}),
    };
    this.events.push(event);
  }

  #stamp(): { index: number; time: number } {
    return { index: this.events.length, time: this.events.length * 1000 };
  }
}
