import { FAIL, type History, INVOKE, OK } from "../../checkers/history/history.ts";
import { fieldOf } from "../../checkers/history/json-value.ts";

const effects: Readonly<Record<string, readonly [number, number, number]>> = {
  reserve: [-1, 1, 0],
  release: [1, -1, 0],
  ship: [0, -1, 1],
  restock: [1, 0, 0],
};

/**
 * Brute force for one stock whose amounts at the start are known: tries every choice of the moves of
 * unknown outcome for every read. See the docstring of `conservation`; refusals are not looked at.
 */
export function isConserved(history: History): boolean {
  const first = history.type.findIndex((type, row) => type === OK && amountsAt(history, row) !== null);
  const start = amountsAt(history, first)!;
  for (let read = first + 1; read < history.length; read++) {
    const shown = amountsAt(history, read);
    if (shown === null || history.functions[history.f[read]!] !== "read" || history.type[read] !== OK)
      continue;
    if (shown.some((amount) => amount < 0)) return false;
    if (!isExplained(history, start, read, shown)) return false;
  }
  return true;
}

function isExplained(
  history: History,
  start: readonly number[],
  read: number,
  shown: readonly number[],
): boolean {
  const sent = history.mate[read]!;
  const isFinal = history.final[read] === 1;
  let reached = [[...start]];
  for (let call = 0; call < read; call++) {
    const effect = effects[history.functions[history.f[call]!]!];
    const mate = history.mate[call]!;
    if (effect === undefined || history.type[call] !== INVOKE) continue;
    if (mate >= 0 && history.type[mate] === FAIL) continue;
    const quantity = fieldOf(history.value[call], "quantity") as number;
    const after = reached.map((amounts) => amounts.map((amount, at) => amount + effect[at]! * quantity));
    const isCertain = isFinal && mate >= 0 && history.type[mate] === OK && mate < sent;
    reached = distinct(isCertain ? after : [...reached, ...after]);
  }
  const sum = (amounts: readonly number[]): number => amounts[0]! + amounts[1]! + amounts[2]!;
  return reached.some((amounts) => (isFinal ? amounts.join() === shown.join() : sum(amounts) === sum(shown)));
}

function distinct(vectors: number[][]): number[][] {
  return [...new Map(vectors.map((vector) => [vector.join(), vector])).values()];
}

function amountsAt(history: History, row: number): number[] | null {
  const f = history.functions[history.f[row]!]!;
  const value = f === "create" ? history.value[history.mate[row]!] : history.value[row];
  const stock = fieldOf(value, "stock");
  if (typeof stock !== "number") return null;
  return [stock, ...["reserved", "shipped"].map((name) => (fieldOf(value, name) ?? 0) as number)];
}
