import { ABSENT } from "../entity/versioned-entity.ts";
import { type ChainFacts, type ChainLink, couldStore, type VersionFacts } from "./chain-facts.ts";

/** Why no order in time explains a chain. Rows; see the fields. */
export interface OrderProblem {
  readonly kind: "too-late" | "conflict";
  /** The state that was there too early, or the state that a conflict denies. */
  readonly link: ChainLink;
  /** The invocation that came too late, of the write that led to `lateLink`; −1 where there is none at all. */
  readonly late: number;
  readonly lateLink: ChainLink | null;
  /** Completion of the evidence: what showed the state, or the refused write. */
  readonly evidence: number;
  /** For a conflict the completion that shows that the state was there before; −1 for the initial state. */
  readonly since: number;
}

/** Deepest search for versions before the first one that was seen; beyond it nothing is concluded. */
export const startsTried = 64;

/**
 * Is there a moment for each write of a chain, between its invocation and its completion and after the
 * write before it, so that every state was there before it was shown and every conflict had a cause?
 *
 * Let `p(v)` be the moment of the write of version v. A conflict over expected version e in the window
 * (a, b) asks that p(e) > a or p(e+1) < b. The moments that p(v) can take, given all demands on earlier
 * versions, always form one interval, and only its ends matter: `earliest` and `latest`. So one pass in
 * the order of versions decides exactly. Linear in links and conflicts.
 *
 * Beyond the last link the chain goes on as far as conflicts demand it, by writes of unknown outcome.
 */
export function orderProblem(facts: ChainFacts, links: readonly ChainLink[]): OrderProblem | null {
  const { history } = facts;
  let earliest = -1;
  let earliestLink: ChainLink | null = null;
  let latest = -1;
  let latestBy = -1;
  for (let position = 0; ; position++) {
    const link = position < links.length ? links[position]! : null;
    const previous = position === 0 ? null : links[position - 1]!;
    const pressing = previous === null ? -1 : mostPressing(facts, previous.version, latest);
    if (link === null) return pressing < 0 ? null : beyond(facts, links, earliest, pressing, latestBy);
    if (previous === null) continue;
    if (link.writer > earliest) {
      earliest = link.writer;
      earliestLink = link;
    }
    const shown = link.seen < 0 ? Number.POSITIVE_INFINITY : link.seen;
    if (shown <= earliest) {
      return { kind: "too-late", link, late: earliest, lateLink: earliestLink, evidence: shown, since: -1 };
    }
    const bound = pressing < 0 ? Number.POSITIVE_INFINITY : history.mate[pressing]!;
    if (bound <= earliest) {
      const late = { late: earliest, lateLink: earliestLink };
      return { kind: "conflict", link: previous, ...late, evidence: bound, since: latestBy };
    }
    latest = Math.min(shown, bound);
    latestBy = latest === Number.POSITIVE_INFINITY ? -1 : latest;
  }
}

/** The conflict over `version` that must be explained soonest by its being superseded; −1: none must. */
function mostPressing(facts: ChainFacts, version: number, latest: number): number {
  const conflicts = facts.conflicts.get(version);
  if (conflicts === undefined) return -1;
  let pressing = -1;
  for (const row of conflicts) {
    const isUnexplained = row >= latest;
    if (isUnexplained && (pressing < 0 || facts.history.mate[row]! < facts.history.mate[pressing]!)) {
      pressing = row;
    }
  }
  return pressing;
}

/** Writes of unknown outcome that nobody saw must explain conflicts over the last state. */
function beyond(
  facts: ChainFacts,
  links: readonly ChainLink[],
  earliestBefore: number,
  firstPressing: number,
  latestBefore: number,
): OrderProblem | null {
  let link = links[links.length - 1]!;
  let earliest = earliestBefore;
  let pressing = firstPressing;
  let latestBy = latestBefore;
  for (;;) {
    const bound = facts.history.mate[pressing]!;
    const candidates =
      link.version === ABSENT ? facts.unknownCreates : facts.unknownUpdates.get(link.version + 1);
    const [writer = -1] = candidates ?? [];
    earliest = Math.max(earliest, writer);
    if (writer < 0 || earliest >= bound) {
      const late = { late: writer < 0 ? -1 : earliest, lateLink: null };
      return { kind: "conflict", link, ...late, evidence: bound, since: latestBy };
    }
    // A creation that nobody saw may have any version, also one that nobody expected.
    if (link.version === ABSENT) return null;
    link = { version: link.version + 1, writer, seen: -1 };
    latestBy = bound;
    pressing = mostPressing(facts, link.version, bound);
    if (pressing < 0) return null;
  }
}

/**
 * The ways in which a chain can have come to its first known version, shortest first: it was there at the
 * start, it was created, or writes of unknown outcome led to it from versions that nobody saw.
 */
export function* chainStarts(
  facts: ChainFacts,
  first: VersionFacts,
): Generator<ChainLink[], void, undefined> {
  const canBeInitial = facts.absent < 0;
  const link = (version: number, writer: number): ChainLink =>
    version === first.version ? { version, writer, seen: first.seen } : { version, writer, seen: -1 };
  const absent: ChainLink = { version: ABSENT, writer: -1, seen: -1 };
  if (canBeInitial) yield [link(first.version, -1)];
  if (first.ack >= 0) {
    yield [absent, link(first.version, first.ack)];
    return;
  }
  if (facts.creates.length > 0) return;
  const tail: ChainLink[] = [];
  for (let version = first.version; version >= 0 && tail.length <= startsTried; version--) {
    const isFirst = version === first.version;
    const fits = (row: number): boolean => !isFirst || couldStore(facts, row, first.firstRead);
    const creator = facts.unknownCreates.find(fits);
    if (creator !== undefined) yield [absent, link(version, creator), ...tail];
    const writer = facts.unknownUpdates.get(version)?.find(fits);
    if (writer === undefined) return;
    tail.unshift(link(version, writer));
    if (canBeInitial) yield [link(version - 1, -1), ...tail];
  }
}
