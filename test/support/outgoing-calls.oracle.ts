import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";

/** What calls are held to, in milliseconds. */
export interface OracleLimits {
  readonly attemptsMax: number;
  readonly callMsMax: number;
  readonly failuresMax: number;
  readonly windowMs: number;
}

interface Line {
  readonly index: number;
  readonly ms: number;
  readonly node: string | undefined;
  readonly key: string;
  readonly life: string;
  readonly call: string;
  readonly what: string;
}

const outcomes = ["done", "refused", "unknown", "not-sent"];

/** What is said of calls: the anomalies as `type key`, and the lines that are no records of a call or an effect. */
export function callAnomalies(
  events: readonly HistoryEvent[],
  limits: OracleLimits,
): { readonly found: string[]; readonly unreadable: number[] } {
  const records = events.flatMap((event) => (event.type === "record" ? [event] : []));
  const lines = records.filter(({ f }) => f === "call").map(lineOf);
  const calls = lines.flatMap((line) => (line.what === "?" ? [] : [line]));
  const effects = records.filter(({ f, final }) => f === "effect" && final === true);
  const isEffect = (value: Json | undefined): boolean => {
    const { step, kind } = (value ?? {}) as Record<string, Json>;
    return typeof step === "string" && (kind === "do" || kind === "undo");
  };
  const found = new Set<string>();
  for (const line of calls) {
    const own = calls.filter(({ call }) => call === line.call);
    const attempts = own.filter(({ what }) => outcomes.includes(what));
    const isRefusedBefore = attempts.some(({ what, index }) => what === "refused" && index < line.index);
    if (outcomes.includes(line.what) && isRefusedBefore) found.add(`refusal-retried ${line.key}`);
    if (attempts.length > limits.attemptsMax) found.add(`too-many-attempts ${line.key}`);
    if (line.what === "begun") {
      const end = own.find(({ what }) => what === "ended");
      const lastSign = calls.filter(({ life }) => life === line.life).at(-1)!;
      if ((end ?? lastSign).ms - line.ms > limits.callMsMax) found.add(`slow-call ${line.key}`);
    }
    // Every stretch of time that begins with an attempt that nobody answered.
    const around = calls.filter(
      ({ node, what, ms }) =>
        node === line.node && what === "unknown" && ms >= line.ms && ms <= line.ms + limits.windowMs,
    );
    if (line.what === "unknown" && around.length > limits.failuresMax) found.add(`overload of ${line.node}`);
  }
  const readable = effects.filter(({ value }) => isEffect(value));
  for (const one of readable) {
    const same = readable.filter(
      ({ key, value }) =>
        key === one.key &&
        ["step", "kind"].every((name) => fieldOf(value, name) === fieldOf(one.value, name)),
    );
    if (same.length > 1) found.add(`repeated-effect ${one.key}`);
  }
  const unreadable = [
    ...lines.filter(({ what }) => what === "?"),
    ...effects.filter(({ value }) => !isEffect(value)),
  ].map(({ index }) => index);
  return { found: [...found].sort(), unreadable };
}

function lineOf(event: HistoryEvent & { readonly type: "record" }): Line {
  const { life, call, event: what, outcome } = (event.value ?? {}) as Record<string, Json>;
  const isNamed = typeof life === "string" && typeof call === "string";
  const isKnown =
    what === "begun" || what === "ended" || (what === "attempt" && outcomes.includes(`${outcome}`));
  return {
    index: event.index,
    ms: event.time / 1e6,
    node: event.node,
    key: event.key,
    life: String(life),
    call: String(call),
    what: !isNamed || !isKnown ? "?" : String(what === "attempt" ? outcome : what),
  };
}

function fieldOf(value: Json | undefined, name: string): Json | undefined {
  return (value as Record<string, Json>)[name];
}
