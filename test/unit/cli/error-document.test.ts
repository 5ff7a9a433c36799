import { CommanderError } from "commander";
import { describe, expect, test } from "vitest";
import { errorDocument } from "../../../cli/error-document.ts";
import { reportError } from "../../../cli/report-error.ts";
import { FaultlineError } from "../../../harness/faultline-error.ts";
import { fakeIo } from "./fake-io.ts";

describe("errorDocument", () => {
  test("keeps what a Faultline error says, on one line", () => {
    const error = new FaultlineError("usage", "bad-token", "It is\n\u001b[31mdamaged.", "Copy\u2028it.");
    expect(errorDocument(error)).toEqual({
      code: "bad-token",
      message: "It is [31mdamaged.",
      hint: "Copy it.",
      exitCode: 254,
    });
    expect(errorDocument(new FaultlineError("harness", "x", "m")).exitCode).toBe(255);
  });

  test("turns the parser's errors into bad arguments", () => {
    const error = new CommanderError(
      1,
      "commander.unknownOption",
      "error: unknown option '--sed'\n(Did you mean --seed?)",
    );
    expect(errorDocument(error)).toMatchObject({
      code: "unknown-option",
      message: "unknown option '--sed' (Did you mean --seed?)",
      exitCode: 254,
    });
  });

  test.each([[new TypeError("x is not a function")], ["a string"], [undefined], [new Error("")]])(
    "takes %o for an internal error",
    (thrown) => expect(errorDocument(thrown)).toMatchObject({ code: "internal", exitCode: 255 }),
  );
});

describe("reportError", () => {
  test("prints one line with its code at the end, and a document with --json", () => {
    const io = fakeIo();
    expect(reportError(new FaultlineError("usage", "bad", "No.", "Yes."), io, true)).toBe(254);
    expect(io.err.written).toEqual(["faultline: No. Yes. [bad]\n"]);
    expect(JSON.parse(io.out.written.join(""))).toEqual({
      error: { code: "bad", message: "No.", hint: "Yes." },
    });
  });

  test("ends a sentence before it says what to do", () => {
    const io = fakeIo();
    reportError(new CommanderError(1, "commander.unknownOption", "error: unknown option '--sed'"), io, false);
    reportError(new FaultlineError("usage", "bad", "It is missing", ""), io, false);
    expect(io.err.written).toEqual([
      "faultline: unknown option '--sed'. `faultline --help` and `faultline <command> --help` show what there is. [unknown-option]\n",
      "faultline: It is missing [bad]\n",
    ]);
  });

  test("prints a stack only when it is asked for", () => {
    const quiet = fakeIo();
    reportError(new Error("oops"), quiet, false);
    expect(quiet.err.written).toHaveLength(1);
    expect(quiet.out.written).toEqual([]);
    const loud = fakeIo({ env: { FAULTLINE_DEBUG: "1" } });
    reportError(new Error("oops"), loud, false);
    expect(loud.err.written.join("")).toContain("    at ");
  });
});
