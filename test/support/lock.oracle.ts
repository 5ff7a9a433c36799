import type { HistoryEvent, Json, Operation, RecordEvent } from "../../checkers/history/operation.ts";

interface Acquisition {
  readonly lock: string;
  readonly asked: Operation;
  readonly told: Operation;
  readonly value: Readonly<Record<string, number | null>>;
}

/**
 * What is wrong with locks, as `type index` with the last line that shows it, by comparing all pairs and each
 * moment with each. Reads the events as `lockSafety` does, with a margin of 0 and final records of accepted
 * writes; releases carry tokens.
 */
export function lockAnomalies(events: readonly HistoryEvent[]): string[] {
  const found = new Set<string>();
  const acquisitions = acquisitionsOf(events);
  for (const second of acquisitions) {
    for (const first of acquisitions) {
      if (first.lock !== second.lock || first === second) continue;
      const isTokenOlder = first.told.index < second.asked.index;
      const tokens = [first.value.token, second.value.token];
      if (tokens[0] !== null && tokens[1] !== null) {
        if (tokens[0] === tokens[1] && first.asked.index < second.asked.index) {
          found.add(`token-reused ${second.told.index}`);
        }
      }
      const isReused = acquisitions.some(
        (other) =>
          other.lock === second.lock &&
          other.asked.index < second.asked.index &&
          other.value.token === tokens[1],
      );
      if (isTokenOlder && tokens[0]! > tokens[1]! && tokens[1] !== null && !isReused) {
        found.add(`token-not-rising ${second.told.index}`);
      }
      const moment = second.told;
      if (first.told.index >= moment.index) continue;
      if (holds(events, first, moment) && holds(events, second, moment))
        found.add(`two-holders ${moment.index}`);
    }
  }
  for (const late of recordsOf(events)) {
    for (const early of recordsOf(events)) {
      if (late.key === early.key && isStale(acquisitions, early, late)) {
        found.add(`stale-holder-accepted ${late.index}`);
      }
    }
  }
  for (const type of writeAnomalies(events)) found.add(type);
  for (const record of ungranted(events, acquisitions)) found.add(`unknown-token ${record.index}`);
  return [...found].sort();
}

function acquisitionsOf(events: readonly HistoryEvent[]): Acquisition[] {
  return events.flatMap((told) => {
    if (told.type !== "ok" || told.f !== "acquire") return [];
    return [
      { lock: told.key!, asked: askedBy(events, told), told, value: told.value as Acquisition["value"] },
    ];
  });
}

function askedBy(events: readonly HistoryEvent[], told: Operation): Operation {
  const calls = events.filter(
    (event): event is Operation =>
      event.type === "invoke" && event.process === told.process && event.index < told.index,
  );
  return calls.at(-1)!;
}

/** Does a client certainly hold a lock at the moment of an event? */
function holds(events: readonly HistoryEvent[], held: Acquisition, moment: Operation): boolean {
  const isReleased = events.some(
    (event) =>
      event.type === "invoke" &&
      event.f === "release" &&
      event.key === held.lock &&
      event.index > held.asked.index &&
      event.index <= moment.index &&
      isOfAcquisition(events, event, held),
  );
  const expiry = held.asked.time + Number(held.value.ttlMs) * 1e6;
  return !isReleased && held.told.index <= moment.index && moment.time < expiry;
}

/** A release gives back the acquisition with its token that was asked for last before it. */
function isOfAcquisition(events: readonly HistoryEvent[], release: Operation, held: Acquisition): boolean {
  const value = release.value as Acquisition["value"];
  const name = value.token === null ? "acquisition" : "token";
  const last = acquisitionsOf(events)
    .filter(({ lock, asked }) => lock === release.key && asked.index < release.index)
    .filter(({ value: other }) => other[name] === value[name])
    .sort((a, b) => a.asked.index - b.asked.index)
    .at(-1);
  return last?.told.index === held.told.index;
}

