import { PostgresError } from "./postgres-error.ts";
import type { SerializableTransaction } from "./serializable-transaction.ts";

/** Reads of single rows of a table by one transaction before they count as a read of all of it. */
const rowReadsPerTable = 2;

/**
 * Serializable snapshot isolation by PostgreSQL's rules: a transaction fails with 40001 where it, or one
 * that can still be stopped, would be the pivot T2 of T1 → T2 → T3 with T3 committed first
 * (src/backend/storage/lmgr/predicate.c). Reads are noted as coarsely as PostgreSQL may note them:
 * a row, all of an index, all of a table.
 */
export class SerializableConflicts {
  #lastSeq = 0;
  readonly #active: SerializableTransaction[] = [];
  #finished: SerializableTransaction[] = [];

  /** The transaction took its snapshot while `xmin` was the oldest number still running. */
  begin(me: SerializableTransaction, xmin: number): void {
    me.snapshotSeq = this.#lastSeq;
    me.snapshotXmin = xmin;
    this.#active.push(me);
  }

  /** Notes that `me` read whatever the list of readers stands for. */
  noteRead(me: SerializableTransaction, readers: SerializableTransaction[]): void {
    if (readers.includes(me)) return;
    readers.push(me);
    me.readTargets.push(readers);
  }

  /** Notes that `me` read one row; many rows of one table count as the table. */
  noteRowRead(
    me: SerializableTransaction,
    readers: SerializableTransaction[],
    tableReaders: SerializableTransaction[],
  ): void {
    if (readers.includes(me)) return;
    const count = (me.rowReads.get(tableReaders) ?? 0) + 1;
    me.rowReads.set(tableReaders, count);
    this.noteRead(me, readers);
    if (count > rowReadsPerTable) this.noteRead(me, tableReaders);
  }

  /** `me` read past what the concurrent `writer` wrote. */
  checkOut(me: SerializableTransaction, writer: SerializableTransaction): void {
    if (me.doomed) throw failure("Canceled on identification as a pivot, during conflict out checking.");
    if (writer === me || writer.doomed || writer.state === "aborted") return;
    const harmless =
      me.readOnly &&
      writer.state === "committed" &&
      (!writer.hasConflictOut || me.snapshotSeq < writer.earliestOutConflictSeq);
    if (harmless || me.outConflicts.includes(writer)) return;
    this.#flag(me, writer, me);
  }

  /** `me` writes what these transactions read. */
  checkIn(me: SerializableTransaction, readers: readonly SerializableTransaction[]): void {
    me.wrote = true;
    if (me.doomed) throw failure("Canceled on identification as a pivot, during conflict in checking.");
    for (const reader of readers) {
      if (reader === me || reader.doomed || reader.state === "aborted") continue;
      if (reader.state === "committed" && me.snapshotXmin >= reader.finishedBefore) continue;
      if (!me.inConflicts.includes(reader)) this.#flag(reader, me, me);
    }
  }

  /** Fails where `me` must not commit; dooms another transaction where that one must not. */
  prepare(me: SerializableTransaction): void {
    if (me.doomed) throw failure("Canceled on identification as a pivot, during commit attempt.");
    for (const near of me.inConflicts) {
      if (near.state === "committed" || near.doomed) continue;
      const dangerous = near.inConflicts.some(
        (far) => far === me || (far.state !== "committed" && !far.readOnly && !far.doomed),
      );
      if (dangerous) near.doomed = true;
    }
    me.prepareSeq = ++this.#lastSeq;
  }

  /** The transaction ended; `nextXid` is the number that the next one will get. */
  finish(me: SerializableTransaction, committed: boolean, nextXid: number): void {
    me.state = committed ? "committed" : "aborted";
    me.finishedBefore = nextXid;
    if (committed) {
      me.commitSeq = ++this.#lastSeq;
      if (!me.wrote) me.readOnly = true;
    }
    this.#settleConflicts(me, committed);
    const index = this.#active.indexOf(me);
    if (index >= 0) this.#active.splice(index, 1);
    this.#finished.push(me);
    this.#forgetOld();
  }

  /** The server died: nothing is concurrent with anything any more. */
  clear(): void {
    for (const transaction of [...this.#active, ...this.#finished]) release(transaction);
    this.#active.length = 0;
    this.#finished = [];
  }

  #settleConflicts(me: SerializableTransaction, committed: boolean): void {
    for (const writer of [...me.outConflicts]) {
      if (committed && !me.readOnly && writer.state === "committed") {
        if (!me.hasConflictOut || writer.prepareSeq < me.earliestOutConflictSeq) {
          me.earliestOutConflictSeq = writer.prepareSeq;
        }
        me.hasConflictOut = true;
      }
      if (!committed || writer.state === "committed" || writer.snapshotSeq >= this.#lastSeq)
        unlink(me, writer);
    }
    for (const reader of [...me.inConflicts]) {
      if (!committed || reader.state === "committed" || reader.readOnly) unlink(reader, me);
    }
  }

  #forgetOld(): void {
    let xmin = Number.POSITIVE_INFINITY;
    for (const transaction of this.#active) xmin = Math.min(xmin, transaction.snapshotXmin);
    this.#finished = this.#finished.filter((transaction) => {
      const needed = transaction.state === "committed" && transaction.finishedBefore > xmin;
      if (!needed) release(transaction);
      return needed;
    });
  }

  #flag(reader: SerializableTransaction, writer: SerializableTransaction, me: SerializableTransaction): void {
    if (writerIsPivot(reader, writer) || readerIsPivot(reader, writer)) {
      if (me === writer) throw failure("Canceled on identification as a pivot, during write.");
      if (writer.state === "committed") throw failure("Canceled on conflict out to pivot, during read.");
      writer.doomed = true;
    }
    reader.outConflicts.push(writer);
    writer.inConflicts.push(reader);
  }
}

/** reader → writer → T3, and T3 committed first. */
function writerIsPivot(reader: SerializableTransaction, writer: SerializableTransaction): boolean {
  if (writer.state === "committed" && writer.hasConflictOut) return true;
  return writer.outConflicts.some(
    (third) =>
      third.state === "committed" &&
      (reader.state !== "committed" || third.prepareSeq <= reader.commitSeq) &&
      (writer.state !== "committed" || third.prepareSeq <= writer.commitSeq) &&
      (!reader.readOnly || third.prepareSeq <= reader.snapshotSeq),
  );
}

/** T1 → reader → writer, and the writer committed first. */
function readerIsPivot(reader: SerializableTransaction, writer: SerializableTransaction): boolean {
  if (writer.state !== "committed" || reader.readOnly) return false;
  return reader.inConflicts.some(
    (first) =>
      !first.doomed &&
      (first.state !== "committed" || first.commitSeq >= writer.prepareSeq) &&
      (!first.readOnly || first.snapshotSeq >= writer.prepareSeq),
  );
}

function unlink(reader: SerializableTransaction, writer: SerializableTransaction): void {
  remove(reader.outConflicts, writer);
  remove(writer.inConflicts, reader);
}

function remove(list: SerializableTransaction[], item: SerializableTransaction): void {
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
}

function release(me: SerializableTransaction): void {
  for (const writer of [...me.outConflicts]) unlink(me, writer);
  for (const reader of [...me.inConflicts]) unlink(reader, me);
  for (const readers of me.readTargets) remove(readers, me);
  me.readTargets.length = 0;
}

function failure(reason: string): PostgresError {
  return new PostgresError(
    "40001",
    "could not serialize access due to read/write dependencies among transactions",
    { detail: `Reason code: ${reason}`, hint: "The transaction might succeed if retried." },
  );
}
