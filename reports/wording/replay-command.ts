import type { FormSummary } from "../../harness/record/suite-record.ts";
import { visibleText } from "./visible-text.ts";

const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

/**
 * The command that replays a token, a run folder or a plan file. `config` is the configuration that was named for
 * the run: without it a scenario of the user's own is not found again.
 */
export function replayCommand(what: string, config: string | undefined): string {
  const words = config === undefined ? [what] : [what, "--config", config];
  return `npx faultline replay ${words.map(shellWord).join(" ")}`;
}

/** Which run of a form its token replays, in words. */
export function replayedRun({ smallest, failure, expects, unknown }: FormSummary): string {
  if (smallest !== null) return "smallest story";
  return failure !== null || (expects.length === 0 && unknown > 0) ? "most telling run" : "first seed";
}

function shellWord(word: string): string {
  const shown = visibleText(word);
  return PLAIN_WORD.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
