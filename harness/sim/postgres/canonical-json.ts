/**
 * The text that stands for a `jsonb` value: duplicate keys gone, keys in jsonb's order (shorter first,
 * then by bytes), so that equal values have equal texts. Null where `text` is no JSON.
 * Numbers keep JavaScript's precision, not numeric's.
 */
export function canonicalJson(text: string): string | null {
  try {
    return write(JSON.parse(text));
  } catch {
    return null;
  }
}

function write(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(
    ([a], [b]) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0),
  );
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${write(member)}`).join(",")}}`;
}
