import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderHtml } from "../../reports/html.reporter.ts";
import { renderRunHtml } from "../../reports/html-run.reporter.ts";
import { hostile } from "../unit/reports/fixtures/hostile.story.ts";
import { longStory } from "../unit/reports/fixtures/long.story.ts";
import { lostUpdate } from "../unit/reports/fixtures/lost-update.story.ts";
import { partition } from "../unit/reports/fixtures/partition.story.ts";
import { hostileSuite, mixedSuite } from "../unit/reports/fixtures/suites.ts";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);
if (executablePath === undefined)
  console.info("report page: skipped, because there is no Chromium on this machine");

describe.skipIf(executablePath === undefined)("the report page in a browser", () => {
  let browser: Browser;
  let folder: string;
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "faultline-page-"));
    browser = await chromium.launch({
      executablePath: executablePath ?? "",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"].concat(
        "--disable-background-networking",
        "--disable-component-update",
      ),
    });
  }, 30_000);

  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  async function open(
    name: string,
    content: string,
    width: number = 1280,
    javaScriptEnabled: boolean = true,
  ): Promise<Page> {
    const file = join(folder, `${name}.html`);
    await writeFile(file, content);
    const context = await browser.newContext({ viewport: { width, height: 800 }, javaScriptEnabled });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const page = await context.newPage();
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => complaints.push(dialog.message()));
    page.on("request", (request) => {
      if (!request.url().startsWith("file:")) complaints.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    return page;
  }

  it("asks the network for nothing and runs nothing of a history", async () => {
    for (const width of [1280, 400]) {
      const page = await open("hostile", renderHtml({ suite: hostileSuite, stories: [hostile] }), width);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      expect(await page.evaluate("document.querySelectorAll('script, img, b[onmouseover]').length")).toBe(1);
      await page.context().close();
    }
    expect(complaints).toEqual([]);
  });

  it("copies the replay line", async () => {
    const page = await open("mixed", renderHtml({ suite: mixedSuite, stories: [lostUpdate, partition] }));
    const button = page.locator("#story-1 button.copy");
    await button.click();
    // The clipboard answers when it likes.
    await page.locator("#story-1 button.copy", { hasText: /^Copied$/ }).waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(
      `npx faultline replay ${partition.token}`,
    );
    await page.context().close();
  });

  it("jumps to the first error in a long timeline, and reads it out", async () => {
    const page = await open("long", renderRunHtml({ story: longStory(6, 100), times: 1, identical: true }));
    const bar = page.locator(".drawing a.jumped");
    await page.getByText("Jump to the first error").click();
    const box = await bar.boundingBox();
    expect(box?.x).toBeGreaterThan(100);
    expect((box?.x ?? 0) + 20).toBeLessThan(1280);
    expect(box?.y).toBeGreaterThan(0);
    expect(box?.y).toBeLessThan(800);
    expect(await page.locator(".readout").textContent()).toContain("witness 2");
    await page.keyboard.press("Enter");
    await page.waitForURL(/#story-1-row-/);
    await page.context().close();
  });

  it.each([
    ["with its script", true],
    ["without", false],
  ])(
    "is walked with keys from the list to a story, into its folded table and back, %s",
    async (_, script) => {
      const content = renderHtml({ suite: mixedSuite, stories: [lostUpdate, partition, longStory(3, 30)] });
      const page = await open(`walk-${script}`, content, 1280, script);
      const stories = page.locator("nav.stories a");
      const fold = page.locator("details.table:not([open])");
      expect([await stories.count(), await fold.count()]).toEqual([3, 1]);
      const table = (await fold.getAttribute("id")) ?? "";
      const story = table.replace("-operations", "");
      await page.locator(`nav.stories a[href="#${story}"]`).focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(new RegExp(`#${story}$`));
      await page.locator(`#${table} summary`).focus();
      await page.keyboard.press("Enter");
      expect(await page.locator(`#${table} tbody tr`).first().isVisible()).toBe(true);
      await page.keyboard.press("Enter");
      expect(await page.locator(`#${table} tbody tr`).first().isVisible()).toBe(false);
      // A link to a row opens the table that it is in.
      await page.locator(`#${story} a[href^="#${story}-row-"]`).first().focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(new RegExp(`#${story}-row-`));
      await page.locator(`#${table} tr:target`).waitFor({ state: "visible" });
      await page.locator(`#${story} header a[href="#forms"]`).focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(/#forms$/);
      await page.context().close();
      expect(complaints).toEqual([]);
    },
  );

  it("fits a telephone", async () => {
    const page = await open(
      "narrow",
      renderHtml({ suite: mixedSuite, stories: [lostUpdate, partition] }),
      400,
    );
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(400);
    await page.context().close();
    expect(complaints).toEqual([]);
  });
});
