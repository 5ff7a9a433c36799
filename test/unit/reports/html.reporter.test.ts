import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { renderHtml } from "../../../reports/html.reporter.ts";
import { renderRunHtml } from "../../../reports/html-run.reporter.ts";
import { hostile } from "./fixtures/hostile.story.ts";
import { longStory } from "./fixtures/long.story.ts";
import { lostUpdate } from "./fixtures/lost-update.story.ts";
import { partition } from "./fixtures/partition.story.ts";
import { goodSuite, hostileSuite, mixedSuite, unknownSuite } from "./fixtures/suites.ts";
import { validRun } from "./fixtures/valid.story.ts";
import { expectGolden } from "./golden-file.ts";
import { parsePage } from "./parse-page.ts";

const pages: [string, string][] = [
  ["page-good.html", renderHtml({ suite: goodSuite, stories: [lostUpdate, validRun] })],
  ["page-mixed.html", renderHtml({ suite: mixedSuite, stories: [lostUpdate, partition] })],
  ["page-unknown.html", renderHtml({ suite: unknownSuite, stories: [] })],
  ["page-hostile.html", renderHtml({ suite: hostileSuite, stories: [hostile] })],
  ["page-run.html", renderRunHtml({ story: partition, times: 3, identical: true })],
];

describe("a page", () => {
  it.each(pages)("%s is what it was", (name, page) => {
    expectGolden(name, page);
  });

  it.each(pages)("%s is well-formed and its links lead somewhere", (_, page) => {
    const { elements } = parsePage(page);
    const ids = elements.flatMap(({ attributes }) => attributes.get("id") ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const links = elements.flatMap(({ attributes }) => attributes.get("href") ?? []);
    for (const href of links) expect(ids).toContain(href.replace(/^#/, ""));
    expect(links.every((href) => /^#[a-z0-9-]+$/.test(href))).toBe(true);
  });

  it.each(pages)("%s refers to nothing outside itself and runs nothing but its own script", (_, page) => {
    const { elements, rawText } = parsePage(page);
    const names = new Set(elements.map(({ name }) => name));
    for (const name of [
      "img",
      "link",
      "iframe",
      "object",
      "embed",
      "base",
      "form",
      "use",
      "image",
      "foreignObject",
    ]) {
      expect(names).not.toContain(name);
    }
    for (const { attributes } of elements) {
      for (const name of attributes.keys()) expect(name).not.toMatch(/^(on|src|style$|action|srcdoc|xlink)/i);
    }
    expect(rawText.get("script")).toHaveLength(1);
    expect(rawText.get("style")).toHaveLength(1);
    const own = [...(rawText.get("style") ?? []), ...(rawText.get("script") ?? [])].join("");
    expect(own).not.toMatch(/@import|https?:|url\((?!#)|fetch\(|XMLHttpRequest|eval|innerHTML/);
  });

  it.each(pages)("%s allows its own style and script by their hashes and nothing else", (_, page) => {
    const { elements, rawText } = parsePage(page);
    const policy = elements.find(
      ({ attributes }) => attributes.get("http-equiv") === "Content-Security-Policy",
    );
    const hash = (name: string): string =>
      createHash("sha256")
        .update(rawText.get(name)?.[0] ?? "")
        .digest("base64");
    expect(policy?.attributes.get("content")?.replaceAll("&#39;", "'")).toBe(
      `default-src 'none'; style-src 'sha256-${hash("style")}'; script-src 'sha256-${hash("script")}'; base-uri 'none'; form-action 'none'`,
    );
  });

  it("writes out characters that hide or turn text around", () => {
    const page = renderHtml({ suite: hostileSuite, stories: [hostile] });
    expect(page).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}\ud800-\udfff]/u);
    expect(page).toContain("\\u202egnp.exe");
    expect(page).toContain("__proto__: {polluted:");
    expect(page).toContain("\\u001b[31mred");
  });

  it("links the operations that a proof names, and only those of the history", () => {
    const page = renderHtml({ suite: hostileSuite, stories: [hostile] });
    expect(page).toContain('operation <a href="#story-1-bar-1">1</a>');
    expect(page).toContain("operation 999999 and");
  });

  it("shows stories that were not as expected first", () => {
    const page = renderHtml({ suite: mixedSuite, stories: [lostUpdate, partition] });
    expect(page.indexOf(partition.formSummary)).toBeGreaterThan(page.indexOf('id="story-1"'));
    expect(page.indexOf(lostUpdate.formSummary)).toBeGreaterThan(page.indexOf('id="story-2"'));
  });

  it("draws the operations around the witness of a long run, and says that it does", () => {
    const page = renderRunHtml({ story: longStory(6, 400), times: 1, identical: true });
    expect(page).toContain("2,100 operations of 2,400 not drawn");
    const { elements } = parsePage(page);
    expect(elements.filter(({ attributes }) => attributes.get("id")?.includes("-bar-"))).toHaveLength(300);
    expect(page).toContain('id="story-1-bar-4789"');
    expect(page.length).toBeLessThan(600_000);
  });

  it("lists several stories, leads from each back to the forms, and folds what is long", () => {
    const long = longStory(3, 30);
    const page = renderHtml({ suite: mixedSuite, stories: [lostUpdate, partition, long] });
    const { elements } = parsePage(page);
    const hrefs = elements.flatMap(({ attributes }) => attributes.get("href") ?? []);
    const places = ["#story-1", "#story-2", "#story-3"];
    for (const href of places) expect(hrefs).toContain(href);
    expect(hrefs.filter((href) => href === "#forms")).toHaveLength(places.length);
    const list = page.slice(page.indexOf('<nav class="stories"'), page.indexOf("</nav>"));
    expect([...list.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual(places);
    // A folded table is found and opened with keys alone: a summary takes the focus.
    const folds = elements.filter(({ attributes }) => attributes.get("class") === "table");
    const isOpen = folds.map(({ attributes }) => attributes.has("open"));
    expect(folds.map(({ name }) => name)).toEqual(["details", "details", "details"]);
    expect(isOpen.toSorted()).toEqual([false, true, true]);
    expect(page).toMatch(/<details class="table" id="story-\d-operations"><summary>Table of \d+ rows</);
  });

  it("lists no stories where there is one, and folds nothing of the page of a single run", () => {
    expect(renderHtml({ suite: goodSuite, stories: [lostUpdate] })).not.toContain('<nav class="stories"');
    const run = renderRunHtml({ story: longStory(3, 30), times: 1, identical: true });
    expect(run).toContain('<details class="table" id="story-1-operations" open="">');
    expect(run).not.toContain('href="#forms"');
  });

  it("says that the code changed where the executions agree with each other, but not with the token", () => {
    const changed = { story: validRun, identical: false, changedSince: true };
    const twice = renderRunHtml({ ...changed, times: 2 });
    expect(twice).toContain("Run 2 times with identical hashes, but another history than that of the token");
    const once = renderRunHtml({ ...changed, times: 1 });
    for (const page of [once, twice]) {
      expect(page).toContain("the code changed since it was made, so the outcome may differ.");
      expect(page).not.toContain("not deterministic");
    }
    expect(renderRunHtml({ ...changed, changedSince: false, times: 2 })).toContain("not deterministic");
  });

  it("can tell of a run in which nothing happened", () => {
    const failure = { code: "service-did-not-start", message: "order" };
    const record = { ...validRun.record, verdict: "unknown" as const, failure, checkers: [], operations: 0 };
    const page = renderRunHtml({ story: { ...validRun, events: [], record }, times: 1, identical: true });
    parsePage(page);
    expect(page).toContain("The harness failed");
    expect(page).not.toContain("NaN");
    expect(page).not.toContain("No anomaly");
  });

  it("cuts what is endless", () => {
    const value = "x".repeat(2_000_000);
    const events = lostUpdate.events.map((event) =>
      event.type === "invoke" || event.type === "ok" ? { ...event, value } : event,
    );
    expect(
      renderRunHtml({ story: { ...lostUpdate, events }, times: 1, identical: true }).length,
    ).toBeLessThan(200_000);
  });

  it("shows what was measured over the runs, with a picture that is told in words and the worst run to replay", () => {
    const page = renderHtml({ suite: goodSuite, stories: [] });
    const { elements } = parsePage(page);
    const pictures = elements.filter(({ attributes }) => attributes.get("class") === "spread");
    expect(pictures.length).toBeGreaterThan(0);
    for (const { attributes } of pictures) expect(attributes.get("role")).toBe("img");
    expect(page).toContain(
      "<title>300 up to 5 ms, then 420 up to 10 ms, then 119 up to 500 ms, then 1 up to 20.0 s</title>",
    );
    expect(page).toContain("npx faultline replay fl1.cmVjb3Zlcnk.000137");
    expect(page).toContain("fault 1 on client 1 ⇥ order");
    const without = goodSuite.summary.map(({ measures: _, ...form }) => form);
    expect(renderHtml({ suite: { ...goodSuite, summary: without }, stories: [] })).not.toContain("Measures");
  });

  it("shows what was measured in a run, with a bar as long as its part", () => {
    const page = renderRunHtml({ story: partition, times: 1, identical: true });
    expect(page).toMatch(
      /part served during link-partition<\/th><td class="number">33.3 %<.*?<rect width="40" /,
    );
    expect(page).toMatch(/longest outage<\/th><td class="number">5.0 s<.*?<rect width="120" /);
    expect(renderRunHtml({ story: lostUpdate, times: 1, identical: true })).not.toContain("Measures");
  });

  it("is the same each time", () => {
    const input = { suite: mixedSuite, stories: [lostUpdate, partition] };
    expect(renderHtml(input)).toBe(renderHtml(input));
  });
});
