/** Is the claim upheld (`valid`), broken (`invalid`), or was there too little to tell (`unknown`)? */
export type Verdict = "valid" | "invalid" | "unknown";

/**
 * The verdict of several verdicts together: invalid over unknown over valid.
 * Of nothing at all it is `unknown`: nothing was examined.
 */
export function mergeVerdicts(verdicts: Iterable<Verdict>): Verdict {
  let merged: Verdict | null = null;
  for (const verdict of verdicts) {
    if (verdict === "invalid") return "invalid";
    if (merged === null || verdict === "unknown") merged = verdict;
  }
  return merged ?? "unknown";
}
