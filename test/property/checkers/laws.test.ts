import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkerNames } from "../../../checkers/index.ts";
import { alarmSources } from "../../false-alarms/alarm-sources.ts";
import { textOfEvents } from "../../support/build-history.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { verdictOf } from "../../support/laws/judge.ts";
import type { Law, LawSubject } from "../../support/laws/law.ts";
import { lawTable } from "../../support/laws/law-table.ts";
import { laws } from "../../support/laws/laws.ts";
import { vocabularyOf } from "../../support/laws/vocabulary.ts";

// Runs of one law on one checker, over all its sources; FAULTLINE_LAW_RUNS=1000 for a long search.
const runs = Number(process.env.FAULTLINE_LAW_RUNS ?? 48);

/** Where histories for a checker come from: a checker with its options, and right and broken histories. */
function sourcesOf(name: string) {
  return alarmSources
    .filter(({ broken }) => broken !== null)
    .flatMap((source) =>
      source.checkers
        .filter((checker) => checker.name === name)
        .map((checker) => ({ source, checker, vocabulary: vocabularyOf(source.name) })),
    );
}

type LawSource = ReturnType<typeof sourcesOf>[number];

/** Histories of a source, two of three from a broken system, each with another one and choices for the law. */
function subjects({ source, checker, vocabulary }: LawSource): fc.Arbitrary<[LawSubject, ChoiceTape]> {
  const history = fc
    .tuple(choices(source.choices), fc.nat(2))
    .map(([tape, kind]) =>
      kind > 0 && source.broken !== null
        ? source.broken(new ChoiceTape(tape))
        : source.right(new ChoiceTape(tape)),
    );
  return fc
    .tuple(history, history, choices(60))
    .map(([events, others, tape]) => [{ checker, vocabulary, events, others }, new ChoiceTape(tape)]);
}

/** Looks at some histories of each source, at least three. */
function forEachSubject(name: string, look: (subject: LawSubject, tape: ChoiceTape) => void): void {
  const sources = sourcesOf(name);
  for (const source of sources) {
    const numRuns = Math.max(3, Math.ceil(runs / sources.length));
    fc.assert(
      fc.property(subjects(source), ([subject, tape]) => look(subject, tape)),
      { seed: 91, numRuns },
    );
  }
}

/** Is there a history of the checker that breaks the law? */
function isBroken(law: Law, name: string): boolean {
  const holds = ([subject, tape]: [LawSubject, ChoiceTape]): boolean => {
    const compared = law.compare(subject, tape);
    return compared === null || JSON.stringify(compared.found) === JSON.stringify(compared.expected);
  };
  const property = fc.property(fc.oneof(...sourcesOf(name).map(subjects)), holds);
  return fc.check(property, { seed: 92, numRuns: 4000, endOnFailure: true }).failed;
}

test("every checker of the catalogue has an entry, and histories", () => {
  expect(Object.keys(lawTable).sort()).toEqual([...checkerNames]);
  expect(checkerNames.filter((name) => sourcesOf(name).length === 0)).toEqual([]);
});

describe.each(Object.entries(lawTable))("%s", (name, exceptions) => {
  test("is shown right and broken histories", async ({ annotate }) => {
    const counts = { valid: 0, invalid: 0, unknown: 0 };
    forEachSubject(name, ({ checker, events }) => {
      counts[verdictOf(checker, events) ?? "unknown"]++;
    });
    await annotate(`${counts.valid} valid, ${counts.invalid} invalid, ${counts.unknown} unknown`);
    expect(counts.valid).toBeGreaterThan(0);
    // It is never invalid: what proves nothing is unknown.
    expect(name === "activity" ? counts.unknown : counts.invalid).toBeGreaterThan(0);
  });

  for (const law of laws) {
    const exception = exceptions[law.name];
    if (exception === undefined) {
      test(law.says, () => {
        let occasions = 0;
        forEachSubject(name, (subject, tape) => {
          const compared = law.compare(subject, tape);
          if (compared === null) return;
          occasions++;
          expect(compared.found, textOfEvents(subject.events)).toEqual(compared.expected);
        });
        expect(occasions).toBeGreaterThan(0);
      });
    } else {
      // An exception that nothing shows is none: either the law has nothing to change, or some history breaks it.
      test(`not: ${law.says}; for ${exception}`, () => {
        let occasions = 0;
        forEachSubject(name, (subject, tape) => {
          if (law.compare(subject, tape) !== null) occasions++;
        });
        if (occasions > 0) expect(isBroken(law, name)).toBe(true);
      });
    }
  }
});
