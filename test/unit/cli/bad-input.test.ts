import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCli } from "../../../cli/run-cli.ts";
import { documentOf } from "../../e2e/json-document.ts";
import { noteConfig } from "../../e2e/run-cli.ts";
import { temporaryFolder } from "../../e2e/temporary-folder.ts";
import { fakeIo } from "./fake-io.ts";

const cwd = temporaryFolder();
writeFileSync(join(cwd, "bad.config.ts"), "export default { sede: 7 };\n");
writeFileSync(join(cwd, "syntax.config.ts"), "export default {\n");
writeFileSync(join(cwd, "throws.config.ts"), 'throw new Error("two\\nlines");\n');
writeFileSync(join(cwd, "out.config.ts"), 'export default { out: "" };\n');
writeFileSync(join(cwd, "doubled.config.ts"), doubledConfig());
writeFileSync(join(cwd, "plan.json"), '{"format":"faultline-plan","version":1}');
writeFileSync(join(cwd, "text.json"), "no json");
writeFileSync(join(cwd, "explode.json"), planWith({ do: "explode" }));
writeFileSync(join(cwd, "read.json"), planWith({ do: "read" }));
writeFileSync(join(cwd, "file"), "");
const longName = "x".repeat(5000);
mkdirSync(join(cwd, "folder/faultline.config.ts"), { recursive: true });
writeFileSync(join(cwd, "sessions.txt"), "w 0 1\n=====\nr 0 1\n");
mkdirSync(join(cwd, "empty"));
mkdirSync(join(cwd, "damaged"));
writeFileSync(join(cwd, "damaged/run.json"), "{");
symlinkSync(join(cwd, "nowhere"), join(cwd, "dangling"));
// What the system refuses to tell, whoever asks: permissions do not hold for everybody.
mkdirSync(join(cwd, "endless"));
symlinkSync("run.json", join(cwd, "endless/run.json"));
symlinkSync("plan.json", join(cwd, "endless/plan.json"));

