import type { AnomalyList } from "../anomaly-list.ts";
import { keyName, operationName, sessionName } from "../history/describe-operation.ts";
import type { History } from "../history/history.ts";
import type { Acquisitions } from "./collect-acquisitions.ts";

/** Finds two certain holders at one moment. Linear: the holding that lasts longest is kept. */
export function checkHolders(history: History, found: Acquisitions, anomalies: AnomalyList): void {
  const { told, held, byTold, lock } = found;
  let longest = -1;
  for (const at of byTold) {
    // Released or expired before the client was told: it is never certain that it held the lock.
    if (held[at]! <= told[at]!) continue;
    if (longest >= 0 && held[longest]! > told[at]!) {
      const [first, second] = [longest, at];
      const proof = () => proofOf(history, found, first, second);
      anomalies.add({ type: "two-holders", key: lock, rows: [told[first]!, told[second]!], proof });
    }
    if (longest < 0 || held[at]! > held[longest]!) longest = at;
  }
}

function proofOf(history: History, found: Acquisitions, first: number, second: number): string {
  const { told, held, released, asked, lock } = found;
  const one = told[first]!;
  const two = told[second]!;
  const end = held[first]!;
  const until =
    end === released[first]
      ? `gave it back only later (${operationName(history, end)})`
      : end === history.length
        ? "held it to the end of the history"
        : `asked for it so late (${operationName(history, asked[first]!)}) that it had not expired yet`;
  return (
    `${sessionName(history, one)} was told that it holds ${keyName(history, lock)} (${operationName(history, one)}) ` +
    `and ${until}, but meanwhile ${sessionName(history, two)} was told that it holds it (${operationName(history, two)})`
  );
}

/**
 * Fencing tokens: no two acquisitions have the same, and one that was asked for after the answer to another
 * has the higher one. Linear.
 */
export function checkTokens(history: History, found: Acquisitions, anomalies: AnomalyList): void {
  const { token, asked, told, byTold, lock } = found;
  const first = new Map<number, number>();
  const text = (at: number): string =>
    `${sessionName(history, told[at]!)} got ${keyName(history, lock)} with token ${token[at]} ` +
    `(${operationName(history, told[at]!)})`;
  let highest = -1;
  let next = 0;
  for (let at = 0; at < found.count; at++) {
    for (; next < found.count && told[byTold[next]!]! < asked[at]!; next++) {
      const done = byTold[next]!;
      if (!Number.isNaN(token[done]!) && (highest < 0 || token[done]! > token[highest]!)) highest = done;
    }
    if (Number.isNaN(token[at]!)) continue;
    const same = first.get(token[at]!);
    const before = highest;
    if (same !== undefined) {
      const proof = () => `${text(same)}, and ${text(at)}: the same token twice`;
      anomalies.add({ type: "token-reused", key: lock, rows: [told[same]!, told[at]!], proof });
      continue;
    }
    first.set(token[at]!, at);
    if (before < 0 || token[before]! < token[at]!) continue;
    const proof = () => `${text(before)}, but ${text(at)}, who asked for it afterwards, has a lower token`;
    anomalies.add({ type: "token-not-rising", key: lock, rows: [told[before]!, told[at]!], proof });
  }
}
