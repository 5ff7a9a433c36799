import { join, resolve } from "node:path";
import { FaultlineError } from "../harness/faultline-error.ts";
import { entryAt } from "../harness/run/entry-at.ts";
import { readRunFolder, readStory } from "../harness/run/read-run-folder.ts";
import { RUN_FILES } from "../harness/run/run-folder.ts";
import { looksLikeToken } from "../harness/run/token.ts";
import { lookAtPath, shownPath } from "./look-at-path.ts";

/** What `faultline replay` was asked to replay. */
export interface ReplaySource {
  /** Replayed first where it is known: it tells whether the history is still the recorded one. */
  readonly token: string | null;
  /** Absolute path of a plan file; replayed without a token, or where the token draws another plan now. */
  readonly planPath: string | null;
  /** Tells what was chosen where there was a choice; may be empty. */
  readonly note: string;
}

/** Tells a token from a run folder, a story's folder and a plan file. Throws `nothing-to-replay` or `unreadable-path`. */
export function findReplaySource(what: string, cwd: string): ReplaySource {
  if (looksLikeToken(what)) return { token: what, planPath: null, note: "" };
  const path = resolve(cwd, what);
  const found = lookAtPath(what, cwd);
  if (found === undefined) {
    throw nothing(`"${shownPath(what)}" is no token, and there is no such file or folder.`);
  }
  if (!found.isDirectory()) return { token: null, planPath: path, note: "" };
  const planPath = join(path, RUN_FILES.plan);
  if (entryAt(planPath, shownPath(join(what, RUN_FILES.plan))) === undefined) return mostTelling(path, what);
  return { token: readStory(path).token, planPath, note: "" };
}

/** An anomaly where there must be none comes first, then any story, then the first seed that was run. */
function mostTelling(path: string, what: string): ReplaySource {
  const { summary } = readRunFolder(path).suite;
  const candidates = summary.filter((form) => form.token !== null);
  const chosen =
    candidates.find((form) => form.story !== null && form.judgement === "anomaly") ??
    candidates.find((form) => form.story !== null) ??
    candidates[0];
  if (chosen === undefined) throw nothing(`No run of ${what} finished: there is nothing to replay.`);
  const others = candidates.length - 1;
  const name = `${chosen.scenario}, ${chosen.form}`;
  return {
    token: chosen.token,
    planPath: chosen.story === null ? null : join(path, chosen.story, RUN_FILES.plan),
    note: others === 0 ? "" : `Replaying ${name}; this run folder has ${others} more.`,
  };
}

function nothing(message: string): FaultlineError {
  const hint = "Give a token (flt1_…), a run folder, or the plan.json of a story.";
  return new FaultlineError("usage", "nothing-to-replay", message, hint);
}
