import * as fc from "fast-check";
import { activity } from "../checkers/activity/activity.checker.ts";
import { outgoingCalls } from "../checkers/calls/outgoing-calls.checker.ts";
import { monotonicReads } from "../checkers/session/monotonic-reads.checker.ts";
import { readYourWrites } from "../checkers/session/read-your-writes.checker.ts";
import { visibleDependencies } from "../checkers/session/visible-dependencies.checker.ts";
import { answerLost } from "../harness/faults/answer-lost.fault.ts";
import { delayedDelivery } from "../harness/faults/delayed-delivery.fault.ts";
import { type FaultChoice, faultChoice } from "../harness/faults/fault.ts";
import { linkLatency } from "../harness/faults/link-latency.fault.ts";
import { defineScenario, type Scenario } from "../harness/run/scenario.ts";
import type { Defect } from "../reference-impl/defects/defect.ts";
import { replyBeforeComment } from "../reference-impl/defects/reply-before-comment.defect.ts";
import { retryWithoutKey } from "../reference-impl/defects/retry-without-key.defect.ts";
import { stickySessionLostOnFailover } from "../reference-impl/defects/sticky-session-lost-on-failover.defect.ts";
import { unorderedFanout } from "../reference-impl/defects/unordered-fanout.defect.ts";
import type { BlogMechanisms } from "../reference-impl/services/blog/blog-mechanisms.ts";
import {
  blogNodes,
  blogSystem,
  blogTopics,
  textbookBlogSystem,
} from "../reference-impl/systems/blog.system.ts";
import { blogWorkload } from "./blog.workload.ts";
import type { FaultEdge } from "./faults/fault-places.ts";
import { systemFaults } from "./faults/system-faults.ts";
import { defectForm, hardenedForm, textbookForm } from "./forms.ts";
import { inspectEntries } from "./inspect-entries.ts";

const nodes = blogNodes;
const limits = { loadMs: 120_000, settleMs: 30_000, callTimeoutMs: 2000 };
const checkers = [
  // What a stranger is shown is judged by itself: no client reads an entry that it knows from there only.
  visibleDependencies({ functions: { list: ["list", "browse"] } }),
  readYourWrites(),
  monotonicReads(),
  // A write, and a read at each of two readers, is sent twice at most.
  outgoingCalls({ attemptsMax: 2 }),
  activity(),
];
const defects: readonly Defect<BlogMechanisms>[] = [
  retryWithoutKey,
  stickySessionLostOnFailover,
  unorderedFanout,
  replyBeforeComment,
];
const readerEdges: readonly FaultEdge[] = nodes.readers.flatMap((reader, at): FaultEdge[] => [
  { from: nodes.blog, to: reader, speaks: "http" },
  { from: reader, to: nodes.readerStores[at] ?? reader, speaks: "sql" },
  { from: reader, to: nodes.bus, speaks: "bus" },
]);

/** Pattern 14: what a session has seen stays seen, and a reply is never shown without its comment. */
export const repliesFollowComments: Scenario = defineScenario({
  name: "replies-follow-comments",
  claim:
    "a reply is never shown without its comment, and a session that moves to another reader sees no less than before",
  notTested: [
    "entries that are taken back",
    "a client that loses its session, or uses it twice at the same time",
    "more than one service that takes comments",
    "replies to replies",
  ],
  patterns: ["14 Session and causal guarantees"],
  forms: [
    hardenedForm(
      "a stream per author for comments and one for replies, replies held back until their comment is there, positions that go with the session",
      () => blogSystem(),
    ),
    textbookForm({
      summary: "store, then publish on the seed's bus, which prints errors; each read at any reader",
      needs: "two readers of which one is behind",
      flaws: [
        {
          flaw: "each read goes to any reader: who has written an entry does not find it, or an older text of it",
          checker: "read-your-writes",
          types: ["own-write-not-seen", "own-writes-contradict"],
        },
        {
          flaw: "each read goes to any reader: a later read shows an older text than an earlier one",
          checker: "monotonic-reads",
          types: ["read-went-back", "reads-contradict"],
        },
        {
          flaw: "comments and replies arrive on their own: a reply is shown without its comment",
          checker: "visible-dependencies",
          types: ["dependency-missing", "shown-without-dependency"],
        },
      ],
      system: textbookBlogSystem,
    }),
    ...defects.map((defect) => defectForm(defect, blogSystem, checkers)),
  ],
  workload: blogWorkload(limits.callTimeoutMs),
  faults: [
    ...systemFaults({
      edges: [
        { from: "clients", to: nodes.blog, speaks: "http" },
        { from: nodes.blog, to: nodes.comments, speaks: "http" },
        { from: nodes.comments, to: nodes.commentsStore, speaks: "sql" },
        { from: nodes.comments, to: nodes.bus, speaks: "bus" },
        ...readerEdges,
      ],
      processes: [
        nodes.blog,
        nodes.comments,
        ...nodes.readers,
        nodes.commentsStore,
        ...nodes.readerStores,
        nodes.bus,
      ],
    }),
    ...skewFaults(),
  ],
  faultsMax: 4,
  checkers,
  limits,
  inspect: inspectEntries,
  real: ["hardened", "textbook", "defect:sticky-session-lost-on-failover"],
});

/**
 * What makes some messages fall behind others: a topic that is late, a bus that a reader gets many messages from at
 * once, a store that is slow or fails single messages.
 */
function skewFaults(): readonly FaultChoice[] {
  const late = fc.record({
    broker: fc.constant(nodes.bus),
    topic: fc.constantFrom(blogTopics.comments, blogTopics.comments, blogTopics.replies),
    delayMs: fc.integer({ min: 20, max: 600 }),
  });
  const slowly = (ways: readonly (readonly [string, string])[], max: number) =>
    fc
      .tuple(fc.constantFrom(...ways), fc.integer({ min: 5, max }))
      .map(([[from, to], addMs]) => ({ from, to, addMs }));
  const toStore = nodes.readers.map((reader, at) => [reader, nodes.readerStores[at] ?? reader] as const);
  const fromBus = nodes.readers.map((reader) => [nodes.bus, reader] as const);
  const lost = fc
    .tuple(fc.constantFrom(...toStore), fc.integer({ min: 1, max: 3 }))
    .map(([[from, to], count]) => ({ from, to, count }));
  return [
    ...Array.from({ length: 4 }, () => faultChoice(delayedDelivery, late)),
    ...Array.from({ length: 4 }, () => faultChoice(linkLatency, slowly(fromBus, 400))),
    ...Array.from({ length: 2 }, () => faultChoice(linkLatency, slowly(toStore, 60))),
    faultChoice(answerLost, lost),
  ];
}
