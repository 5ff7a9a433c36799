import type { KafkaAnswer, KafkaReply } from "./kafka-answer.ts";

/** An assignment strategy that a member offers, with its subscription as the client encoded it. */
export interface GroupProtocol {
  readonly name: string;
  readonly metadata: Buffer;
}

/** What a member asks for when it joins. */
export interface JoinRequest {
  readonly groupId: string;
  /** The first part of a new member's id. */
  readonly clientId: string;
  /** Empty: a new member. */
  readonly memberId: string;
  readonly sessionTimeout: number;
  readonly rebalanceTimeout: number;
  readonly groupProtocols: readonly GroupProtocol[];
}

/** What a member is told when a generation begins. Only its leader learns of the others. */
export interface JoinResult {
  readonly generationId: number;
  readonly groupProtocol: string;
  readonly leaderId: string;
  readonly memberId: string;
  readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[];
}

/** A time between two rebalances. */
export type Generation = Pick<JoinResult, "generationId" | "groupProtocol" | "leaderId">;

/** What a member brings to the end of a rebalance; the leader brings the assignment. */
export interface SyncRequest {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupAssignment: readonly { readonly memberId: string; readonly memberAssignment: Buffer }[];
}

/** The member's part of the assignment, as its leader encoded it. */
export interface SyncResult {
  readonly memberAssignment: Buffer;
}

/** One member of a group, as its coordinator knows it. */
export interface GroupMember {
  readonly id: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  protocols: readonly GroupProtocol[];
  assignment: Buffer;
  /** It is out of the group when nothing was heard of it until then; virtual ns. */
  expiresNs: number;
  /** Set while it waits for the rebalance to begin its new generation. */
  awaitingJoin: KafkaReply<JoinResult> | null;
  /** Set while it waits for the leader's assignment. */
  awaitingSync: KafkaReply<SyncResult> | null;
}

/** Whether a member offers the same as before. */
export function sameProtocols(a: readonly GroupProtocol[], b: readonly GroupProtocol[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, metadata }, i) => b[i]?.name === name && b[i].metadata.equals(metadata))
  );
}

/** A member of which nothing is known yet but its id. */
export function newMember(id: string): GroupMember {
  return {
    id,
    sessionTimeoutMs: 0,
    rebalanceTimeoutMs: 0,
    protocols: [],
    assignment: Buffer.alloc(0),
    expiresNs: Number.POSITIVE_INFINITY,
    awaitingJoin: null,
    awaitingSync: null,
  };
}

/** What a member is told of a generation; its leader also of all members. */
export function joinResultOf(
  { id }: GroupMember,
  generation: Generation,
  members: Iterable<GroupMember>,
): JoinResult {
  const described = [];
  if (id === generation.leaderId) {
    for (const { id: memberId, protocols } of members) {
      const chosen = protocols.find(({ name }) => name === generation.groupProtocol);
      described.push({ memberId, memberMetadata: chosen?.metadata ?? Buffer.alloc(0) });
    }
  }
  return { ...generation, memberId: id, members: described };
}

/** A member says anew what it wants. */
export function updateMember(member: GroupMember, request: JoinRequest): void {
  member.sessionTimeoutMs = request.sessionTimeout;
  member.rebalanceTimeoutMs = request.rebalanceTimeout;
  member.protocols = request.groupProtocols;
}

/** For how long a rebalance waits for the slowest of the members. */
export function longestRebalanceMs(members: Iterable<GroupMember>): number {
  return Math.max(...Array.from(members, (member) => member.rebalanceTimeoutMs));
}

/** Answers a member that waits for a rebalance to begin its generation; nothing if it does not wait. */
export function answerJoin(member: GroupMember, answer: KafkaAnswer<JoinResult>): void {
  const { awaitingJoin } = member;
  member.awaitingJoin = null;
  awaitingJoin?.(answer);
}

/** Answers a member that waits for its leader's assignment; nothing if it does not wait. */
export function answerSync(member: GroupMember, answer: KafkaAnswer<SyncResult>): void {
  const { awaitingSync } = member;
  member.awaitingSync = null;
  awaitingSync?.(answer);
}
