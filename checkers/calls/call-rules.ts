import type { AnomalyList } from "../anomaly-list.ts";
import { keyName, nodeName, operationName } from "../history/describe-operation.ts";
import type { History } from "../history/history.ts";
import type { CollectedCall, CollectedCalls } from "./collect-calls.ts";

/** The limits that calls are held to; see the checker's options. */
export interface CallLimits {
  readonly attemptsMax?: number;
  readonly callMsMax?: number;
  readonly failuresMax?: number;
  readonly windowMs?: number;
}

const nanosPerMs = 1e6;

/** Holds every call, and all calls of a caller together, to the limits. Linear. */
export function judgeCalls(
  history: History,
  collected: CollectedCalls,
  limits: CallLimits,
  anomalies: AnomalyList,
): void {
  for (const call of collected.calls.values()) {
    addRetriedRefusal(history, call, anomalies);
    addManyAttempts(history, call, limits.attemptsMax, anomalies);
    addSlowCall(history, call, collected.lastOfLife.get(call.life) ?? -1, limits.callMsMax, anomalies);
  }
  for (const failures of collected.failuresOf.values()) addOverload(history, failures, limits, anomalies);
}

function addRetriedRefusal(history: History, call: CollectedCall, anomalies: AnomalyList): void {
  const { key, refused, afterRefusal } = call;
  if (afterRefusal < 0) return;
  const proof = () =>
    `${nodeName(history, refused)} was refused what it asked for ${keyName(history, key)} (${operationName(history, refused)}), ` +
    `and asked again within the same call (${operationName(history, afterRefusal)}): a definite answer does not change`;
  anomalies.add({ type: "refusal-retried", key, rows: [refused, afterRefusal], proof });
}

function addManyAttempts(
  history: History,
  { key, attempts }: CollectedCall,
  attemptsMax: number | undefined,
  anomalies: AnomalyList,
): void {
  const row = attemptsMax === undefined ? undefined : attempts[attemptsMax];
  if (row === undefined) return;
  const proof = () =>
    `${nodeName(history, row)} made ${attempts.length} attempts of one call for ${keyName(history, key)}; ` +
    `it may make ${attemptsMax} (the next one is ${operationName(history, row)})`;
  anomalies.add({ type: "too-many-attempts", key, rows: [attempts[0] ?? row, row], proof });
}

/** What has not ended is as old as the last sign of life of its process. */
function addSlowCall(
  history: History,
  { key, begun, ended }: CollectedCall,
  lastOfLife: number,
  callMsMax: number | undefined,
  anomalies: AnomalyList,
): void {
  if (callMsMax === undefined || begun < 0) return;
  const last = ended < 0 ? lastOfLife : ended;
  const ms = (history.time[last]! - history.time[begun]!) / nanosPerMs;
  if (!(ms > callMsMax)) return;
  const proof = () => {
    const took =
      ended < 0
        ? `had not ended ${Math.round(ms)} ms later, when its caller was still alive (${operationName(history, last)})`
        : `took ${Math.round(ms)} ms (until ${operationName(history, last)})`;
    return (
      `the call of ${nodeName(history, begun)} for ${keyName(history, key)} (${operationName(history, begun)}) ${took}; ` +
      `it may take ${callMsMax} ms`
    );
  };
  anomalies.add({ type: "slow-call", key, rows: [begun, last], proof });
}

/** Looks at each stretch of `windowMs`; one anomaly for each caller that sent too much. */
function addOverload(
  history: History,
  failures: readonly number[],
  { failuresMax, windowMs = 1000 }: CallLimits,
  anomalies: AnomalyList,
): void {
  if (failuresMax === undefined) return;
  for (let first = 0; first + failuresMax < failures.length; first++) {
    const [from, to] = [failures[first]!, failures[first + failuresMax]!];
    if (history.time[to]! - history.time[from]! > windowMs * nanosPerMs) continue;
    const proof = () =>
      `${nodeName(history, from)} went on calling where nobody answered: more than ${failuresMax} attempts within ` +
      `${windowMs} ms (from ${operationName(history, from)} to ${operationName(history, to)})`;
    anomalies.add({ type: "overload", key: history.key[to]!, rows: [from, to], proof });
    return;
  }
}
