import { request } from "node:http";
import type { Clock } from "../../time/clock.ts";

const ANSWER_MS = 10_000;
const LIMIT_MS = 30_000;
const PAUSE_MS = 200;

/** Containers that bear a label, on the engine behind a socket of this machine. */
export interface LabelledContainers {
  readonly socketPath: string;
  /** `name=value`. */
  readonly label: string;
}

/**
 * Removes containers with what they stored, running or not. Looks twice: one may have been asked for in the
 * moment in which the harness died. Answers how many it removed; gives up after 30 s, or when the engine is gone.
 */
export async function removeContainers(
  { socketPath, label }: LabelledContainers,
  clock: Clock,
): Promise<number> {
  const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
  const endNs = clock.monotonicNs() + LIMIT_MS * 1e6;
  const removed = new Set<string>();
  for (let empty = 0; empty < 2 && clock.monotonicNs() < endNs; ) {
    const listed = await ask(socketPath, "GET", `/containers/json?all=1&filters=${filters}`);
    if (listed === null) break;
    const ids = idsIn(listed);
    empty = ids.length === 0 ? empty + 1 : 0;
    for (const id of ids) {
      await ask(socketPath, "DELETE", `/containers/${id}?force=1&v=1`);
      removed.add(id);
    }
    if (empty < 2) await clock.sleep(PAUSE_MS);
  }
  return removed.size;
}

function idsIn(listed: string): string[] {
  try {
    const containers = JSON.parse(listed) as unknown;
    if (!Array.isArray(containers)) return [];
    return containers.flatMap((container: { readonly Id?: unknown } | null) =>
      typeof container?.Id === "string" && /^[0-9a-f]+$/.test(container.Id) ? [container.Id] : [],
    );
  } catch {
    return [];
  }
}

/** The body of the engine's answer; null when it gives none. */
function ask(socketPath: string, method: string, path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, method, path, timeout: ANSWER_MS, agent: false }, (answer) => {
      let body = "";
      answer.setEncoding("utf8");
      answer.on("data", (text: string) => {
        body += text;
      });
      answer.once("end", () => resolve(body));
      answer.once("error", () => resolve(null));
    });
    asked.once("timeout", () => asked.destroy());
    asked.once("error", () => resolve(null));
    asked.once("close", () => resolve(null));
    asked.end();
  });
}
