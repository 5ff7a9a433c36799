import type { Kysely } from "kysely";
import * as v from "valibot";

/** By stream: how far along it somebody is. A stream that is not named counts as 0. */
export type StreamPositions = Readonly<Record<string, number>>;

/** How far a read model is, in its own database. */
export interface PositionTables {
  positions: { stream: string; sequence: number };
}

/** More streams than one session may carry around. */
const streamsMax = 100;

/** Positions as they come from outside. */
export const positionsSchema: v.GenericSchema<unknown, StreamPositions> = v.pipe(
  v.record(v.pipe(v.string(), v.maxLength(100)), v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  v.check((positions) => Object.keys(positions).length <= streamsMax, "has too many streams"),
);

/** Creates the table. */
export async function createPositionTable(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("positions")
    .addColumn("stream", "text", (column) => column.primaryKey())
    .addColumn("sequence", "integer", (column) => column.notNull())
    .execute();
}

/**
 * Notes, in the transaction of a message's effect, how far its stream is. A position does not go back: nobody is made
 * to wait for what was there before.
 */
export async function notePosition(
  transaction: Kysely<PositionTables>,
  stream: string,
  sequence: number,
): Promise<void> {
  await transaction
    .insertInto("positions")
    .values({ stream, sequence })
    .onConflict((conflict) =>
      conflict.column("stream").doUpdateSet({ sequence }).where("positions.sequence", "<", sequence),
    )
    .execute();
}

/** How far a read model is. */
export async function readPositions(database: Kysely<PositionTables>): Promise<StreamPositions> {
  const rows = await database.selectFrom("positions").select(["stream", "sequence"]).execute();
  return Object.fromEntries(rows.map(({ stream, sequence }) => [stream, sequence]));
}

/** Is each stream at or behind its place in `seen`? */
export function haveReached(positions: StreamPositions, seen: StreamPositions): boolean {
  return Object.entries(seen).every(([stream, sequence]) => (positions[stream] ?? 0) >= sequence);
}

/** Each stream's later position. */
export function laterPositions(first: StreamPositions, second: StreamPositions): StreamPositions {
  const merged = new Map(Object.entries(first));
  for (const [stream, sequence] of Object.entries(second)) {
    merged.set(stream, Math.max(merged.get(stream) ?? 0, sequence));
  }
  return Object.fromEntries(merged);
}
