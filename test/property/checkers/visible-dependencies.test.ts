import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { visibleDependencies } from "../../../checkers/session/visible-dependencies.checker.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { causes, readPosts, type ShownPosts } from "../../support/simulated-posts.ts";

/** All posts that a post depends on, directly or through others. */
function allCauses(post: number): number[] {
  return causes[post]!.flatMap((cause) => [cause, ...allCauses(cause)]);
}

/** Anomalies as `type index of the read`, one for each missing post, by comparing each read with each before it. */
function expected(shown: readonly ShownPosts[]): string[] {
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
