import { Kysely, sql } from "kysely";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../harness/random/random-stream.ts";
import { createSimPostgresDialect } from "../../../harness/sim/postgres/sim-postgres-dialect.ts";
import { PostgresReplica } from "../../../harness/sim/postgres-replica/postgres-replica.ts";
import type { ReplicaSettings } from "../../../harness/sim/postgres-replica/replica-settings.ts";
import { replicaRefusals } from "../../support/postgres/replica-refusals.ts";
import { SimWorld, type WorldTables, watch } from "../../support/postgres/sim-world.ts";

class ReplicaWorld extends SimWorld {
  readonly replica: PostgresReplica;

  constructor(seed = 1, settings: Partial<ReplicaSettings> = {}) {
    super(seed);
    const { scheduler, network, server: primary } = this;
    const random = randomStream(seed, "replica");
    this.replica = new PostgresReplica({ scheduler, network, random, name: "replica", primary, settings });
  }

  reader(name: string): Kysely<WorldTables> {
    const { dialect } = createSimPostgresDialect({
      scheduler: this.scheduler,
      network: this.network,
      server: this.replica,
      clientNode: name,
      owner: this.root,
      random: randomStream(1, name),
    });
    return new Kysely<WorldTables>({ dialect });
  }
}

async function world(seed = 1, settings: Partial<ReplicaSettings> = {}) {
  const made = new ReplicaWorld(seed, settings);
  await made.setUp();
  const writer = made.process("writer").db;
  const reader = made.reader("reader");
  const deposit = (id: number) =>
    writer
      .updateTable("account")
      .set((eb) => ({ balance: eb("balance", "+", 1) }))
      .where("id", "=", id)
      .execute();
  const seen = async (db: Kysely<WorldTables> = reader, id = 1) =>
    (await db.selectFrom("account").select("balance").where("id", "=", id).executeTakeFirstOrThrow()).balance;
  const position = async () =>
    (await writer.selectNoFrom(sql<string>`pg_current_wal_lsn()`.as("lsn")).executeTakeFirstOrThrow()).lsn;
  const replayed = async () =>
    (await reader.selectNoFrom(sql<string>`pg_last_wal_replay_lsn()`.as("lsn")).executeTakeFirstOrThrow())
      .lsn;
  const reached = async (lsn: string) =>
    (
      await reader
        .selectNoFrom(sql<boolean>`pg_last_wal_replay_lsn() >= ${lsn}::pg_lsn`.as("reached"))
        .executeTakeFirstOrThrow()
    ).reached;
  return { world: made, replica: made.replica, writer, reader, deposit, seen, position, replayed, reached };
}

test("every read is a prefix of the primary's commits, and never goes back; some are behind", async () => {
  let behind = 0;
  for (let seed = 0; seed < 15; seed++) {
    const { world: made, writer, reader, seen } = await world(seed, { lagMsMax: 5 });
    // Each transaction takes 1 from account 2 and gives it to account 1.
    const writes = async () => {
      for (let n = 0; n < 40; n++) {
        await writer.transaction().execute(async (trx) => {
          for (const [id, add] of [
            [1, 1],
            [2, -1],
          ] as const) {
            await trx
              .updateTable("account")
              .set((eb) => ({ balance: eb("balance", "+", add) }))
              .where("id", "=", id)
              .execute();
          }
        });
      }
    };
    let last = 100;
    const reads = async () => {
      while (last < 140) {
        const rows = await reader.selectFrom("account").select(["id", "balance"]).orderBy("id").execute();
        const [first = 0, second = 0] = rows.map(({ balance }) => balance);
        expect(first + second).toBe(200);
        expect(first).toBeGreaterThanOrEqual(last);
        if (first < Number(made.balance(1))) behind++;
        last = first;
      }
    };
    await made.finish(Promise.all([writes(), reads()]));
    expect(await made.finish(seen())).toBe(140);
  }
  expect(behind).toBeGreaterThan(20);
});

test("the same seed gives the same run", async () => {
  const hash = async (seed: number) => {
    const { world: made, deposit, seen } = await world(seed);
    await made.finish(Promise.all([deposit(1), deposit(2), seen(), seen()]));
    return made.scheduler.eventLogHash();
  };
  expect(await hash(7)).toBe(await hash(7));
  expect(await hash(7)).not.toBe(await hash(8));
});

describe("what cannot be done on a replica", () => {
  test.each(replicaRefusals)("%s", async (_name, attempt, code) => {
    const { world: made, reader } = await world();
    await expect(made.finish(attempt(reader))).rejects.toMatchObject({ code });
    expect(made.replica.refusals).toEqual([]);
  });
});

test("a position taken after a write tells when the replica shows it, and is compared as a number", async () => {
  const { world: made, deposit, seen, position, replayed, reached, replica } = await world();
  const positions: string[] = [];
  for (let n = 1; n <= 12; n++) {
    replica.pauseReplay();
    await made.finish(deposit(1));
    const token = await made.finish(position());
    positions.push(token);
    expect(await made.finish(reached(token))).toBe(false);
    expect(await made.finish(seen())).toBe(99 + n);
    replica.resumeReplay();
    while (!(await made.finish(reached(token))));
    expect(await made.finish(seen())).toBe(100 + n);
    expect(await made.finish(replayed())).toBe(token);
  }
  expect(positions.every((text) => /^\d+\/[0-9A-F]+$/.test(text))).toBe(true);
  // Whoever compares the text is wrong now and then.
  expect([...positions].sort()).not.toEqual(positions);
});

