import { expect, it } from "vitest";
import { renderJson } from "../../../reports/json.reporter.ts";
import { goodSuite, hostileSuite, mixedSuite } from "./fixtures/suites.ts";
import { expectGolden } from "./golden-file.ts";

it("writes a suite as it is, in a stable form", () => {
  expectGolden("verdict.json", renderJson(mixedSuite));
  for (const suite of [goodSuite, mixedSuite, hostileSuite])
    expect(JSON.parse(renderJson(suite))).toEqual(suite);
});
