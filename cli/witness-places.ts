import type { Anomaly } from "../checkers/checker.ts";
import type { History } from "../checkers/history/history.ts";
import { type SourcePlace, sourcePlaceOf } from "../checkers/history/source-place.ts";

/**
 * The witness of an anomaly in words, with the line of each operation: `operations 4 at line 5, 7 at line 8`; where the history
 * is of several files `4 at a.ndjson:5`. Without lines where the file has none.
 */
export function witnessText(history: History, { operations }: Anomaly): string {
  const named = operations.map((index) => {
    const place = sourcePlaceOf(history, index);
    return place === null ? String(index) : `${index} at ${placeText(place)}`;
  });
  return `operations ${named.join(", ")}`;
}

function placeText({ line, file }: SourcePlace): string {
  return file === undefined ? `line ${line}` : `${file}:${line}`;
}

/** The `lines` of an anomaly in a JSON document, and the `files` where there are several; nothing where one is not known. */
export function witnessPlaces(
  history: History,
  { operations }: Anomaly,
): { readonly lines?: readonly number[]; readonly files?: readonly string[] } {
  const places = operations.map((index) => sourcePlaceOf(history, index)).filter((place) => place !== null);
  if (places.length < operations.length) return {};
  const files = places.flatMap(({ file }) => (file === undefined ? [] : [file]));
  return { lines: places.map(({ line }) => line), ...(files.length === 0 ? {} : { files }) };
}
