/** A moment as `20260801T094500Z`, for the names of run folders. */
export function runFolderStamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/[-:]|\.\d+/g, "");
}
