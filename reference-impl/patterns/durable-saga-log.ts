import type { ExpressionBuilder, Kysely } from "kysely";
import type { ServiceClock } from "../service-needs.ts";
import { type RetryNeeds, retryStoreFailures, storeRetryPolicy } from "./bounded-retry.ts";
import { type SagaDrive, type SagaLog, SagaLost, type SagaTables } from "./saga-log.ts";
import { classifyStoreError, sqlState } from "./store-failure.ts";

/** What a durable saga log needs. */
export interface SagaLogNeeds extends RetryNeeds {
  readonly clock: ServiceClock;
  readonly newId: () => string;
  readonly database: Kysely<SagaTables>;
  /** The name of this process among those that drive sagas; the same after a restart. */
  readonly owner: string;
}

/** How long a process that falls silent keeps others from its sagas. */
const leaseMs = 5000;
/** Sagas that are taken over at once, at most. */
const claimsMax = 50;

/**
 * A saga log in PostgreSQL. Two things keep two processes from driving one saga: a lease, taken by a guarded
 * UPDATE, so that they do not try; and the primary key (saga, position) of the log, so that it does no harm
 * if they do, as after a pause: whoever comes second finds the line taken, and stops. Every line bears the
 * drive that wrote it: an INSERT whose answer was lost is recognised when it is repeated.
 */
export function durableSagaLog(needs: SagaLogNeeds): SagaLog {
  const { database, owner, clock } = needs;
  const leaseEnd = () => clock.nowMs() + leaseMs;
  const isFree = freeFor(needs);
  const status = async (id: string) => {
    const row = await database
      .selectFrom("sagas")
      .select(["input", "state"])
      .where("id", "=", id)
      .executeTakeFirst();
    return row ?? null;
  };
  return {
    begin: (id, input) =>
      statement(needs, async () => {
        const row = { id, input, state: "running" as const, owner, lease_until_ms: leaseEnd() };
        const result = await database
          .insertInto("sagas")
          .values(row)
          .onConflict((conflict) => conflict.column("id").doNothing())
          .executeTakeFirst();
        return result.numInsertedOrUpdatedRows === 1n ? row : ((await status(id)) ?? row);
      }),
    find: (id) => statement(needs, () => status(id)),
    pending: () =>
      statement(needs, async () => {
        const row = await database
          .selectFrom("sagas")
          .select((eb) => eb.fn.countAll<string>().as("count"))
          .where("state", "=", "running")
          .executeTakeFirstOrThrow();
        return Number(row.count);
      }),
    claimable: () =>
      statement(needs, async () => {
        const rows = await database
          .selectFrom("sagas")
          .select("id")
          .where("state", "=", "running")
          .where(isFree)
          .orderBy("id")
          .limit(claimsMax)
          .execute();
        return rows.map(({ id }) => id);
      }),
    claim: (id) =>
      statement(needs, async () => {
        const row = await database
          .updateTable("sagas")
          .set({ owner, lease_until_ms: leaseEnd() })
          .where("id", "=", id)
          .where("state", "=", "running")
          .where(isFree)
          .returning("input")
          .executeTakeFirst();
        return row === undefined ? null : await openDrive(needs, id, row.input);
      }),
  };
}

/**
 * Whose sagas a process may take: its own, those whose lease is over, and those whose lease ends later than any honest
 * one: a clock that went wrong wrote it, and nobody might ever take over again.
 */
function freeFor({ owner, clock }: SagaLogNeeds) {
  return (eb: ExpressionBuilder<SagaTables, "sagas">) => {
    const nowMs = clock.nowMs();
    return eb.or([
      eb("owner", "=", owner),
      eb("lease_until_ms", "<", nowMs),
      eb("lease_until_ms", ">", nowMs + leaseMs),
    ]);
  };
}

async function openDrive(needs: SagaLogNeeds, id: string, input: string): Promise<SagaDrive> {
  const { database, owner, clock } = needs;
  const drive = needs.newId();
  const entries = await database
    .selectFrom("saga_log")
    .select(["step", "event"])
    .where("saga_id", "=", id)
    .orderBy("position")
    .execute();
  let length = entries.length;
  let takenAtNs = clock.monotonicNs();
  return {
    saga: { id, input, entries },
    async append(added) {
      const rows = added.map(({ step, event }, index) => {
        return { saga_id: id, position: length + index, drive, step, event };
      });
      await statement(needs, async () => {
        try {
          await database.insertInto("saga_log").values(rows).execute();
        } catch (error) {
          if (sqlState(error) !== "23505") throw error;
          if (!(await isOurs(needs, id, length, drive))) throw new SagaLost(id);
        }
      });
      length += added.length;
    },
    async keep() {
      const nowNs = clock.monotonicNs();
      if (nowNs - takenAtNs < (leaseMs / 2) * 1e6) return;
      const untilMs = clock.nowMs() + leaseMs;
      const result = await statement(needs, () =>
        database
          .updateTable("sagas")
          .set({ lease_until_ms: untilMs })
          .where("id", "=", id)
          .where("owner", "=", owner)
          .executeTakeFirst(),
      );
      if (result.numUpdatedRows !== 1n) throw new SagaLost(id);
      takenAtNs = nowNs;
    },
    async end(state) {
      await statement(needs, () =>
        database
          .updateTable("sagas")
          .set({ state })
          .where("id", "=", id)
          .where("state", "=", "running")
          .execute(),
      );
    },
  };
}

/** Was the line that is in the way written by this very drive, in an attempt whose answer was lost? */
async function isOurs(needs: SagaLogNeeds, id: string, position: number, drive: string): Promise<boolean> {
  const row = await needs.database
    .selectFrom("saga_log")
    .select("drive")
    .where("saga_id", "=", id)
    .where("position", "=", position)
    .executeTakeFirst();
  return row?.drive === drive;
}

/** Statements that may be repeated: each commits by itself, and none does more when it is done twice. */
function statement<Result>(needs: RetryNeeds, work: () => Promise<Result>): Promise<Result> {
  return retryStoreFailures(needs, storeRetryPolicy, async () => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof SagaLost ? error : classifyStoreError(error, true);
    }
  });
}