test("a primary has replayed nothing", async () => {
  const { world: made, writer } = await world();
  const query = writer.selectNoFrom(sql<string | null>`pg_last_wal_replay_lsn()`.as("lsn"));
  expect(await made.finish(query.executeTakeFirstOrThrow())).toEqual({ lsn: null });
});

test("what was received is in front of what is replayed, and unknown until something comes after a start", async () => {
  const { world: made, writer, replica, reader, deposit, position, replayed } = await world();
  const received = async (database: Kysely<WorldTables>) =>
    (
      await database
        .selectNoFrom(sql<string | null>`pg_last_wal_receive_lsn()`.as("lsn"))
        .executeTakeFirstOrThrow()
    ).lsn;
  const before = await made.finish(position());
  replica.pauseReplay();
  await made.finish(deposit(1));
  await made.run();
  expect(await made.finish(received(reader))).toBe(await made.finish(position()));
  expect(await made.finish(replayed())).toBe(before);
  expect(await made.finish(received(writer))).toBeNull();
  const heal = made.network.intercept("db", "replica", () => "hold");
  replica.crash();
  replica.restart();
  expect(await made.finish(received(made.reader("another")))).toBeNull();
  heal();
  await made.run();
  expect(await made.finish(received(made.reader("third")))).toBe(await made.finish(position()));
});

describe("lag", () => {
  test("a commit is seen exactly so long after it happened as was asked", async () => {
    const { world: made, deposit, replica, seen } = await world(1, { lagMsMin: 0, lagMsMax: 0 });
    replica.setApplyDelay(800);
    await made.finish(deposit(1));
    const committedMs = made.scheduler.now / 1e6;
    await made.run(committedMs + 790);
    expect([await made.finish(seen()), replica.waitingCommits]).toEqual([100, 1]);
    await made.run(committedMs + 801);
    expect([await made.finish(seen()), replica.waitingCommits]).toEqual([101, 0]);
  });

  test("a shorter delay lets go what waits", async () => {
    const { world: made, deposit, replica, seen } = await world();
    replica.setApplyDelay(600_000);
    await made.finish(deposit(1));
    replica.setApplyDelay(0);
    await made.run(made.scheduler.now / 1e6 + 50);
    expect(await made.finish(seen())).toBe(101);
  });

  test("a reader that keeps its snapshot sees what it saw", async () => {
    const { world: made, deposit, reader, seen } = await world();
    const old = await made.finish(reader.startTransaction().setIsolationLevel("repeatable read").execute());
    expect(await made.finish(seen(old))).toBe(100);
    for (let n = 0; n < 100; n++) await made.finish(deposit(1));
    await made.run();
    expect(await made.finish(seen())).toBe(200);
    expect(await made.finish(seen(old))).toBe(100);
    await made.finish(old.commit().execute());
  });
});

describe("failures", () => {
  test("a replica that died shows at least what it had shown, and catches up", async () => {
    const { world: made, deposit, replica, seen } = await world();
    await made.finish(deposit(1));
    await made.run();
    replica.crash();
    await made.finish(deposit(1));
    const lost = watch(seen());
    await made.run(made.scheduler.now / 1e6 + 100);
    expect(lost.outcome).toBe("rejected");
    replica.restart();
    expect(await made.finish(seen(made.reader("again")))).toBeGreaterThanOrEqual(101);
    await made.run();
    expect(await made.finish(seen(made.reader("later")))).toBe(102);
  });

  test("a replica that was started again replays, also where its replay was paused: as a real standby", async () => {
    const { world: made, replica, deposit, seen } = await world();
    replica.pauseReplay();
    await made.finish(deposit(1));
    await made.run();
    expect([await made.finish(seen()), replica.waitingCommits]).toEqual([100, 1]);
    replica.crash();
    replica.restart();
    await made.run();
    expect(replica.waitingCommits).toBe(0);
    expect(await made.finish(seen(made.reader("after the restart")))).toBe(101);
  });

  test("a primary that died: the replica answers, and goes on after the restart", async () => {
    const { world: made, deposit, seen } = await world();
    await made.finish(deposit(1));
    made.server.crash();
    await made.run();
    expect(await made.finish(seen())).toBe(101);
    made.server.restart();
    const fresh = made.process("fresh").db;
    await made.finish(fresh.updateTable("account").set({ balance: 7 }).where("id", "=", 1).execute());
    await made.run();
    expect(await made.finish(seen())).toBe(7);
  });

  test.each(["hold", "drop", "reset"] as const)(
    "a log that meets %s arrives after the heal",
    async (fate) => {
      const { world: made, deposit, seen } = await world();
      const heal = made.network.intercept("db", "replica", () => fate);
      await made.finish(deposit(1));
      await made.run(made.scheduler.now / 1e6 + 3000);
      expect(await made.finish(seen())).toBe(100);
      heal();
      await made.run(made.scheduler.now / 1e6 + 3000);
      expect(await made.finish(seen())).toBe(101);
    },
  );
});

test("versions that only the replica still needs stay, and go when it has moved on", async () => {
  const { world: made, deposit, replica, seen } = await world();
  replica.pauseReplay();
  for (let n = 0; n < 150; n++) await made.finish(deposit(1));
  const heap = () => made.server.store.tables.get("account")?.heap.length ?? 0;
  expect(heap()).toBeGreaterThan(150);
  expect(await made.finish(seen())).toBe(100);
  replica.resumeReplay();
  await made.run();
  for (let n = 0; n < 100; n++) await made.finish(deposit(1));
  expect(heap()).toBeLessThan(150);
});
