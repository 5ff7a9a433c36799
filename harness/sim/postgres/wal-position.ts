import { PostgresError } from "./postgres-error.ts";

/** The positions in a server's log that can be asked for. */
export type WalPositionName = keyof WalPositions;

/** What the functions that answer them are called. */
export const walFunctionNames: Readonly<Record<WalPositionName, string>> = {
  current: "pg_current_wal_lsn",
  replayed: "pg_last_wal_replay_lsn",
  received: "pg_last_wal_receive_lsn",
};

/** The positions by the names of their functions. */
export const walFunctions: ReadonlyMap<string, WalPositionName> = new Map(
  (["current", "replayed", "received"] as const).map((name) => [walFunctionNames[name], name]),
);

/** Where a server is in its log. */
export interface WalPositions {
  /** Of a primary. Throws 55000 on a standby. */
  current(): bigint;
  /** Of a standby: up to where it has replayed. Null on a primary. */
  replayed(): bigint | null;
  /** Of a standby: up to where it has received. Null on a primary, and while nothing has come since its start. */
  received(): bigint | null;
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
  return { current: () => walPositionAfter(commits()), replayed: () => null, received: () => null };
}

/** The positions of a standby that has replayed, and received, so many commits. */
export function standbyPositions(commits: () => number, received: () => number | null): WalPositions {
  return {
    current: () => {
      throw new PostgresError("55000", "recovery is in progress", {
        hint: "WAL control functions cannot be executed during recovery.",
      });
    },
    replayed: () => walPositionAfter(commits()),
    received: () => {
      const count = received();
      return count === null ? null : walPositionAfter(count);
    },
  };
}
