/** An element of a page, with the attributes that it was written with. */
export interface PageElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

const VOID = new Set(["meta", "link", "br", "hr", "img", "input"]);
const RAW_TEXT = new Set(["style", "script", "title"]);
const TAG = /<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z][a-zA-Z0-9-]*="[^"<>]*")*)\s*(\/?)>/y;

/**
 * Reads a page strictly: every `<` begins a tag, every attribute is quoted, every element is closed in
 * order. Throws where that is not so. Returns all elements and the raw text of style and script.
 */
export function parsePage(page: string): { elements: PageElement[]; rawText: Map<string, string[]> } {
  const elements: PageElement[] = [];
  const rawText = new Map<string, string[]>();
  const open: string[] = [];
  let at = page.startsWith("<!DOCTYPE html>") ? "<!DOCTYPE html>".length : 0;
  for (at = page.indexOf("<", at); at !== -1; at = page.indexOf("<", at)) {
    TAG.lastIndex = at;
    const [whole, slash, name, attributes, selfClosed] = TAG.exec(page) ?? [];
    if (whole === undefined || name === undefined) throw new Error(`no tag: ${page.slice(at, at + 80)}`);
    at += whole.length;
    if (slash === "/") {
      const expected = open.pop();
      if (expected !== name)
        throw new Error(`</${name}> where </${expected}> must be, before ${page.slice(at, at + 60)}`);
      continue;
    }
    elements.push({ name, attributes: readAttributes(attributes ?? "") });
    if (VOID.has(name) || selfClosed === "/") continue;
    open.push(name);
    if (RAW_TEXT.has(name) && !open.includes("svg")) {
      const end = page.indexOf(`</${name}>`, at);
      rawText.set(name, [...(rawText.get(name) ?? []), page.slice(at, end)]);
      at = end;
    }
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(", ")}`);
  return { elements, rawText };
}

function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = "", value = ""] of text.matchAll(/([a-zA-Z][a-zA-Z0-9-]*)="([^"]*)"/g)) {
    if (attributes.has(name)) throw new Error(`attribute ${name} twice`);
    attributes.set(name, value);
  }
  return attributes;
}
