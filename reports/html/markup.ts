import { visibleText } from "../wording/visible-text.ts";

/** HTML or SVG that is safe to write out. Only {@link html} and {@link raw} make it. */
export interface Markup {
  readonly markup: string;
}

/** What may stand in a template: text is escaped, markup is not, lists are joined, null is nothing. */
export type Insert = string | number | null | Markup | readonly Insert[];

/**
 * Builds markup from a template. Everything that is put in is escaped for text and for quoted
 * attributes, unless it is markup itself; characters that cannot be seen are written out.
 */
export function html(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Markup {
  return { markup: parts.map((part, at) => part + insertText(inserts[at] ?? null)).join("") };
}

/** Marks text of this program, never of a history, as markup. */
export function raw(markup: string): Markup {
  return { markup };
}

function insertText(insert: Insert): string {
  if (insert === null) return "";
  if (typeof insert === "number") return String(insert);
  if (typeof insert === "string") return escapeText(insert);
  return isList(insert) ? insert.map(insertText).join("") : insert.markup;
}

function isList(insert: Markup | readonly Insert[]): insert is readonly Insert[] {
  return Array.isArray(insert);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
