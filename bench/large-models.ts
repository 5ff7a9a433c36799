import type { HistoryEvent, Json } from "../checkers/history/operation.ts";
import { HistoryLines } from "./history-lines.ts";
import { drawer, type LargeHistory } from "./large-histories.ts";

/** Locks with fencing tokens: taken, written under twice, given back; each accepted write recorded at the end. */
export function* largeLockHistory(size: LargeHistory): Generator<HistoryEvent, void, undefined> {
  const lines = new HistoryLines();
  const tokens = new Map<string, number>();
  const accepted: { readonly key: string; readonly value: Record<string, Json> }[] = [];
  for (let sent = 0; sent < size.operations; sent += 4) {
    const client = (sent >> 2) % size.clients;
    const number = (sent >> 2) % size.keys;
    const lock = `lock/${number}`;
    const token = (tokens.get(lock) ?? 0) + 1;
    tokens.set(lock, token);
    yield* lines.call(client, "acquire", lock, undefined, { token, ttlMs: 5000 });
    for (let write = 0; write < 2; write++) {
      const value = { lock, token, value: sent + write };
      yield* lines.call(client, "guarded-write", `stock/${number}`, value, undefined);
      accepted.push({ key: `stock/${number}`, value });
    }
    yield* lines.call(client, "release", lock, { token }, undefined);
  }
  for (const [order, { key, value }] of accepted.entries()) {
    yield lines.record("accepted", key, "store", { ...value, order }, true);
  }
}

/** A log, a projection a few events behind it, and readers of its model; log and model recorded at the end. */
export function* largeProjectionHistory(size: LargeHistory): Generator<HistoryEvent, void, undefined> {
  const lines = new HistoryLines();
  const draw = drawer(2);
  const model = new Map<string, Json>();
  const log: { readonly key: string; readonly value: { readonly put: Json; readonly position: number } }[] =
    [];
  let applied = 0;
  for (let sent = 0; sent < size.operations; sent++) {
    const key = `product/${draw() % size.keys}`;
    if (sent % 4 === 0) {
      const value = { position: log.length + 1, event: `e${sent}`, put: { name: key, price: draw() % 1000 } };
      log.push({ key, value });
      yield lines.record("event", key, "product", { position: log.length }, false);
      if (log.length - applied < 5) continue;
    } else {
      yield* lines.call(sent % size.clients, "read", key, undefined, model.get(key) ?? null);
      continue;
    }
    for (; applied < log.length; applied++) {
      const event = log[applied]!;
      model.set(event.key, event.value.put);
      yield lines.record("applied", event.key, "shop", { position: applied + 1 }, false);
    }
    yield lines.record("checkpoint", "shop", "shop", { position: applied }, false);
  }
  for (; applied < log.length; applied++) model.set(log[applied]!.key, log[applied]!.value.put);
  for (const { key, value } of log) yield lines.record("event", key, "product", value, true);
  for (const [key, state] of model) yield lines.record("projected", key, "shop", { state }, true);
}

/** Versioned entities behind a cache that drops an entry when it is written; both recorded at the end. */
export function* largeCacheHistory(size: LargeHistory): Generator<HistoryEvent, void, undefined> {
  const lines = new HistoryLines();
  const draw = drawer(3);
  const versions = new Map<string, number>();
  for (let sent = 0; sent < size.operations; sent++) {
    const key = `user/${draw() % size.keys}`;
    const version = versions.get(key) ?? 0;
    if (version > 0 && sent % 4 !== 0) {
      const [asked, answered] = lines.call(sent % size.clients, "read", key, undefined, { version });
      yield asked!;
      yield { ...answered!, node: "cache" } as HistoryEvent;
      continue;
    }
    versions.set(key, version + 1);
    const f = version === 0 ? "create" : "update";
    yield* lines.call(sent % size.clients, f, key, { value: sent }, { version: version + 1 });
  }
  for (const [key, version] of versions) {
    yield lines.record("stored", key, "store", { version, value: key }, true);
    yield lines.record("cached", key, "cache", { version, value: key }, true);
  }
}

/** Versioned entities that are read from replicas, each a different number of changes behind. */
export function* largeReplicaHistory(size: LargeHistory): Generator<HistoryEvent, void, undefined> {
  const lines = new HistoryLines();
  const draw = drawer(5);
  const versions = new Map<string, number>();
  for (let sent = 0; sent < size.operations; sent++) {
    const key = `user/${draw() % size.keys}`;
    const version = versions.get(key) ?? 0;
    const client = sent % size.clients;
    if (version > 0 && sent % 2 !== 0) {
      const shown = Math.max(1, version - (draw() % 100));
      yield* lines.call(client, "read", key, undefined, { version: shown });
      continue;
    }
    versions.set(key, version + 1);
    const f = version === 0 ? "create" : "update";
    yield* lines.call(client, f, key, { value: sent }, { version: version + 1 });
  }
}

/** Comments and replies that name them: written, read, and listed a page at a time. */
export function* largeThreadHistory(size: LargeHistory): Generator<HistoryEvent, void, undefined> {
  const lines = new HistoryLines();
  const draw = drawer(4);
  const page = 8;
  let written = 0;
  for (let sent = 0; sent < size.operations; sent++) {
    const client = sent % size.clients;
    const choice = draw() % 8;
    if (written < page || choice === 0) {
      const after = written % page === 0 ? [] : [`post/${written - (written % page)}`];
      yield* lines.call(client, "write", `post/${written++}`, { value: sent, after }, undefined);
    } else if (choice === 1) {
      const first = (draw() % Math.floor(written / page)) * page;
      const posts = Array.from({ length: page }, (_, at) => `post/${first + at}`);
      yield* lines.call(client, "list", "thread", undefined, posts);
    } else {
      yield* lines.call(client, "read", `post/${draw() % written}`, undefined, { value: sent });
    }
  }
}
