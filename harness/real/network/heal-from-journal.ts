import { readFile } from "node:fs/promises";
import { Toxiproxy, type Proxy as ToxiproxyProxy } from "toxiproxy-node-client";
import * as v from "valibot";
import { FaultlineError } from "../../faultline-error.ts";
import { JOURNAL_FORMAT } from "./fault-journal.ts";
import type { Undo } from "./undo.ts";

/** How to reach what was left broken. */
export interface HealTools {
  /** Null: the Toxiproxy server is gone, and all of its toxics with it. */
  readonly toxiproxyUrl: string | null;
  /** Runs a statement as superuser, past the proxies. */
  sql(store: string, statement: string): Promise<void>;
}

/** What a journal had left open, and what became of it. */
export interface HealedJournal {
  readonly healed: readonly Undo[];
  readonly failed: readonly { readonly undo: Undo; readonly why: string }[];
}

const undoSchema: v.GenericSchema<Undo> = v.variant("kind", [
  v.strictObject({ kind: v.literal("toxic"), proxy: v.string(), toxic: v.string() }),
  v.strictObject({ kind: v.literal("disabled"), proxy: v.string() }),
  v.strictObject({ kind: v.literal("sql"), store: v.string(), statements: v.array(v.string()) }),
]);

const lineSchema = v.variant("event", [
  v.object({ event: v.literal("begin"), format: v.literal(JOURNAL_FORMAT), version: v.literal(1) }),
  v.object({ event: v.literal("open"), line: v.number(), undo: undoSchema }),
  v.object({ event: v.literal("closed"), of: v.number() }),
  v.object({ event: v.literal("inject") }),
  v.object({ event: v.literal("heal") }),
]);

/**
 * What a journal says is still to be undone, the last thing first. A last line that was cut off is
 * left out: what it announced was not done. Throws `FaultlineError` `bad-journal` for any other line
 * that cannot be read.
 */
export function openUndos(text: string): readonly Undo[] {
  const lines = text.split("\n");
  const cutOff = lines.pop() ?? "";
  const open = new Map<number, Undo>();
  for (const [number, content] of lines.entries()) {
    const line = readLine(content);
    if (line === null) throw badLine(number + 1, content);
    if (line.event === "open") open.set(line.line, line.undo);
    if (line.event === "closed") open.delete(line.of);
    // A second run that appended to the same file numbers its lines from 0 again.
    if (line.event === "begin" && number > 0) throw badLine(number + 1, content);
  }
  if (lines.length === 0 && cutOff !== "") throw badLine(1, cutOff);
  return [...open.values()].reverse();
}

/**
 * Undoes what a killed harness left: on a Toxiproxy server and on stores that outlive it. Goes on after
 * a failure and names it; running it twice is harmless.
 */
export async function healFromJournal(path: string, tools: HealTools): Promise<HealedJournal> {
  const healed: Undo[] = [];
  const failed: { readonly undo: Undo; readonly why: string }[] = [];
  for (const undo of openUndos(await readFile(path, "utf8"))) {
    try {
      await healOne(undo, tools);
      healed.push(undo);
    } catch (error) {
      failed.push({ undo, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { healed, failed };
}

async function healOne(undo: Undo, { toxiproxyUrl, sql }: HealTools): Promise<void> {
  if (undo.kind === "sql") {
    for (const statement of undo.statements) await sql(undo.store, statement);
    return;
  }
  if (toxiproxyUrl === null) return;
  const proxies = await new Toxiproxy(toxiproxyUrl).getAll();
  const proxy = Object.hasOwn(proxies, undo.proxy) ? proxies[undo.proxy] : undefined;
  // A proxy that is gone has no toxics; one that has them no more was healed.
  if (proxy === undefined) return;
  const { listen, upstream } = proxy;
  if (undo.kind === "disabled") await proxy.update({ listen, upstream, enabled: true });
  else await (await toxicOf(proxy, undo.toxic))?.remove();
}

async function toxicOf(proxy: ToxiproxyProxy, name: string): Promise<{ remove(): Promise<void> } | null> {
  try {
    return await proxy.getToxic(name);
  } catch (error) {
    // The client tells a missing toxic from other trouble by the status in its message only.
    if (error instanceof Error && error.message.endsWith("404")) return null;
    throw error;
  }
}

function readLine(content: string): v.InferOutput<typeof lineSchema> | null {
  try {
    const result = v.safeParse(lineSchema, JSON.parse(content));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

function badLine(number: number, content: string): FaultlineError {
  return new FaultlineError(
    "usage",
    "bad-journal",
    `Line ${number} of the fault journal cannot be read: expected a line that this version wrote, found ${content.slice(0, 80)}.`,
    "Heal by hand: take the toxics off the proxies, enable the proxies, resume the replay of replicas.",
  );
}
