import { CommanderError } from "commander";
import { FaultlineError } from "../harness/faultline-error.ts";
import { exitCodes } from "./exit-code.ts";

/** An error as it is shown: one line on stderr, and with `--json` a document on stdout. */
export interface ErrorDocument {
  readonly code: string;
  /** One line. */
  readonly message: string;
  /** What to do about it; may be empty. */
  readonly hint: string;
  readonly exitCode: number;
}

/** Turns whatever was thrown into one line, a stable code and an exit code. */
export function errorDocument(error: unknown): ErrorDocument {
  if (error instanceof FaultlineError) {
    const exitCode = error.kind === "usage" ? exitCodes.badArguments : exitCodes.harnessError;
    return { code: error.code, message: oneLine(error.message), hint: oneLine(error.hint), exitCode };
  }
  if (error instanceof CommanderError) {
    return {
      code: kebab(error.code.replace("commander.", "")),
      message: oneLine(error.message.replace(/^error: /, "")),
      hint: "`faultline --help` and `faultline <command> --help` show what there is.",
      exitCode: exitCodes.badArguments,
    };
  }
  return {
    code: "internal",
    message: `Internal error: ${oneLine(error instanceof Error ? error.message || error.name : String(error))}`,
    hint: "Run it again with FAULTLINE_DEBUG=1 to see where it happened.",
    exitCode: exitCodes.harnessError,
  };
}

/** A text on one line: line ends and other control characters become spaces. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
}

function kebab(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
