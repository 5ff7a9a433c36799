import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";

interface Line {
  readonly index: number;
  readonly f: string;
  readonly key: string;
  readonly value: Record<string, Json> | null;
  readonly final?: boolean;
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
  const calls = callsOf(events);
  const timesOf = (key: string): number[] =>
    finals
      .filter((line) => line.key === key)
      .sort((a, b) => Number(a.value!.version) - Number(b.value!.version))
      .map(({ value }) => Number(value!.at));
  const isRepeated = (key: string, event: Json): boolean =>
    new Set(
      finals
        .filter((line) => line.key === key && sameJson(line.value!.event, event))
        .map(({ value }) => value!.version),
    ).size > 1;
  /** The one place of an event, −1 where it has none or several. */
  const placeOf = (key: string, event: Json): number => (isRepeated(key, event) ? -1 : versionOf(key, event));
  /** What was certainly there before `index`. */
  const knownBefore = (key: string, index: number): number =>
    Math.max(
      0,
      ...[...all, ...records("compacted", null)]
        .filter((line) => line.key === key && line.index < index)
        .map(({ value }) => Number(value!.version)),
      ...calls
        .filter((call) => call.key === key && call.type === "ok" && call.end < index)
        .flatMap((call) => {
          if (call.f === "append") return (call.asked.events as Json[]).map((event) => placeOf(key, event));
          const version = Number(call.answered?.version ?? 0);
          const isThere = finals.some((line) => line.key === key && line.value!.version === version);
          return call.f === "read" && isThere ? [version] : [];
        }),
    );
  for (const a of all) {
    for (const b of all) {
      const isSameVersion = a.key === b.key && a.value!.version === b.value!.version;
      if (isSameVersion && !sameJson(a.value!.event, b.value!.event)) found.add(`version-fork ${a.key}`);
    }
  }
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
  for (const call of calls) {
    const { key, asked, answered, type } = call;
    const own = finals.filter((line) => line.key === key);
    const highest = Math.max(0, ...own.map(({ value }) => Number(value!.version)));
    if (call.f === "append") {
      if (type !== "fail") {
        for (const event of call.asked.events as Json[]) {
          const isSentBefore = calls.some(
            (other) =>
              other.f === "append" &&
              other.key === key &&
              other.type !== "fail" &&
              other.index < call.index &&
              (other.asked.events as Json[]).some((earlier) => sameJson(earlier, event)),
          );
          const place = placeOf(key, event);
          if (!isSentBefore && place > 0 && knownBefore(key, call.index) >= place)
            found.add(`reordered-append ${key}`);
        }
      }
      const isInspected = own.length > 0 || records("compacted", true).some((line) => line.key === key);
      if (!isInspected) continue;
      const versions = (asked.events as Json[]).map((event) => versionOf(key, event));
      const isThere = versions.some((version) => version > 0);
      if (type === "fail") {
        const isAskedElsewhere = (event: Json): boolean =>
          calls.some(
            (other) =>
              other.f === "append" &&
              other.key === key &&
              other.type !== "fail" &&
              (other.asked.events as Json[]).some((same) => sameJson(same, event)),
          );
        const events = asked.events as Json[];
        if (events.some((event, at) => versions[at]! > 0 && !isAskedElsewhere(event)))
          found.add(`refused-event ${key}`);
      } else {
        // A missing event before one that is there had the version that many below it.
        // Else the answer says it, else the condition does; else nobody knows.
        const firstStored = versions.findIndex((version) => version > 0);
        const first =
          firstStored >= 0
            ? versions[firstStored]! - firstStored
            : typeof answered?.version === "number"
              ? answered.version - versions.length + 1
              : typeof asked.expected === "number"
                ? asked.expected + 1
                : null;
        const isGone = versions.map(
          (version, at) =>
            version < 0 && compacted(key) > 0 && (first === null || first + at <= compacted(key)),
        );
        if (versions.some((version, at) => version < 0 && !isGone[at])) {
          if (type === "ok") found.add(`lost-event ${key}`);
          else if (isThere) found.add(`split-append ${key}`);
          continue;
        }
        if (!isThere) continue;
        const left = versions.filter((version) => version > 0);
        if (left.some((version, at) => version !== left[0]! + at)) found.add(`split-append ${key}`);
        const begin = left[0]! - (versions.length - left.length);
        // Another append of the same event may have put it just there.
        const isPlacedByOther = calls.some((other) => {
          if (other.f !== "append" || other.key !== key || other.type === "fail") return false;
          const events = other.asked.events as Json[];
          const same = events.findIndex((event) => sameJson(event, (asked.events as Json[])[firstStored]!));
          if (same < 0) return false;
          const there = events.map((event) => versionOf(key, event));
          const from = left[0]! - same;
          return (
            (other.asked.expected === undefined || Number(other.asked.expected) + 1 === from) &&
            there.every(
              (version, at) => version === from + at || (version < 0 && from + at <= compacted(key)),
            )
          );
        });
        if (asked.expected !== undefined && begin !== Number(asked.expected) + 1 && !isPlacedByOther)
          found.add(`stale-append ${key}`);
        if (type === "ok" && typeof answered?.version === "number" && answered.version !== versions.at(-1)) {
          found.add(`wrong-version ${key}`);
        }
      }
    } else if (type === "ok" && call.f === "read") {
      const version = Number(answered?.version ?? 0);
      const shown = all.filter((line) => line.key === key).map(({ value }) => Number(value!.version));
      const end = Math.max(own.length === 0 ? Math.max(0, ...shown) : highest, compacted(key));
      if (call.final && version < end) found.add(`stale-final-read ${key}`);
      if (version === 0 || highest === 0) {
        if (version > 0 && version <= compacted(key))
          told({ ...call, value: null }, "wrong-read", version, answered?.state);
        continue;
      }
      const isKnown = own.some((line) => line.value!.version === version) || version <= compacted(key);
      if (isKnown) told({ ...call, value: null }, "wrong-read", version, answered?.state);
      else found.add(`read-off-stream ${key}`);
    } else if (type === "ok" && call.f === "read-at") {
      const known = call.final && highest > 0 ? highest : knownBefore(key, call.index);
      const state = answered?.state ?? null;
      const times = timesOf(key);
      const at = Number(asked.at);
      if (typeof asked.version === "number") {
        if (state === null) {
          if (known >= asked.version) found.add(`wrong-read-at ${key}`);
        } else if (highest > 0 && asked.version > Math.max(highest, compacted(key)))
          found.add(`read-off-stream ${key}`);
        else told({ ...call, value: null }, "wrong-read-at", asked.version, state);
      } else if (times.length > 0 || all.some((line) => line.key === key)) {
        const happened = times.filter((time) => time <= at).length;
        if (own.length === 0) continue;
        const isRising = times.every((time, i) => i === 0 || times[i - 1]! <= time);
        if (!isRising || (happened === 0 && compacted(key) > 0)) continue;
        const versions = own.map(({ value }) => Number(value!.version)).sort((a, b) => a - b);
        const last = happened === 0 ? 0 : versions[happened - 1]!;
        // What followed may be gone.
        if (last < compacted(key) && versions[happened] !== last + 1) continue;
        if (last === 0) {
          if (state !== null) found.add(`wrong-read-at ${key}`);
        } else if (state === null) {
          if (known >= last) found.add(`wrong-read-at ${key}`);
        } else {
          // What came between what was known and that time may have come after the read.
          const states: (Json | undefined)[] = [stateOf(key, last)];
          for (let version = Math.max(1, known); version < last; version++)
            states.push(stateOf(key, version));
          const isOpen = states.some((other) => other === undefined || sameJson(other, state));
          if (!isOpen) found.add(`wrong-read-at ${key}`);
        }
      }
    }
  }
  return [...found].sort();
}

