import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";

interface Line {
  readonly index: number;
  readonly f: string;
  readonly key: string;
  readonly value: Record<string, Json> | null;
}

const sameJson = (a: Json | undefined, b: Json | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** Anomalies of event streams as `type key`, each once, by comparing everything with everything. */
export function eventStreamAnomalies(events: readonly HistoryEvent[]): string[] {
  const records = (f: string, isFinal: boolean | null): Line[] =>
    events.flatMap((event) =>
      event.type === "record" && event.f === f && (isFinal === null || (event.final === true) === isFinal)
        ? [{ ...event, key: String(event.key), value: event.value as Record<string, Json> }]
        : [],
    );
  const finals = records("event", true);
  const all = records("event", null);
  const compacted = (key: string): number =>
    Math.max(
      0,
      ...records("compacted", null)
        .filter((line) => line.key === key)
        .map(({ value }) => Number(value!.version)),
    );
  const versionOf = (key: string, event: Json): number =>
    Number(
      finals.filter((line) => line.key === key && sameJson(line.value!.event, event))[0]?.value?.version ??
        -1,
    );
  const stateOf = (key: string, version: number): Json | undefined =>
    all
      .filter((line) => line.key === key && line.value!.version === version)
      .flatMap(({ value }) => (value!.state === undefined ? [] : [value!.state]))[0];
  const found = new Set<string>();
  for (const a of finals) {
    for (const b of finals) {
      if (a.key !== b.key || a.index >= b.index) continue;
      if (a.value!.version === b.value!.version) found.add(`version-fork ${a.key}`);
      else if (sameJson(a.value!.event, b.value!.event)) found.add(`repeated-event ${a.key}`);
    }
    for (let version = compacted(a.key) + 1; version < Number(a.value!.version); version++) {
      if (!finals.some((line) => line.key === a.key && line.value!.version === version))
        found.add(`version-gap ${a.key}`);
    }
  }
  const told = (line: Line, type: string, version: number, state: Json | undefined): void => {
    const folded = stateOf(line.key, version);
    if (state !== undefined && folded !== undefined && !sameJson(state, folded))
      found.add(`${type} ${line.key}`);
  };
  for (const [f, type] of [
    ["snapshot", "wrong-snapshot"],
    ["replayed", "wrong-replay"],
    ["compacted", "wrong-compaction"],
  ] as const) {
    for (const line of records(f, null)) told(line, type, Number(line.value!.version), line.value!.state);
  }
  for (const call of callsOf(events)) {
    const { key, asked, answered, type } = call;
    const own = finals.filter((line) => line.key === key);
    const highest = Math.max(0, ...own.map(({ value }) => Number(value!.version)));
    if (call.f === "append") {
      if (own.length === 0 && !all.some((line) => line.key === key)) continue;
      const versions = (asked.events as Json[]).map((event) => versionOf(key, event));
      const isThere = versions.some((version) => version > 0);
      if (type === "fail") {
        if (isThere) found.add(`refused-event ${key}`);
      } else {
        // A missing event before one that is there had the version that many below it.
        const isGone = versions.map((version, at) => {
          const next = versions.findIndex((other) => other > 0);
          return (
            version < 0 && compacted(key) > 0 && (next < 0 || versions[next]! - (next - at) <= compacted(key))
          );
        });
        if (versions.some((version, at) => version < 0 && !isGone[at])) {
          if (type === "ok") found.add(`lost-event ${key}`);
          else if (isThere) found.add(`split-append ${key}`);
          continue;
        }
        if (!isThere) continue;
        const left = versions.filter((version) => version > 0);
        if (left.some((version, at) => version !== left[0]! + at)) found.add(`split-append ${key}`);
        if (left[0]! - (versions.length - left.length) !== Number(asked.expected) + 1)
          found.add(`stale-append ${key}`);
        if (type === "ok" && typeof answered?.version === "number" && answered.version !== versions.at(-1)) {
          found.add(`wrong-version ${key}`);
        }
      }
    } else if (type === "ok" && call.f === "read" && answered !== null && highest > 0) {
      const version = Number(answered.version);
      const isKnown = own.some((line) => line.value!.version === version) || version <= compacted(key);
      if (isKnown) told({ ...call, value: null }, "wrong-read", version, answered.state);
      else found.add(`read-off-stream ${key}`);
    } else if (
      type === "ok" &&
      call.f === "read-at" &&
      answered !== null &&
      typeof asked.version === "number"
    ) {
      told({ ...call, value: null }, "wrong-read-at", asked.version, answered.state);
    }
  }
  return [...found].sort();
}

interface StreamCall {
  readonly index: number;
  readonly f: string;
  readonly key: string;
  readonly asked: Record<string, Json>;
  readonly answered: Record<string, Json> | null;
  readonly type: string;
}

function callsOf(events: readonly HistoryEvent[]): StreamCall[] {
  return events.flatMap((event, at) => {
    if (event.type !== "invoke") return [];
    const end = events
      .slice(at + 1)
      .find((other) => "process" in other && other.process === event.process && other.type !== "invoke");
    const answered =
      end !== undefined && "value" in end ? ((end.value ?? null) as Record<string, Json> | null) : null;
    const asked = (event.value ?? {}) as Record<string, Json>;
    return [
      { index: event.index, f: event.f, key: String(event.key), asked, answered, type: end?.type ?? "info" },
    ];
  });
}