const config = ["--config", noteConfig];
const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
  ["an unknown verb", ["rnu"], /unknown command 'rnu'/],
  ["an unknown option", ["run", "--sed", "7"], /unknown option '--sed'/],
  ["an option without its value", ["run", "--seed"], /argument missing/],
  ["a seed that is no number", ["run", "--seed", "seven"], /--seed.*'seven'.*whole number/],
  ["a negative seed", ["run", "--seed=-1"], /whole number/],
  ["a seed that is too large", ["run", "--seed", "99999999999999999999"], /whole number/],
  ["no runs", ["run", "--runs", "0"], /whole number from 1/],
  ["no workers", ["run", "--workers", "0"], /whole number from 1/],
  [
    "servers for the sim lane",
    ["run", ...config, "--substrate", "local"],
    /--substrate local chooses servers, and the sim lane has none\. Add `--lane real`/,
  ],
  [
    "servers for a plan of the sim lane",
    ["replay", "read.json", ...config, "--substrate", "local", "--out", "kept"],
    /--substrate local chooses servers, and the sim lane has none\. .*leave `--substrate` out, or add `"lane": "real"`/,
  ],
  ["an unknown lane", ["run", "--lane", "moon"], /sim, real/],
  ["an unknown scenario", ["run", "nope", ...config], /no scenario "nope".*notes-are-kept/],
  [
    "an unknown form",
    ["run", ...config, "--form", "defect:nope"],
    /no form|No scenario has a form|has a form/,
  ],
  [
    "an unknown form of a named scenario",
    ["run", "notes-are-kept", ...config, "--form", "textbook"],
    /no form "textbook"/,
  ],
  ["a configuration that is not there", ["run", "--config", "nope.ts"], /nope\.ts does not exist/],
  ["a configuration that is a folder", ["run", "--config", "empty"], /empty is not a file/],
  ["a configuration with an unknown field", ["run", "--config", "bad.config.ts"], /bad\.config\.ts: sede/],
  [
    "a configuration that is no TypeScript",
    ["list", "--config", "syntax.config.ts"],
    /syntax\.config\.ts cannot be loaded/,
  ],
  ["a configuration that throws", ["list", "--config", "throws.config.ts"], /cannot be loaded: two lines/],
  [
    "two scenarios of one name",
    ["list", "--config", "doubled.config.ts"],
    /two scenarios named "notes-are-kept"/,
  ],
  [
    "a configuration with an empty name of a folder",
    ["list", "--config", "out.config.ts"],
    /out: expected a text that is not empty\. /,
  ],
  ["a run folder without a name", ["run", ...config, "--out", ""], /The folder "" holds something else/],
  ["a run folder that is a file", ["run", ...config, "--out", "file"], /file is not a folder/],
  ["a run folder below a file", ["run", ...config, "--out", "file/run"], /cannot be written to/],
  [
    "a run folder that nobody can create",
    ["run", ...config, "--out", "/proc/faultline"],
    /cannot be written to/,
  ],
  ["a run folder with other things in it", ["run", ...config, "--out", "."], /holds something else/],
  ["nothing to replay", ["replay"], /missing required argument/],
  ["a token that is damaged", ["replay", "flt1_AAAA", ...config], /not a token that can be replayed/],
  ["a token of another version", ["replay", "flt9_abc", ...config], /version 9/],
  ["neither token nor file", ["replay", "nope", ...config], /"nope" is no token/],
  ["an empty string", ["replay", "", ...config], /run folder|token/],
  ["a plan file with fields missing", ["replay", "plan.json", ...config], /plan\.json/],
  [
    "a plan file with an operation that is none of the scenario",
    ["replay", "explode.json", ...config],
    /explode\.json cannot be run: field "plan\.clients\[0\]\[0\]\.call.*": .*Write a call as clients of "notes-are-kept" make it, for example \{/,
  ],
  ["a plan file that is no JSON", ["replay", "text.json", ...config], /text\.json/],
  ["a folder that is no run folder", ["replay", "empty", ...config], /no run folder/],
  ["too many times", ["replay", "flt1_AAAA", "--times", "1e9"], /whole number/],
  ["no checker", ["check", "file"], /Which checker\?.*optimistic-lock/],
  ["an unknown checker", ["check", "file", "--checker", "nope"], /no checker "nope".*optimistic-lock/],
  ["an empty checker name", ["check", "file", "--checker", "activity,"], /Names with commas/],
  [
    "a history that is not there",
    ["check", "nope.ndjson", "--checker", "activity"],
    /There is no nope\.ndjson/,
  ],
  ["a dangling link", ["check", "dangling", "--checker", "activity"], /There is no dangling/],
  [
    "a folder for a history",
    ["check", "empty", "--checker", "activity"],
    /empty is a folder, a file is expected/,
  ],
  [
    "an unknown format",
    ["check", "file", "--checker", "activity", "--format", "xml"],
    /jepsen-edn, jepsen-json/,
  ],
  ["no history", ["check", "--checker", "activity"], /missing required argument/],
  ["no time at all", ["check", "file", "--checker", "activity", "--budget-ms", "0"], /whole number from 1/],
  ["no memory at all", ["check", "file", "--checker", "activity", "--budget-mb", "x"], /whole number from 1/],
  ["a model that nobody knows", ["check", "file", "--checker", "bank", "--model", "tree"], /no model "tree"/],
  [
    "a question about real time to a file that has none",
    ["check", "sessions.txt", "--checker", "rw-register", "--isolation", "strict-serializable"],
    /sessions\.txt has its sessions one after the other.*strict-serializable/,
  ],
  ["a history to lint that is not there", ["lint", "nope.ndjson"], /There is no nope\.ndjson/],
  ["a folder to lint", ["lint", "empty"], /empty is a folder/],
  ["nothing to list", ["lint", "file", "--limit", "0"], /whole number from 1/],
  ["an export to nowhere", ["export", "file"], /required option '--format/],
  ["an export to another format", ["export", "file", "--format", "etcd-log"], /jepsen-json, jepsen-edn/],
  ["an export and a document in one place", ["export", "file", "--format", "jepsen-edn"], /--out/],
  [
    "an export into a folder",
    ["export", "file", "--format", "jepsen-edn", "--out", "empty"],
    /empty cannot be written/,
  ],
  ["a report of nothing", ["report", "nope"], /There is no nope/],
  [
    "a history with an endless name",
    ["check", longName, "--checker", "activity"],
    /^.{0,300}name too long\. \[unreadable-path\]\n$/,
  ],
  ["a report with an endless name", ["report", longName], /^.{0,300}name too long\. \[unreadable-path\]\n$/],
  ["a replay of an endless name", ["replay", longName], /^.{0,300}name too long\. \[unreadable-path\]\n$/],
  [
    "a configuration with an endless name",
    ["list", "--config", longName],
    /^.{0,300}name too long\. \[unreadable-path\]\n$/,
  ],
  ["a history without a name", ["check", "", "--checker", "activity"], /"" is a folder/],
  ["a report of a file", ["report", "file"], /file is a file, a folder is expected/],
  ["a report of an empty folder", ["report", "empty"], /no run folder/],
  [
    "a report of a folder that does not let one look",
    ["report", "endless"],
    /endless\/run\.json cannot be looked at: ELOOP/,
  ],
  ["a replay of one", ["replay", "endless", ...config], /endless\/plan\.json cannot be looked at: ELOOP/],
  ["a report of a damaged folder", ["report", "damaged"], /damaged/],
  ["one argument too many", ["report", "empty", "more"], /too many arguments/],
];

describe("bad input", () => {
  test.each(
    process.platform === "linux" ? cases : cases.filter(([, args]) => !args.includes("/proc/faultline")),
  )("%s: one clear line, 254, no stack trace", async (_, args, expected) => {
    const io = fakeIo({ cwd });
    const [verb = "", ...others] = args;
    const code = await runCli([verb, "--json", ...others], io);
    const stderr = io.err.written.join("");
    expect(stderr).toMatch(expected);
    expect(stderr).toMatch(/^faultline: [^\n]+\n$/);
    expect(stderr).not.toMatch(/ {4}at |node:internal/);
    const { error } = documentOf<{ error: { code: string; message: string } }>(
      "error",
      io.out.written.join(""),
    );
    expect(stderr).toContain(error.message);
    expect(stderr).toMatch(new RegExp(` \\[${error.code}\\]\\n$`));
    expect(code).toBe(254);
  });

  test("a folder with the name of a configuration is told as one", async () => {
    const io = fakeIo({ cwd: join(cwd, "folder") });
    expect(await runCli(["list"], io)).toBe(254);
    expect(io.err.written).toEqual([
      "faultline: The configuration faultline.config.ts is not a file. [config-not-found]\n",
    ]);
  });

  test("without --json nothing is printed on stdout", async () => {
    const io = fakeIo({ cwd });
    expect(await runCli(["run", "--seed", "seven"], io)).toBe(254);
    expect(io.out.written).toEqual([]);
    expect(io.err.written).toHaveLength(1);
  });
});

function doubledConfig(): string {
  return [
    `import own from ${JSON.stringify(noteConfig)};`,
    "export default { ...own, scenarios: [...own.scenarios, ...own.scenarios] };\n",
  ].join("\n");
}

function planWith(call: unknown): string {
  const clients = [[{ call, thinkMs: 0, salt: 1 }]];
  const plan = { clients, faults: [], schedule: { seed: 1, latencyMaxUs: 200 } };
  const names = { scenario: "notes-are-kept", form: "hardened" };
  return JSON.stringify({ format: "faultline-plan", version: 1, ...names, seed: 1, plan });
}
