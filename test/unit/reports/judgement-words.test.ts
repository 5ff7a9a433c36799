import { expect, test } from "vitest";
import type { SuiteRecord } from "../../../harness/record/suite-record.ts";
import { suiteCounts, suiteSentence } from "../../../reports/wording/judgement-words.ts";
import { goodSuite, singleFormSuite } from "./fixtures/suites.ts";

test("the verdict of a form that was asked for by itself is told as its own", () => {
  const [caught] = singleFormSuite.summary;
  if (caught === undefined) throw new Error("the fixture has a form");
  const sentence = (more: Partial<SuiteRecord>) => suiteSentence({ ...singleFormSuite, ...more });
  const away = { ...caught, judgement: "got-away" as const };
  expect(`${sentence({})} ${suiteCounts(singleFormSuite)}`).toBe(
    "With --form the verdict is the form's own: a promise is broken, as is expected here. 1 form of 1 scenario: 1 as expected",
  );
  expect(sentence({ summary: [caught, away] })).toBe(
    "With --form the verdict is the forms' own: a promise is broken, but not all was found that is expected here.",
  );
  expect(sentence({ verdict: "valid", summary: [away] })).toBe(
    "With --form the verdict is the form's own: no promise is broken, though that is expected here.",
  );
  expect(sentence({ verdict: "unknown" })).toBe("Too little was examined to tell.");
});

test("a hardened form that was asked for by itself, and all forms together, are told as ever", () => {
  const [quiet] = goodSuite.summary;
  if (quiet === undefined) throw new Error("the fixture has a form");
  const sentence = (suite: SuiteRecord) => suiteSentence(suite);
  expect(sentence({ ...goodSuite, singleForm: true, summary: [quiet] })).toBe(
    "The form did what is expected of it.",
  );
  const broken = { ...quiet, judgement: "anomaly" as const };
  expect(sentence({ ...goodSuite, singleForm: true, verdict: "invalid", summary: [broken] })).toBe(
    "1 hardened form breaks a promise.",
  );
  expect(sentence(goodSuite)).toBe("Every form did what is expected of it.");
});