/** Accepted writes whose token or number nobody was told, beyond those that acquisitions of unknown outcome can have got. */
function ungranted(events: readonly HistoryEvent[], acquisitions: readonly Acquisition[]): Accepted[] {
  const asked = events.filter((event) => event.type === "invoke" && event.f === "acquire") as Operation[];
  const found: Accepted[] = [];
  const excused: string[] = [];
  for (const record of recordsOf(events).sort((a, b) => Number(a.value.order) - Number(b.value.order))) {
    const { lock } = record.value;
    const calls = asked.filter(({ key }) => String(key) === String(lock));
    const unknown = calls.filter((call) => {
      const end = events.find(
        (event) => event.index > call.index && "process" in event && event.process === call.process,
      );
      return end === undefined || end.type === "info";
    });
    const name = record.value.token === null ? "acquisition" : "token";
    const isGranted = acquisitions.some(
      (other) => String(other.lock) === String(lock) && other.value[name] === record.value[name],
    );
    const id = `${lock} ${name} ${record.value[name]}`;
    if (calls.length === 0 || isGranted || excused.includes(id)) continue;
    if (excused.length < unknown.length) excused.push(id);
    else found.push(record);
  }
  return found;
}

type Accepted = RecordEvent & { readonly value: Readonly<Record<string, Json>> };

function recordsOf(events: readonly HistoryEvent[]): Accepted[] {
  return events.filter((event): event is Accepted => event.type === "record");
}

function isStale(acquisitions: readonly Acquisition[], early: Accepted, late: Accepted): boolean {
  const [one, two] = [early.value, late.value];
  if (one.lock !== two.lock || Number(one.order) >= Number(two.order)) return false;
  if (one.token !== null && two.token !== null) return Number(one.token) > Number(two.token);
  if (one.token !== null || two.token !== null) return false;
  const of = (value: Accepted["value"]): Acquisition | undefined =>
    acquisitions
      .filter(
        ({ lock, value: other }) =>
          String(lock) === String(value.lock) && other.acquisition === value.acquisition,
      )
      .sort((a, b) => a.asked.index - b.asked.index)
      .at(-1);
  const [newer, older] = [of(one), of(two)];
  return newer !== undefined && older !== undefined && older.told.index < newer.asked.index;
}

function writeAnomalies(events: readonly HistoryEvent[]): string[] {
  const same = (a: unknown, b: Accepted["value"]): boolean => {
    const value = a as Accepted["value"];
    return ["lock", "token", "acquisition", "value"].every((name) => value[name] === b[name]);
  };
  const asked = events.filter(
    (event): event is Operation => event.type === "invoke" && event.f === "guarded-write",
  );
  const endOf = (call: Operation): Operation | undefined =>
    events.find(
      (event): event is Operation =>
        event.type !== "record" &&
        event.type !== "fault" &&
        event.type !== "phase" &&
        event.type !== "invoke" &&
        event.process === call.process &&
        event.index > call.index,
    );
  const found: string[] = [];
  const ended = (value: unknown, key: string | undefined, type: string): Operation[] =>
    asked.flatMap((call) => {
      const end = endOf(call);
      const isSame = call.key === key && same(call.value, value as Accepted["value"]);
      return isSame && (end?.type ?? "info") === type ? [end ?? call] : [];
    });
  for (const call of asked) {
    const acknowledged = ended(call.value, call.key, "ok");
    const isStored = recordsOf(events).some(
      (record) => record.key === call.key && same(call.value, record.value),
    );
    if (acknowledged.length > 0 && !isStored) {
      found.push(`acknowledged-write-missing ${acknowledged.at(-1)!.index}`);
    }
  }
  for (const record of recordsOf(events)) {
    const first = recordsOf(events).find(
      (other) => other.key === record.key && same(other.value, record.value),
    );
    if (first !== record) continue;
    if (ended(record.value, record.key, "ok").length + ended(record.value, record.key, "info").length > 0)
      continue;
    const isRefused = ended(record.value, record.key, "fail").length > 0;
    found.push(`${isRefused ? "refused-write-stored" : "unattempted-write-stored"} ${record.index}`);
  }
  return found;
}
