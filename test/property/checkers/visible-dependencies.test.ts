import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { visibleDependencies } from "../../../checkers/session/visible-dependencies.checker.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { EventLog } from "../../support/event-log.ts";

const posts = ["p0", "p1", "p2", "p3"];
/** What each post depends on. */
const causes: readonly (readonly number[])[] = [[], [0], [1], [0, 2]];

interface Shown {
  readonly client: number;
  readonly start: number;
  readonly end: number;
  readonly isList: boolean;
  /** Posts that were shown; of a read of one post, that one or none. */
  readonly posts: readonly number[];
  /** The post that was read. */
  readonly asked: number;
}

/** Readers of posts that are there or not as the tape says; a store that keeps causes before effects if it is good. */
function readPosts(
  tape: ChoiceTape,
  isGood: boolean,
): { readonly events: HistoryEvent[]; readonly shown: Shown[] } {
  const log = new EventLog(2);
  const shown: Shown[] = [];
  const written = tape.below(posts.length + 1);
  const open: ({ readonly f: string; readonly key: string; readonly start: number } | null)[] = [null, null];
  let visible = 0;
  for (const [post, key] of posts.entries()) {
    log.add(0, { f: "write", key }, "invoke", { after: causes[post]!.map((cause) => posts[cause]!) });
    log.add(0, { f: "write", key }, "ok");
  }
  while (!tape.isUsedUp) {
    if (tape.once(4)) visible = Math.max(visible, Math.min(posts.length, written + tape.below(3)));
    const client = tape.below(2);
    const call = open[client]!;
    if (call === null) {
      const next = tape.once(4) ? { f: "list", key: "all" } : { f: "read", key: tape.pick(posts) };
      open[client] = { ...next, start: log.events.length };
      log.add(client, next, "invoke");
      continue;
    }
    open[client] = null;
    const isThere = (post: number): boolean => (isGood ? post < visible : tape.below(2) === 0);
    const seen = posts.flatMap((_, post) => (isThere(post) ? [post] : []));
    const asked = posts.indexOf(call.key);
    const found = call.f === "list" ? seen : seen.filter((post) => post === asked);
    const value: Json =
      call.f === "list" ? found.map((post) => posts[post]!) : found.length === 0 ? null : { text: "x" };
    const end = log.events.length;
    log.add(client, call, "ok", value);
    shown.push({ client, start: call.start, end, isList: call.f === "list", posts: found, asked });
  }
  return { events: log.events, shown };
}

/** All posts that a post depends on, directly or through others. */
function allCauses(post: number): number[] {
  return causes[post]!.flatMap((cause) => [cause, ...allCauses(cause)]);
}

/** Anomalies as `type index of the read`, one for each missing post, by comparing each read with each before it. */
function expected(shown: readonly Shown[]): string[] {
  return shown
    .flatMap((read) => {
      if (read.isList) {
        return read.posts.flatMap((post) =>
          causes[post]!.filter((cause) => !read.posts.includes(cause)).map(
            () => `shown-without-dependency ${read.end}`,
          ),
        );
      }
      const isDemanded = shown.some(
        (before) =>
          before.client === read.client &&
          before.end < read.start &&
          before.posts.some((post) => allCauses(post).includes(read.asked)),
      );
      return isDemanded && read.posts.length === 0 ? [`dependency-missing ${read.end}`] : [];
    })
    .sort();
}

describe("visibleDependencies", () => {
  test("finds exactly what comparing each read with each before it finds", () => {
    const tally = new Map<string, number>();
    fc.assert(
      fc.property(choices(120), (tape) => {
        const { events, shown } = readPosts(new ChoiceTape(tape), false);
        const { anomalies } = visibleDependencies({ maxAnomalies: 1000 }).check(buildHistory(events));
        const found = anomalies.map(({ type, operations }) => `${type} ${operations.at(-1)}`).sort();
        if (found.join() !== expected(shown).join()) {
          throw new Error(`expected ${expected(shown)}, found ${found}\n${textOfEvents(events)}`);
        }
        for (const { type } of anomalies) tally.set(type, (tally.get(type) ?? 0) + 1);
      }),
      { seed: 61, numRuns: 1000 },
    );
    expect(tally.get("dependency-missing")).toBeGreaterThan(100);
    expect(tally.get("shown-without-dependency")).toBeGreaterThan(100);
  });

  test("never blames a store that shows causes before effects", () => {
    let decided = 0;
    fc.assert(
      fc.property(choices(120), (tape) => {
        const { events } = readPosts(new ChoiceTape(tape), true);
        const { verdict } = visibleDependencies().check(buildHistory(events));
        expect(verdict).not.toBe("invalid");
        if (verdict === "valid") decided++;
      }),
      { seed: 62, numRuns: 500 },
    );
    expect(decided).toBeGreaterThan(100);
  });
});
