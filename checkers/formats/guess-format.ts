import type { HistoryFormat } from "./format-names.ts";

/** How many units from the beginning of a file are enough to guess its format. */
export const guessedFrom: number = 1 << 16;

/**
 * The format of a file that begins like this, as far as that is clear; else our own, whose reader then
 * says what is wrong. Looks at the first {@link guessedFrom} units only.
 */
export function guessFormat(beginning: string): HistoryFormat {
  const text = beginning.slice(0, guessedFrom).replace(/^\ufeff/, "");
  const start = text.trimStart();
  if (/^\[\s*\{\s*"|^\[\s*(\]|$)/.test(start)) return "jepsen-json";
  if (/^\{\s*"/.test(start)) return guessObjects(start);
  if (beginsWithEdnMap(start)) return guessEdn(start);
  if (/jepsen\.util - \S+\s+:(invoke|ok|fail|info)\s/.test(text)) return "etcd-log";
  if (/^([rw] \d+ \d+|-{3,}|={3,})\s*(\n|$)/.test(start)) return "isolation-text";
  return "ndjson";
}

/** Brackets, tags, comments and blanks, and then a map whose first key is a keyword. Linear. */
function beginsWithEdnMap(text: string): boolean {
  let at = 0;
  while (at < text.length) {
    const character = text[at]!;
    if (character === "{") return /^\{[\s,]{0,9}:/.test(text.slice(at, at + 16));
    if (character === ";") at = endOf(text, "\n", at);
    else if (character === "#") at = endOfTag(text, at);
    else if (!" \t\r\n,[(".includes(character)) return false;
    else at++;
  }
  return false;
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end < 0 ? text.length : end + 1;
}

/** The position after `#some.tag`. */
function endOfTag(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && /[\w./]/.test(text[at]!)) at++;
  return at;
}

/** Porcupine's key-value histories differ from Jepsen's by their functions only. */
function guessEdn(text: string): HistoryFormat {
  const line = text.slice(0, text.indexOf("\n") < 0 ? text.length : text.indexOf("\n"));
  return /:f\s+:(get|put|append)\b/.test(line) && /:key\s+"/.test(line) ? "porcupine-kv" : "jepsen-edn";
}

/** Objects one a line are ours unless they have what only Jepsen leaves out or puts in. */
function guessObjects(text: string): HistoryFormat {
  for (const line of text.split("\n")) {
    const fields = parsed(line);
    if (fields === null) continue;
    if (fields.format !== undefined) return "ndjson";
    if (fields.type === "fault" || fields.type === "phase" || fields.type === "record") return "ndjson";
    if (fields.process === "nemesis" || fields.process === null || Array.isArray(fields.error))
      return "jepsen-json";
    const isEvent = ["invoke", "ok", "fail", "info"].includes(fields.type as string);
    if (isEvent && Array.isArray(fields.value) && (fields.f === undefined || fields.f === null))
      return "jepsen-json";
  }
  return "ndjson";
}

function parsed(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
