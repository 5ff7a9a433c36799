import type { LawName } from "./law.ts";

/** The laws that rightly do not hold for a checker, each with the reason in a sentence. */
export type LawExceptions = Readonly<Partial<Record<LawName, string>>>;

const noValues = "values are amounts, and none of them is a name";
const finalsOnly = "its witnesses are final records, which come last and tell what is missing";
const noKeys = "transactions name several keys each, so no key has a history of its own";
const otherCycle =
  "of several cycles through a transaction one is named, and values that lost their writer are garbage";
const bothSearched =
  "one cycle is named for each knot, and an order is searched for only where nothing else is wrong with any key";
const orphans =
  "a value whose write was taken away was written by nobody, and a register with several such values is not judged";

const unwritten = "an entity whose writes were taken away, so that nobody writes it, is not judged";

const transactional: LawExceptions = {
  "blame-by-key": noKeys,
  "split-by-key": noKeys,
};
const searched: LawExceptions = {
  ...transactional,
  "other-keys": bothSearched,
  "same-anomaly": otherCycle,
};

/** One entry for each checker of the catalogue: no exceptions means that every law holds. */
export const lawTable: Readonly<Record<string, LawExceptions>> = {
  activity: {
    "other-keys": "calls of everybody are counted together",
    "split-by-key": "calls of everybody are counted together",
    values: "no value is read",
    "drop-later": "it is never invalid",
    "same-anomaly": "it is never invalid",
  },
  availability: {
    values: "no value is read",
    "other-keys": "calls of everybody are counted together, and whoever is served ends an outage",
    "split-by-key": "calls of everybody are counted together, and whoever is served ends an outage",
    "failing-sessions": "every call that is not served counts",
    "know-less": "a call whose outcome is unknown was not served",
  },
  "balanced-holdings": {
    "failing-sessions": "nobody calls: it reads final records only",
    "drop-later": finalsOnly,
    "same-anomaly": finalsOnly,
  },
  bank: {},
  "bounded-staleness": { "drop-later": orphans, "same-anomaly": orphans },
  "cache-staleness": {
    "split-by-key": "whether anybody looked at what is stored is seen in the records of all keys together",
  },
  causal: transactional,
  conservation: { values: noValues },
  counter: { values: noValues },
  "definite-answers": {},
  delivery: {
    "drop-later": finalsOnly,
    "same-anomaly": finalsOnly,
    "failing-sessions": "nobody calls: it reads records only",
    "blame-by-key": "a consumer that is seen in one stream is taken to need all of them",
    "split-by-key": "a consumer that is seen in one stream is taken to need all of them",
  },
  durability: {
    "drop-later": "a final read is the last thing that its session does",
    "same-anomaly": "a final read is the last thing that its session does",
  },
  "event-streams": {},
  linearizability: {},
  "list-append": searched,
  "lock-safety": {
    "failing-sessions":
      "who asks for a release no longer certainly holds the lock, even where the release is refused",
    "blame-with-others": "whether the store tells what it accepted is seen in all its final records together",
    "other-keys": "whether the store tells what it accepted is seen in all its final records together",
    "blame-by-key": "what a guarded write is about is not the lock that it names",
    "split-by-key": "what a guarded write is about is not the lock that it names",
  },
  "long-fork": {},
  "monotonic-reads": { "drop-later": orphans, "same-anomaly": orphans },
  "monotonic-writes": {},
  "optimistic-lock": { "drop-later": unwritten, "same-anomaly": unwritten },
  "outgoing-calls": {
    "failing-sessions": "nobody calls: it reads records only",
    "know-less": "a call without a record of its end is taken to last as long as its process writes records",
  },
  projection: {
    "blame-with-others": "events of all keys have positions in one log",
    "other-keys": "events of all keys have positions in one log",
    "blame-by-key": "events of all keys have positions in one log",
    "split-by-key": "events of all keys have positions in one log",
  },
  "read-atomic": transactional,
  "read-committed": transactional,
  "read-your-writes": { "drop-later": orphans, "same-anomaly": orphans },
  "rw-register": searched,
  "saga-atomicity": {
    "drop-later": finalsOnly,
    "same-anomaly": finalsOnly,
    "blame-with-others": "which steps a saga needs is learnt from all that are completed",
    "other-keys": "which steps a saga needs is learnt from all that are completed",
    "blame-by-key": "which steps a saga needs is learnt from all that are completed",
    "split-by-key": "which steps a saga needs is learnt from all that are completed",
    "failing-sessions": "nobody calls: it reads records only",
  },
  set: {},
  "visible-dependencies": {
    "blame-by-key": "the promise is about one key and another",
    "split-by-key": "the promise is about one key and another",
  },
  "writes-follow-reads": {},
};
