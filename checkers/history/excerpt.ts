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

/** Longest foreign text within a proof, in characters, unless the proof says otherwise. */
const quotedLength = 80;

/** A foreign text within a proof: itself where it is short, else its beginning and how long it is. */
export function clippedText(text: string, length: number = quotedLength): string {
  if (text.length <= length) return text;
  // Half a character at the end would be none.
  const beginning = text.slice(0, length).replace(/[\ud800-\udbff]$/, "");
  return `${beginning}… (${text.length} characters)`;
}
