import * as fc from "fast-check";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Invocation, Outcome } from "../harness/run/outcome.ts";
import type { Client, Session, Workload } from "../harness/run/scenario.ts";
import { blogNodes } from "../reference-impl/systems/blog.system.ts";
import { blogClient, entryKey, shownEntry } from "./blog-client.ts";
import { readOutcome, writeOutcome } from "./http-outcome.ts";
import { askMessages } from "./message-quiet.ts";
import { idleValue, uniqueValue } from "./unique-value.ts";

/**
 * What a client does: writes a comment, replies to one that it has seen or written, changes an entry that it wrote
 * lately, lists all entries, reads one that it knows. `pick` chooses among those. `browse` lists as a stranger, who waits for nothing.
 */
export type BlogCall =
  | WritingCall
  | { readonly do: "read"; readonly pick: number }
  | { readonly do: "list" }
  | { readonly do: "browse" };

/** A type, not an interface: only types count as plain data. */
type WritingCall = {
  readonly do: "comment" | "reply" | "edit";
  readonly text: string;
  readonly pick: number;
};

const node = blogNodes.blog;
/** Of the comments that a client knows it answers one of the first so many. */
const answeredMax = 2;

/** Clients talk: comments, replies to each other, second thoughts, and a look at it all in between. Texts are unique. */
export function blogWorkload(callTimeoutMs: number): Workload<BlogCall> {
  const pick = fc.nat(1000);
  const drawn = (kind: "comment" | "reply" | "edit") =>
    fc.record({ do: fc.constant(kind), text: uniqueValue(), pick });
  return {
    clients: { min: 4, max: 4 },
    operationsPerClient: { min: 9, max: 12 },
    thinkMsMax: 25,
    call: fc.oneof(
      { arbitrary: drawn("comment"), weight: 3 },
      { arbitrary: drawn("reply"), weight: 5 },
      { arbitrary: drawn("edit"), weight: 4 },
      { arbitrary: fc.record({ do: fc.constant("read" as const), pick }), weight: 8 },
      { arbitrary: fc.constant({ do: "list" as const }), weight: 2 },
      { arbitrary: fc.constant({ do: "browse" as const }), weight: 5 },
    ),
    // So that every run shows a reply with its comment. The readers are not yet at work: they find all of it at once.
    preparation: [
      { do: "comment", text: "first", pick: 0 },
      { do: "edit", text: "second", pick: 0 },
      { do: "edit", text: "third", pick: 0 },
      { do: "reply", text: "fourth", pick: 0 },
    ],
    idle: (client, round) => {
      const kind = (["comment", "reply", "browse"] as const)[(client + round) % 3] ?? "browse";
      return kind === "browse" ? { do: kind } : { do: kind, text: idleValue(client, round), pick: 0 };
    },
    finalReads: () => [{ do: "list" }, ...[0, 0, 1].map((pick) => ({ do: "read" as const, pick }))],
    isQuiet,
    invocation,
    perform: (asked, client) => perform(asked, client, callTimeoutMs),
  };
}

/** Every entry is announced and has arrived at both readers. */
async function isQuiet(client: Client): Promise<boolean> {
  const comments = await askMessages(client, blogNodes.comments);
  if (comments === null || comments.unpublished > 0) return false;
  for (const reader of blogNodes.readers) {
    if ((await askMessages(client, reader))?.handled !== comments.announced) return false;
  }
  return true;
}

/** Entries that a client knows: id and what it replies to. */
function known(session: Session, name: "own" | "comments" | "seen"): readonly Json[] {
  const entries = session.get(name);
  return Array.isArray(entries) ? (entries as readonly Json[]) : [];
}

function invocation(call: BlogCall, session: Session): Invocation {
  const list: Invocation = { f: "list", key: "entries", node };
  if (call.do === "browse") return { ...list, f: "browse" };
  if (call.do === "list") return list;
  if (call.do === "read") {
    const entry = pickFrom(known(session, call.pick % 4 === 3 ? "seen" : "own"), call.pick);
    return entry === null ? list : { f: "read", key: entryKey(String(fieldOf(entry, "id"))), node };
  }
  return writing(call, session, list);
}

function writing(call: WritingCall, session: Session, list: Invocation): Invocation {
  const { text } = call;
  const comment = { f: "write", key: entryKey(text), node, value: { value: text, after: null } };
  if (call.do === "comment") return comment;
  if (call.do === "reply") {
    const answered = pickFrom(answerable(session), call.pick);
    if (answered === null) return list;
    return { ...comment, value: { value: text, after: entryKey(String(fieldOf(answered, "id"))) } };
  }
  const own = pickFrom(known(session, "own").slice(-1), call.pick);
  if (own === null) return comment;
  const after = fieldOf(own, "after") ?? null;
  return { ...comment, key: entryKey(String(fieldOf(own, "id"))), value: { value: text, after } };
}

/** Comments that it saw last, and the latest of its own. */
function answerable(session: Session): readonly Json[] {
  const own = known(session, "own").filter((entry) => fieldOf(entry, "after") === null);
  return [...own.slice(-1), ...known(session, "comments").slice(0, answeredMax), ...own.slice(-1)];
}

function pickFrom(entries: readonly Json[], pick: number): Json {
  return entries.length === 0 ? null : (entries[pick % entries.length] ?? null);
}

async function perform(
  { f, key = "", value = null }: Invocation,
  client: Client,
  callTimeoutMs: number,
): Promise<Outcome> {
  const blog = blogClient(client, callTimeoutMs, f === "browse");
  const id = key.slice("entry/".length);
  if (f === "read") return readOutcome(await blog.get(id), shownEntry);
  if (f === "list" || f === "browse") {
    const outcome = readOutcome(await blog.list(), shownList);
    if (outcome.type === "ok" && f === "list") rememberSeen(client.session, outcome.value ?? null);
    return outcome;
  }
  const after = fieldOf(value, "after") ?? null;
  const comment = after === null ? null : String(after).slice("entry/".length);
  const outcome = writeOutcome(
    await blog.put({ id, after: comment, text: fieldOf(value, "value") ?? null }),
    () => value,
  );
  if (outcome.type === "ok") rememberOwn(client.session, { id, after });
  return outcome;
}

/** A list as the history shows it: keys, and what each depends on. */
function shownList(body: Json): Json {
  const entries = fieldOf(body, "entries");
  if (!Array.isArray(entries)) return [];
  return (entries as readonly Json[]).map((entry) => ({
    key: entryKey(String(fieldOf(entry, "id"))),
    after: fieldOf(shownEntry(entry), "after") ?? null,
  }));
}

/** Comments of others come first that were not there before: those are answered. */
function rememberSeen(session: Session, list: Json): void {
  const before = new Set(known(session, "seen").map((entry) => fieldOf(entry, "id")));
  const own = new Set(known(session, "own").map((entry) => fieldOf(entry, "id")));
  const entries = (list as readonly Json[]).map((entry) => ({
    id: String(fieldOf(entry, "key")).slice("entry/".length),
    after: fieldOf(entry, "after") ?? null,
  }));
  session.set("seen", entries);
  const comments = entries.filter(({ after }) => after === null);
  const rank = ({ id }: { readonly id: string }) => (own.has(id) ? 2 : 0) + (before.has(id) ? 1 : 0);
  session.set(
    "comments",
    comments.toSorted((a, b) => rank(a) - rank(b)),
  );
}

function rememberOwn(session: Session, entry: { readonly id: string; readonly after: Json }): void {
  const own = known(session, "own");
  if (!own.some((other) => fieldOf(other, "id") === entry.id)) session.set("own", [...own, entry]);
}
