import { PostgresError } from "./postgres-error.ts";

/** Where a server is in its log: what the functions `pg_current_wal_lsn` and `pg_last_wal_replay_lsn` answer. */
export interface WalPositions {
  /** Of a primary. Throws 55000 on a standby. */
  current(): bigint;
  /** Of a standby: up to where it has replayed. Null on a primary. */
  replayed(): bigint | null;
}

/**
 * Where the log begins: after a few commits positions have one digit more, so that whoever compares
 * them as text is found out, as on a real server some day.
 */
const FIRST_POSITION = 0xfffa00n;
/** What one commit writes. */
const COMMIT_BYTES = 0x118n;

/** The position after so many commits. */
export function walPositionAfter(commits: number): bigint {
  return FIRST_POSITION + BigInt(commits) * COMMIT_BYTES;
}

/** As PostgreSQL writes it: `0/16B3748`. */
export function writeWalPosition(position: bigint): string {
  const hex = (part: bigint) => part.toString(16).toUpperCase();
  return `${hex(position >> 32n)}/${hex(position & 0xffff_ffffn)}`;
}

/** Reads what PostgreSQL writes. Throws 22P02. */
export function readWalPosition(text: string): bigint {
  const match = /^([0-9A-Fa-f]{1,8})\/([0-9A-Fa-f]{1,8})$/.exec(text);
  if (match === null) throw new PostgresError("22P02", `invalid input syntax for type pg_lsn: "${text}"`);
  return (BigInt(`0x${match[1]}`) << 32n) | BigInt(`0x${match[2]}`);
}

/** The positions of a primary after its last commit. */
export function primaryPositions(commits: () => number): WalPositions {
  return { current: () => walPositionAfter(commits()), replayed: () => null };
}

/** The positions of a standby that has replayed so many commits. */
export function standbyPositions(commits: () => number): WalPositions {
  return {
    current: () => {
      throw new PostgresError("55000", "recovery is in progress", {
        hint: "WAL control functions cannot be executed during recovery.",
      });
    },
    replayed: () => walPositionAfter(commits()),
  };
}
