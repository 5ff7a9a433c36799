import type { BlogMechanisms } from "../services/blog/blog-mechanisms.ts";
import type { Defect } from "./defect.ts";

/** At the other reader the session begins anew. */
export const stickySessionLostOnFailover: Defect<BlogMechanisms> = {
  name: "sticky-session-lost-on-failover",
  missing: "a session that goes over to another reader does not take along what it has seen",
  needs: "a reader that does not answer while the other one is behind it",
  shows: [
    { checker: "read-your-writes", types: ["own-write-not-seen", "own-writes-contradict"] },
    { checker: "monotonic-reads", types: ["read-went-back", "reads-contradict"] },
    { checker: "visible-dependencies", types: ["dependency-missing"] },
  ],
  replacement: () => ({ failOver: (_session, reader) => ({ reader, seen: {} }) }),
};
