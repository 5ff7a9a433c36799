import type { HistoryEvent, Json, Operation } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";

/** One of the things that Jepsen's own tests are about. */
export type JepsenSubject = "bank" | "counter" | "set" | "long-fork";

interface Call {
  readonly f: string;
  readonly asked: Json;
  answer: Json;
  isApplied: boolean;
}

/** Three things that are atomic: each call takes effect at one moment between its two events. */
class Store {
  readonly #subject: JepsenSubject;
  readonly #elements: number[] = [];
  readonly #accounts = [10, 0, 5];
  readonly #written = [false, false, false, false];
  #count = 0;
  #next = 0;

  constructor(subject: JepsenSubject) {
    this.#subject = subject;
  }

  draw(tape: ChoiceTape): Call {
    const isRead = tape.below(2) === 0;
    const call = (f: string, asked: Json): Call => ({ f, asked, answer: asked, isApplied: false });
    if (this.#subject === "long-fork") {
      const key = tape.below(4);
      if (!isRead) return call("write", [["w", key, 1]]);
      const keys = [0, 1, 2, 3].filter((other) => other === key || tape.below(2) === 0);
      return call(
        "read",
        keys.map((other) => ["r", other, null]),
      );
    }
    if (isRead) return call("read", null);
    if (this.#subject === "set") return call("add", this.#next++);
    if (this.#subject === "counter") return call("add", tape.below(5) - 1);
    return call("transfer", { from: tape.below(3), to: tape.below(3), amount: 1 + tape.below(6) });
  }

  /** False: it is refused. */
  apply(call: Call): boolean {
    call.isApplied = true;
    if (call.f === "read") call.answer = this.#shown(call.asked);
    else if (call.f === "write") this.#written[((call.asked as Json[][])[0] as number[])[1]!] = true;
    else if (this.#subject === "set") this.#elements.push(call.asked as number);
    else if (this.#subject === "counter") this.#count += call.asked as number;
    else {
      const { from, to, amount } = call.asked as { from: number; to: number; amount: number };
      if (this.#accounts[from]! < amount) return false;
      this.#accounts[from] = this.#accounts[from]! - amount;
      this.#accounts[to] = this.#accounts[to]! + amount;
    }
    return true;
  }

  #shown(asked: Json): Json {
    if (this.#subject === "set") return [...this.#elements];
    if (this.#subject === "counter") return this.#count;
    if (this.#subject === "bank") return { ...this.#accounts };
    return (asked as Json[][]).map(([, key]) => [
      "r",
      key!,
      this.#written[key as number] === true ? 1 : null,
    ]);
  }
}

/**
 * A history of a correct store. Once in `bugEvery` reads (0: never) the answer is one that some earlier
 * read got, or is spoilt.
 */
export function simulateJepsen(subject: JepsenSubject, tape: ChoiceTape, bugEvery: number): HistoryEvent[] {
  const store = new Store(subject);
  const events: HistoryEvent[] = [];
  const open = new Map<number, Call>();
  const processes = [0, 1, 2];
  const earlier: Json[] = [];
  let nextProcess = 3;
  const push = (process: number, type: Operation["type"], { f, asked, answer }: Call): void => {
    const value = type === "ok" ? answer : asked;
    events.push({ index: events.length, time: events.length, process, type, f, key: "k", value });
  };
  while (!tape.isUsedUp) {
    const client = tape.below(3);
    const process = processes[client]!;
    const call = open.get(client);
    if (call === undefined) {
      const drawn = store.draw(tape);
      open.set(client, drawn);
      push(process, "invoke", drawn);
      continue;
    }
    const ending = tape.below(12);
    if (ending === 0) {
      if (tape.below(2) === 0 && !call.isApplied) store.apply(call);
      push(process, "info", call);
      processes[client] = nextProcess++;
      open.delete(client);
    } else if (!call.isApplied) {
      if (ending > 1 && store.apply(call)) continue;
      push(process, "fail", call);
      open.delete(client);
    } else {
      if (call.f === "read") {
        if (bugEvery > 0 && tape.once(bugEvery)) call.answer = spoilt(call.answer, earlier, tape);
        earlier.push(call.answer);
      }
      push(process, "ok", call);
      open.delete(client);
    }
  }
  return events;
}

/** Another answer of the same form. */
function spoilt(answer: Json, earlier: readonly Json[], tape: ChoiceTape): Json {
  if (typeof answer === "number") return answer + tape.below(7) - 3;
  if (Array.isArray(answer) && Array.isArray(answer[0])) {
    return answer.map(([name, key, seen]) => [
      name,
      key,
      tape.below(3) === 0 ? 1 - Number(seen ?? 0) || null : seen,
    ]);
  }
  if (Array.isArray(answer)) {
    if (tape.below(2) === 0 && earlier.length > 0) return tape.pick(earlier);
    return tape.below(2) === 0 ? [...answer, tape.below(9)] : answer.filter(() => tape.below(4) > 0);
  }
  const accounts = answer as Readonly<Record<string, number>>;
  const account = String(tape.below(3));
  return { ...accounts, [account]: accounts[account]! - tape.below(8) };
}
