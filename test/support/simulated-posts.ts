import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";
import { EventLog } from "./event-log.ts";

/** The posts by number. */
export const posts: readonly string[] = ["p0", "p1", "p2", "p3"];
/** What each post depends on. */
export const causes: readonly (readonly number[])[] = [[], [0], [1], [0, 2]];

/** What one read or list showed. */
export interface ShownPosts {
  readonly client: number;
  readonly start: number;
  readonly end: number;
  readonly isList: boolean;
  /** Posts that were shown; of a read of one post, that one or none. */
  readonly posts: readonly number[];
  /** The post that was read. */
  readonly asked: number;
}

/** Readers of posts that are there or not as the tape says; a store that keeps causes before effects if it is good. */
export function readPosts(
  tape: ChoiceTape,
  isGood: boolean,
): { readonly events: HistoryEvent[]; readonly shown: ShownPosts[] } {
  const log = new EventLog(2);
  const shown: ShownPosts[] = [];
  const written = tape.below(posts.length + 1);
  const open: ({ readonly f: string; readonly key: string; readonly start: number } | null)[] = [null, null];
  let visible = 0;
  for (const [post, key] of posts.entries()) {
    log.add(0, { f: "write", key }, "invoke", { after: causes[post]!.map((cause) => posts[cause]!) });
    log.add(0, { f: "write", key }, "ok");
  }
  while (!tape.isUsedUp) {
    if (tape.once(4)) visible = Math.max(visible, Math.min(posts.length, written + tape.below(3)));
    const client = tape.below(2);
    const call = open[client]!;
    if (call === null) {
      const next = tape.once(4) ? { f: "list", key: "all" } : { f: "read", key: tape.pick(posts) };
      open[client] = { ...next, start: log.events.length };
      log.add(client, next, "invoke");
      continue;
    }
    open[client] = null;
    const isThere = (post: number): boolean => (isGood ? post < visible : tape.below(2) === 0);
    const seen = posts.flatMap((_, post) => (isThere(post) ? [post] : []));
    const asked = posts.indexOf(call.key);
    const found = call.f === "list" ? seen : seen.filter((post) => post === asked);
    const value: Json =
      call.f === "list" ? found.map((post) => posts[post]!) : found.length === 0 ? null : { text: "x" };
    const end = log.events.length;
    log.add(client, call, "ok", value);
    shown.push({ client, start: call.start, end, isList: call.f === "list", posts: found, asked });
  }
  return { events: log.events, shown };
}
