import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";

/**
 * What `balanced-holdings` must find, by its claim: every holding below nothing, as `negative-holding good index`, and every
 * good of which the pieces that are held, taken away one after the other from those that are due, do not come out
 * even, as `holdings-not-conserved good`. Open: nothing was there, or of a good an amount is no whole number, or nobody
 * says who holds it or what is due. For small amounts.
 */
export function holdingFindings(events: readonly HistoryEvent[]): {
  readonly found: readonly string[];
  readonly isOpen: boolean;
} {
  const records = events.flatMap((event) =>
    event.type === "record" && event.final === true && ["holding", "due"].includes(event.f)
      ? [{ ...event, amount: (event.value as { readonly amount: Json }).amount }]
      : [],
  );
  const found: string[] = [];
  let isOpen = records.length === 0;
  for (const { f, key, amount, index } of records) {
    if (f === "holding" && Number.isInteger(amount) && Number(amount) < 0)
      found.push(`negative-holding ${key} ${index}`);
  }
  for (const key of new Set(records.map((record) => record.key))) {
    const own = records.filter((record) => record.key === key);
    const isTold = (f: string): boolean => own.some((record) => record.f === f);
    if (!isTold("holding") || !isTold("due") || own.some(({ amount }) => !Number.isInteger(amount))) {
      isOpen = true;
      continue;
    }
    let left = 0;
    for (const { f, amount } of own) {
      const step = (f === "due") === Number(amount) > 0 ? 1 : -1;
      for (let piece = 0; piece < Math.abs(Number(amount)); piece++) left += step;
    }
    if (left !== 0) found.push(`holdings-not-conserved ${key}`);
  }
  return { found, isOpen };
}