/** How the events of `simulateStreams` are folded in their new form, the state being an object with their sum. */
export const simulatedUpcast = {
  init: { sum: 0 },
  apply: (state: Json, event: Json): Json => ({
    sum: (state as { sum: number }).sum + (event as { amount: number }).amount,
  }),
  state: (old: Json): Json => ({ sum: old }),
};

/** Anomalies of events in a new form as `type key`, by summing up anew for each version. */
export function upcastAnomalies(events: readonly HistoryEvent[]): string[] {
  type Upcast = { version: number; event: { amount: number }; state?: Json };
  const records = events.flatMap((event) => (event.type === "record" ? [event] : []));
  const found = new Set<string>();
  for (const key of new Set(records.map((record) => record.key))) {
    const own = records.filter((record) => record.key === key);
    const upcast = own.flatMap(({ f, value }) => (f === "upcasted" ? [value as unknown as Upcast] : []));
    const oldOf = (version: number): Json | undefined =>
      own.find(
        ({ f, value }) => f === "event" && (value as { version: Json; state?: Json }).version === version,
      )?.value as Json | undefined;
    const stateOf = (version: number): number | undefined =>
      (oldOf(version) as { state?: number } | undefined)?.state;
    for (const one of upcast) {
      for (const two of upcast)
        if (one.version === two.version && !sameJson(one.event, two.event))
          found.add(`unstable-upcast ${key}`);
    }
    const first = Math.min(...upcast.map(({ version }) => version));
    const start = first === 1 ? 0 : stateOf(first - 1);
    if (start === undefined || upcast.length === 0) continue;
    const formOf = (version: number): Upcast | undefined => upcast.find((other) => other.version === version);
    for (let version = first, sum = start; formOf(version) !== undefined; version++) {
      const form = formOf(version)!;
      sum += form.event.amount;
      const isWrong = form.state !== undefined && !sameJson(form.state, { sum });
      const old = stateOf(version);
      if (isWrong) found.add(`wrong-upcast ${key}`);
      else if (old !== undefined && old !== sum) found.add(`upcast-off-fold ${key}`);
      else continue;
      break;
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
  /** Index of the completion; beyond all where there is none. */
  readonly end: number;
  readonly final: boolean;
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
      {
        index: event.index,
        f: event.f,
        key: String(event.key),
        asked,
        answered,
        type: end?.type ?? "info",
        end: end?.index ?? Number.POSITIVE_INFINITY,
        final: "final" in event && event.final === true,
      },
    ];
  });
}
