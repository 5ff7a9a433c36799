import { type Kysely, sql } from "kysely";

type Loose = Kysely<Record<string, Record<string, unknown>>>;
type Program = (db: Loose) => { execute(): Promise<unknown> };

/** Single statements whose results and errors must be the same on both stores, run in this order. */
export const surfaceStatements: Readonly<Record<string, Program>> = {
  "create a table of every type": (db) =>
    db.schema
      .createTable("thing")
      .addColumn("id", "serial", (column) => column.primaryKey())
      .addColumn("small", "smallint")
      .addColumn("count", "integer", (column) => column.notNull().defaultTo(7))
      .addColumn("big", "bigint")
      .addColumn("price", "numeric(8, 2)")
      .addColumn("ratio", "numeric")
      .addColumn("weight", "double precision")
      .addColumn("name", "text", (column) => column.unique())
      .addColumn("short", "varchar(5)")
      .addColumn("token", "uuid")
      .addColumn("active", "boolean", (column) => column.notNull().defaultTo(true))
      .addColumn("payload", "jsonb")
      .addColumn("at", "timestamptz")
      .addColumn("state", "text", (column) => column.defaultTo(sql`'new'`))
      .addColumn("level", "integer", (column) => column.check(sql`level >= 0`))
      .addCheckConstraint("count_is_small", sql`count < 1000 and count > -1000`),
  "create it again": (db) => db.schema.createTable("thing").addColumn("id", "integer"),
  "create it if it does not exist": (db) =>
    db.schema.createTable("thing").ifNotExists().addColumn("id", "integer"),
  "create identity columns": (db) =>
    db.schema
      .createTable("numbered")
      .addColumn("a", "bigint", (column) => column.generatedAlwaysAsIdentity().primaryKey())
      .addColumn("b", "integer", (column) => column.generatedByDefaultAsIdentity())
      .addColumn("c", "bigserial"),
  "identity defaults": (db) => db.insertInto("numbered").defaultValues().returningAll(),
  "identity given by default": (db) => db.insertInto("numbered").values({ b: 40 }).returningAll(),
  "identity given although always": (db) => db.insertInto("numbered").values({ a: 40 }),
  "identity set although always": (db) => db.updateTable("numbered").set({ a: 40 }),
  "insert every type": (db) =>
    db
      .insertInto("thing")
      .values({
        small: 3,
        big: "9007199254740993",
        price: 12.345,
        ratio: "1.500",
        weight: 0.25,
        name: "first",
        short: "abcde",
        token: "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
        payload: { b: 1, aa: [1, { z: null, y: 1.5 }], a: "x" },
        at: new Date("2026-03-04T05:06:07.089Z"),
      })
      .returningAll(),
  "insert texts for every type": (db) =>
    db
      .insertInto("thing")
      .values({
        small: "4",
        count: " 8 ",
        big: 5n,
        price: "-0.005",
        name: 17,
        active: "off",
        payload: '{"k": [true, false, null]}',
        at: "2026-03-04 05:06:07+02",
        level: 0,
      })
      .returningAll(),
  "insert rows with defaults": (db) =>
    db
      .insertInto("thing")
      .values([
        { name: "third", level: 1 },
        { name: null, count: 9 },
        { name: null, count: 10 },
      ])
      .returning(["id", "name", "count", "level", "state"]),
  "a zero character in a text": (db) => db.insertInto("thing").values({ name: "a\0b" }),
  "a zero character in what should be a number": (db) => db.insertInto("thing").values({ level: "1\0" }),
  "a zero character to compare with": (db) => db.selectFrom("thing").select("id").where("name", "=", "\0"),
  "a zero character in json": (db) => db.insertInto("thing").values({ payload: { a: ["\0"] } }),
  "what looks like a zero character in json": (db) =>
    db
      .insertInto("thing")
      .values({ payload: { a: "\\u0000" } })
      .returning("payload"),
  "half a surrogate pair": (db) => db.insertInto("thing").values({ name: "a\ud800b" }).returning("name"),
  "a repeated key": (db) => db.insertInto("thing").values({ name: "first" }),
  "a repeated primary key": (db) => db.insertInto("thing").values({ id: 1, name: "other" }),
  "a null that is not allowed": (db) => db.insertInto("thing").values({ name: "n", count: null }),
  "a check on a column": (db) => db.insertInto("thing").values({ name: "n", level: -1 }),
  "a check on the table": (db) => db.updateTable("thing").set({ count: 1000 }).where("name", "=", "first"),
  "an integer out of range": (db) => db.insertInto("thing").values({ name: "n", count: 3000000000 }),
  "an integer that is none": (db) => db.insertInto("thing").values({ name: "n", count: "many" }),
  "an integer with a fraction": (db) => db.insertInto("thing").values({ name: "n", count: 1.5 }),
  "a bigint out of range": (db) => db.insertInto("thing").values({ name: "n", big: "9223372036854775808" }),
  "a sum out of range": (db) =>
    db
      .updateTable("thing")
      .set((eb) => ({ small: eb("small", "+", 32767) }))
      .where("id", "=", 1),
  "an integer sum out of range": (db) =>
    db
      .updateTable("thing")
      .set((eb) => ({ level: eb("count", "+", 2147483647) }))
      .where("id", "=", 1),
  "a bigint sum out of range": (db) =>
    db
      .updateTable("thing")
      .set((eb) => ({ big: eb("big", "+", "9223372036854775807") }))
      .where("id", "=", 1),
  "a numeric that overflows": (db) => db.insertInto("thing").values({ name: "n", price: 1234567.5 }),
  "a numeric that is none": (db) => db.insertInto("thing").values({ name: "n", price: "dear" }),
  "a text that is too long": (db) => db.insertInto("thing").values({ name: "n", short: "abcdef" }),
  "a uuid that is none": (db) => db.insertInto("thing").values({ name: "n", token: "x" }),
  "a boolean that is none": (db) => db.insertInto("thing").values({ name: "n", active: "perhaps" }),
  "a moment that is none": (db) => db.insertInto("thing").values({ name: "n", at: "soon" }),
  "a table that is missing": (db) => db.selectFrom("nothing").selectAll(),
  "a column that is missing": (db) => db.selectFrom("thing").select("nothing"),
  "a column that is missing, with its table": (db) => db.selectFrom("thing").select("thing.nothing"),
  "a column to write that is missing": (db) => db.insertInto("thing").values({ nothing: 1 }),
  "a column to set that is missing": (db) => db.updateTable("thing").set({ nothing: 1 }),
  "a table that is not in the statement": (db) => db.selectFrom("thing").select("other.id" as "id"),
  "count and sums": (db) =>
    db
      .selectFrom("thing")
      .select((eb) => [
        eb.fn.countAll().as("all"),
        eb.fn.count("name").as("names"),
        eb.fn.count("count").distinct().as("counts"),
        eb.fn.sum("count").as("integer_sum"),
        eb.fn.sum("big").as("bigint_sum"),
        eb.fn.sum("price").as("numeric_sum"),
        eb.fn.sum("weight").as("double_sum"),
        eb.fn.min("big").as("least"),
        eb.fn.max("name").as("last"),
        eb.fn.max("at").as("latest"),
        sql`count(*)::int`.as("number"),
        sql`coalesce(sum(level), 0)`.as("levels"),
      ]),
  "aggregates of nothing": (db) =>
    db
      .selectFrom("thing")
      .select((eb) => [eb.fn.countAll().as("n"), eb.fn.sum("count").as("s"), eb.fn.max("id").as("m")])
      .where("id", "<", 0),
  groups: (db) =>
    db
      .selectFrom("thing")
      .select((eb) => ["active", eb.fn.countAll().as("n")])
      .groupBy("active")
      .orderBy("active"),
  "a column outside of the group": (db) =>
    db
      .selectFrom("thing")
      .select((eb) => ["name", eb.fn.countAll().as("n")])
      .groupBy("active"),
  "order, nulls last": (db) =>
    db.selectFrom("thing").select(["id", "level"]).orderBy("level").orderBy("id", "desc"),
  "order descending, nulls first": (db) =>
    db.selectFrom("thing").select(["id", "level"]).orderBy("level", "desc").orderBy("id"),
  "order with nulls placed": (db) =>
    db
      .selectFrom("thing")
      .select("id")
      .orderBy("level", (order) => order.desc().nullsLast())
      .orderBy("id"),
  "limit and offset": (db) => db.selectFrom("thing").select("id").orderBy("id").limit(2).offset(1),
  "in, not in, like": (db) =>
    db
      .selectFrom("thing")
      .select("id")
      .where("id", "in", [1, 2, 3])
      .where("count", "not in", [9])
      .where("name", "like", "%ir_t")
      .orderBy("id"),
  "not in with a null": (db) => db.selectFrom("thing").select("id").where("id", "not in", [99, null]),
  "is null, or, not": (db) =>
    db
      .selectFrom("thing")
      .select("id")
      .where((eb) => eb.or([eb("name", "is", null), eb.not(eb("count", "=", 7))]))
      .orderBy("id"),
  "is true": (db) => db.selectFrom("thing").select("id").where("active", "is not", true),
  between: (db) =>
    db
      .selectFrom("thing")
      .select("id")
      .where((eb) => eb.between("id", 2, 3))
      .orderBy("id"),
  "equal to any of a list": (db) =>
    db
      .selectFrom("thing")
      .select("id")
      .where((eb) => eb("id", "=", eb.fn.any(eb.val([1, 3]))))
      .orderBy("id"),
  "is distinct from": (db) =>
    db.selectFrom("thing").select("id").where("level", "is distinct from", 1).orderBy("id"),
  "numerics are compared by value": (db) => db.selectFrom("thing").select("ratio").where("ratio", "=", "1.5"),
  "numeric arithmetic": (db) =>
    db
      .selectFrom("thing")
      .select((eb) => [eb("ratio", "*", "2.25").as("product"), eb("price", "-", "0.1").as("rest")])
      .where("id", "=", 1),
  "integer division": (db) =>
    db
      .selectFrom("thing")
      .select((eb) => [eb("count", "/", 2).as("half"), eb("count", "%", 4).as("rest")])
      .where("id", "=", 1),
  "division by zero": (db) => db.selectFrom("thing").select((eb) => eb("count", "/", 0).as("x")),
  "jsonb is compared by value": (db) =>
    db
      .selectFrom("thing")
      .select("id")
      .where("payload", "=", { k: [true, false, null] }),
  literals: (db) =>
    db.selectNoFrom((eb) => [
      eb.lit(1).as("one"),
      eb.lit(null).as("nothing"),
      sql`'text'`.as("text"),
      sql`1 + 2 * 3`.as("seven"),
    ]),
  ping: (db) => ({ execute: () => sql`select 1`.execute(db).then(({ rows }) => rows) }),
  "an alias": (db) => db.selectFrom("thing as t").select(["t.id as key", "t.name"]).where("t.id", "=", 1),
  "an aliased table by its own name": (db) => db.selectFrom("thing as t").select("thing.id" as "id"),
  "create a child": (db) =>
    db.schema
      .createTable("child")
      .addColumn("id", "integer", (column) => column.primaryKey())
      .addColumn("thing_id", "integer", (column) => column.references("thing.id"))
      .addUniqueConstraint("child_pair", ["id", "thing_id"]),
  "a child without a parent": (db) => db.insertInto("child").values({ id: 1, thing_id: 999 }),
  children: (db) =>
    db.insertInto("child").values([
      { id: 1, thing_id: 1 },
      { id: 2, thing_id: null },
      { id: 3, thing_id: 1 },
    ]),
  "a parent that goes": (db) => db.deleteFrom("thing").where("id", "=", 1),
  "a parent whose key changes": (db) => db.updateTable("thing").set({ id: 100 }).where("id", "=", 1),
  "an inner join": (db) =>
    db
      .selectFrom("thing")
      .innerJoin("child", "child.thing_id", "thing.id")
      .select(["thing.name", "child.id"])
      .orderBy("child.id"),
  "a left join": (db) =>
    db
      .selectFrom("child as c")
      .leftJoin("thing as t", "t.id", "c.thing_id")
      .select(["c.id", "t.name as thing"])
      .orderBy("c.id"),
  "an ambiguous column": (db) =>
    db.selectFrom("thing").innerJoin("child", "child.thing_id", "thing.id").select("id"),
  "an index": (db) => db.schema.createIndex("thing_count").on("thing").columns(["count", "active"]),
  "an index again": (db) => db.schema.createIndex("thing_count").on("thing").column("count"),
  "a unique index over duplicates": (db) =>
    db.schema.createIndex("thing_active").unique().on("thing").column("active"),
  "do nothing": (db) =>
    db
      .insertInto("child")
      .values({ id: 1, thing_id: 2 })
      .onConflict((oc) => oc.column("id").doNothing())
      .returningAll(),
  "do update": (db) =>
    db
      .insertInto("thing")
      .values({ id: 1, name: "first", count: 5 })
      .onConflict((oc) =>
        oc.column("id").doUpdateSet((eb) => ({ count: eb("thing.count", "+", eb.ref("excluded.count")) })),
      )
      .returning(["id", "count"]),
  "do update where": (db) =>
    db
      .insertInto("thing")
      .values({ id: 1, name: "first" })
      .onConflict((oc) => oc.column("id").doUpdateSet({ count: 1 }).where("thing.count", "<", 0))
      .returning("id"),
  "do update by constraint": (db) =>
    db
      .insertInto("child")
      .values({ id: 3, thing_id: 1 })
      .onConflict((oc) => oc.constraint("child_pair").doUpdateSet({ thing_id: 2 })),
  "a conflict on what is not unique": (db) =>
    db
      .insertInto("thing")
      .values({ id: 1 })
      .onConflict((oc) => oc.column("count").doNothing()),
  "a conflict on a constraint that is missing": (db) =>
    db
      .insertInto("thing")
      .values({ id: 1 })
      .onConflict((oc) => oc.constraint("nothing").doNothing()),
  "one row twice": (db) =>
    db
      .insertInto("thing")
      .values([
        { id: 50, name: "a50" },
        { id: 50, name: "b50" },
      ])
      .onConflict((oc) => oc.column("id").doUpdateSet({ count: 1 })),
  "update returning": (db) =>
    db
      .updateTable("thing")
      .set((eb) => ({ count: eb("count", "-", 1), name: sql`name || '!'` }))
      .where("id", "=", 1)
      .returning(["count", "name"]),
  "update in numbers": (db) => db.updateTable("thing").set({ level: 2 }).where("level", "is", null),
  "delete in numbers": (db) => db.deleteFrom("child").where("id", ">=", 2),
  "insert in numbers": (db) => db.insertInto("child").values([{ id: 7 }, { id: 8 }]),
  "a condition that is no boolean": (db) => db.selectFrom("thing").selectAll().where(sql<boolean>`count + 1`),
  "text compared with an integer": (db) => db.selectFrom("thing").select("id").whereRef("name", "=", "count"),
  "a sum of texts": (db) => db.selectFrom("thing").select((eb) => eb.fn.sum("name").as("s")),
  "drop what others need": (db) => db.schema.dropTable("thing"),
  "drop the child": (db) => db.schema.dropTable("child"),
  "drop what is missing": (db) => db.schema.dropTable("child"),
  "drop what may be missing": (db) => db.schema.dropTable("child").ifExists(),
};
