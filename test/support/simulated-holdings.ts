import type { HistoryEvent } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";

/**
 * The books of three services over two goods after random transfers between them: what each holds, and what is due.
 * One transfer in `bugEvery` takes without giving; 0 for none.
 */
export function simulateHoldings(tape: ChoiceTape, bugEvery: number): HistoryEvent[] {
  const services = ["a", "b", "c"];
  const events: HistoryEvent[] = [];
  const record = (f: string, key: string, node: string, amount: number): void => {
    const index = events.length;
    events.push({ index, time: index, type: "record", f, key, node, value: { amount, of: f }, final: true });
  };
  for (const good of ["money", "pieces"]) {
    const held = new Map(services.map((service) => [service, tape.below(20)]));
    const first = [...held.values()].reduce((sum, amount) => sum + amount, 0);
    for (let transfers = tape.below(6); transfers > 0; transfers--) {
      const [from, to] = [tape.pick(services), tape.pick(services)];
      const amount = Math.min(tape.below(10), held.get(from) ?? 0);
      held.set(from, (held.get(from) ?? 0) - amount);
      if (bugEvery > 0 && tape.once(bugEvery)) continue;
      held.set(to, (held.get(to) ?? 0) + amount);
    }
    if (tape.isUsedUp) break;
    for (const [service, amount] of held) record("holding", good, service, amount);
    record("due", good, tape.pick(services), first);
  }
  return events;
}
