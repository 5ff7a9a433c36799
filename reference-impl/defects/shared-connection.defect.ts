import { Kysely } from "kysely";
import type { UserMechanisms } from "../services/user/user.service.ts";
import type { Defect } from "./defect.ts";
import { SharedConnectionDialect } from "./shared-connection-dialect.ts";

/** One connection serves all requests at the same time: their statements share a transaction. */
export const sharedConnection: Defect<UserMechanisms> = {
  name: "shared-connection",
  missing: "one connection serves all requests at the same time: their statements share a transaction",
  needs:
    "one request rolls back (a copy of a request came, or its connection broke) while another is at work",
  shows: [
    { checker: "durability", types: ["lost-write"] },
    { checker: "read-your-writes", types: ["own-write-not-seen", "own-writes-contradict"] },
    {
      checker: "optimistic-lock",
      types: ["false-conflict", "refused-update-stored", "lost-update", "read-off-chain"],
    },
  ],
  replacement: () => ({
    connections: <Tables>(pool: Kysely<Tables>) =>
      new Kysely<Tables>({ dialect: new SharedConnectionDialect(pool as unknown as Kysely<unknown>) }),
  }),
};
