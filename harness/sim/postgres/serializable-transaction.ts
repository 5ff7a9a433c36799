/**
 * What serializable snapshot isolation knows about one transaction: PostgreSQL's `SERIALIZABLEXACT`
 * (src/backend/storage/lmgr/README-SSI). A conflict points from who read to who wrote.
 */
export class SerializableTransaction {
  /** Declared READ ONLY, or committed without a write. */
  readOnly: boolean;
  state: "active" | "committed" | "aborted" = "active";
  /** Somebody else decided that it must fail; it finds out at its next step. */
  doomed = false;
  wrote = false;
  /** The last commit before its snapshot, in the count of serializable commits. */
  snapshotSeq = 0;
  /** The oldest transaction that was running at its snapshot. */
  snapshotXmin = 0;
  prepareSeq = 0;
  commitSeq = 0;
  /** The next transaction number when it finished. */
  finishedBefore = 0;
  /** It committed with a conflict out to a transaction that had committed before. */
  hasConflictOut = false;
  earliestOutConflictSeq = 0;
  readonly inConflicts: SerializableTransaction[] = [];
  readonly outConflicts: SerializableTransaction[] = [];
  /** The lists of readers that it stands in. */
  readonly readTargets: SerializableTransaction[][] = [];
  /** Rows that it read one by one, per list of a table's readers. */
  readonly rowReads: Map<SerializableTransaction[], number> = new Map();

  constructor(readOnly: boolean) {
    this.readOnly = readOnly;
  }
}
