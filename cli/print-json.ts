import type { CommandIo } from "./command-io.ts";

/** Prints the one JSON document of a command. */
export function printJson(io: CommandIo, document: unknown): void {
  io.out.write(`${JSON.stringify(document, null, 2)}\n`);
}
