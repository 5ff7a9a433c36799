/** Longest excerpt of foreign text in a message, in characters. */
const excerptLength = 60;

/** The beginning of a foreign text, quoted. */
export function excerptOfText(text: string): string {
  return text.length <= excerptLength
    ? JSON.stringify(text)
    : `${JSON.stringify(text.slice(0, excerptLength))} … (${text.length} characters)`;
}

/** A parsed JSON value in few words: itself where it is short, else what kind of value it is. */
export function excerptOfValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return excerptOfText(value);
  if (typeof value !== "object" || value === null) return String(value);
  return Array.isArray(value) ? `a list of ${value.length}` : "an object";
}
