import type { GroupHost } from "./group-host.ts";
import type {
  Generation,
  GroupMember,
  JoinRequest,
  JoinResult,
  SyncRequest,
  SyncResult,
} from "./group-member.ts";
import {
  answerJoin,
  answerSync,
  joinResultOf,
  longestRebalanceMs,
  newMember,
  sameProtocols,
  updateMember,
} from "./group-member.ts";
import { GroupOffsets } from "./group-offsets.ts";
import { type KafkaReply, kafkaErrorCodes, kafkaFailure } from "./kafka-answer.ts";
import { PendingMembers } from "./pending-members.ts";
import { PhaseTimer } from "./phase-timer.ts";
import { SessionWatch } from "./session-watch.ts";

type GroupState = "empty" | "preparing" | "completing" | "stable";

const { illegalGeneration, memberIdRequired, rebalanceInProgress, unknownMemberId } = kafkaErrorCodes;

/**
 * One consumer group at its coordinator, after the classic protocol of Kafka's group coordinator:
 * members join, the leader assigns, everybody syncs; a member that joins, leaves or falls silent
 * begins the next generation. Generations and offsets survive the broker; a rebalance in progress is
 * forgotten by a crash, and the last generation goes on.
 */
export class ConsumerGroup {
  readonly id: string;
  readonly offsets: GroupOffsets = new GroupOffsets();
  #state: GroupState = "empty";
  #generation: Generation = { generationId: 0, leaderId: "", groupProtocol: "" };
  readonly #members = new Map<string, GroupMember>();
  readonly #pending: PendingMembers;
  readonly #sessions: SessionWatch;
  /** What the next life of the broker finds. */
  #persisted = { generation: this.#generation, members: [] as readonly GroupMember[] };
  readonly #phase: PhaseTimer;

  constructor(id: string, host: GroupHost) {
    this.id = id;
    this.#phase = new PhaseTimer(host);
    this.#pending = new PendingMembers(host);
    this.#sessions = new SessionWatch(host, this.#members, (member) => this.#remove(member));
  }

  /** `empty`, `preparing` or `completing` a rebalance, `stable`. */
  get state(): GroupState {
    return this.#state;
  }

  /** JoinGroup. The answer comes when every member has joined, or when the rebalance timeout is over. */
  join(request: JoinRequest, reply: KafkaReply<JoinResult>): void {
    const { memberId, groupProtocols } = request;
    if (memberId === "") {
      const id = this.#pending.add(request, () => this.#completeJoinIfReady());
      reply(kafkaFailure(memberIdRequired, { memberId: id }));
      return;
    }
    const member = this.#members.get(memberId) ?? this.#newMember(memberId);
    if (member === null) {
      reply(kafkaFailure(unknownMemberId));
      return;
    }
    const unchanged = sameProtocols(member.protocols, groupProtocols);
    const follower = this.#state === "stable" && memberId !== this.#generation.leaderId;
    if (unchanged && (this.#state === "completing" || follower)) {
      this.#sessions.touch(member);
      reply({ ok: true, value: this.#joinResult(member) });
      return;
    }
    updateMember(member, request);
    member.awaitingJoin = reply;
    this.#rebalance();
  }

  /** SyncGroup. The answer comes with the leader's assignment. */
  sync(request: SyncRequest, reply: KafkaReply<SyncResult>): void {
    const member = this.#members.get(request.memberId);
    if (member === undefined) reply(kafkaFailure(unknownMemberId));
    else if (request.generationId !== this.#generation.generationId) reply(kafkaFailure(illegalGeneration));
    else if (this.#state === "preparing") reply(kafkaFailure(rebalanceInProgress));
    else if (this.#state === "stable") {
      this.#sessions.touch(member);
      reply({ ok: true, value: { memberAssignment: member.assignment } });
    } else {
      member.awaitingSync = reply;
      this.#sessions.touch(member);
      if (member.id === this.#generation.leaderId) this.#assign(request);
    }
  }

  /** Heartbeat: an error code, or 0. */
  heartbeat(memberId: string, generationId: number): number {
    return this.#signOfLife(memberId, generationId, "preparing");
  }

  /** LeaveGroup: an error code, or 0. */
  leave(memberId: string): number {
    if (this.#pending.take(memberId)) {
      this.#completeJoinIfReady();
      return 0;
    }
    const member = this.#members.get(memberId);
    if (member === undefined) return unknownMemberId;
    this.#remove(member);
    return 0;
  }

  /** Whether a member may commit offsets: an error code, or 0. It counts as a sign of life. */
  mayCommit(memberId: string, generationId: number): number {
    if (generationId < 0 && this.#state === "empty") return 0;
    return this.#signOfLife(memberId, generationId, "completing");
  }

  /** The broker died: what was persisted last is what its next life finds. */
  crash(): void {
    const { generation, members } = this.#persisted;
    this.#pending.crash();
    this.#members.clear();
    for (const member of members) {
      this.#members.set(member.id, { ...member, awaitingJoin: null, awaitingSync: null });
    }
    this.#state = members.length === 0 ? "empty" : "stable";
    this.#generation = generation;
    this.#sessions.crash();
    this.#phase.stop();
  }

  /** The broker is back: every member gets a whole session timeout to show up. */
  restart(): void {
    for (const member of this.#members.values()) this.#sessions.touch(member);
  }

  #signOfLife(memberId: string, generationId: number, refusedWhile: GroupState): number {
    const member = this.#members.get(memberId);
    if (member === undefined) return unknownMemberId;
    if (generationId !== this.#generation.generationId) return illegalGeneration;
    this.#sessions.touch(member);
    return this.#state === refusedWhile ? rebalanceInProgress : 0;
  }

  #newMember(id: string): GroupMember | null {
    if (!this.#pending.take(id)) return null;
    const member = newMember(id);
    if (this.#members.size === 0) this.#generation = { ...this.#generation, leaderId: id };
    this.#members.set(id, member);
    return member;
  }

  /** Begins a rebalance, or goes on with the one that is under way. */
  #rebalance(): void {
    if (this.#state !== "preparing") {
      for (const member of this.#members.values()) {
        if (this.#state === "completing") member.assignment = Buffer.alloc(0);
        answerSync(member, kafkaFailure(rebalanceInProgress));
      }
      this.#state = "preparing";
      const timeoutMs = longestRebalanceMs(this.#members.values());
      this.#phase.start(timeoutMs, "rebalance timeout", () => this.#completeJoin());
    }
    this.#completeJoinIfReady();
  }

  #completeJoinIfReady(): void {
    if (this.#state !== "preparing" || this.#pending.size > 0) return;
    for (const member of this.#members.values()) if (member.awaitingJoin === null) return;
    this.#completeJoin();
  }

  /** Begins the next generation with those who have joined. */
  #completeJoin(): void {
    this.#phase.stop();
    for (const member of [...this.#members.values()]) {
      if (member.awaitingJoin === null) this.#members.delete(member.id);
    }
    const [first] = this.#members.values();
    if (first === undefined) {
      this.#becomeEmpty();
      return;
    }
    const { generationId, leaderId } = this.#generation;
    this.#generation = {
      generationId: generationId + 1,
      leaderId: this.#members.has(leaderId) ? leaderId : first.id,
      groupProtocol: first.protocols[0]?.name ?? "",
    };
    this.#state = "completing";
    const timeoutMs = longestRebalanceMs(this.#members.values());
    this.#phase.start(timeoutMs, "sync timeout", () => this.#expireUnsynced());
    for (const member of this.#members.values()) {
      this.#sessions.touch(member);
      answerJoin(member, { ok: true, value: this.#joinResult(member) });
    }
  }

  #joinResult(member: GroupMember): JoinResult {
    return joinResultOf(member, this.#generation, this.#members.values());
  }

  #assign({ groupAssignment }: SyncRequest): void {
    for (const member of this.#members.values()) {
      const found = groupAssignment.find(({ memberId }) => memberId === member.id);
      member.assignment = found?.memberAssignment ?? Buffer.alloc(0);
    }
    this.#state = "stable";
    this.#phase.stop();
    this.#persist();
    for (const member of this.#members.values()) {
      answerSync(member, { ok: true, value: { memberAssignment: member.assignment } });
    }
  }

  #expireUnsynced(): void {
    for (const member of [...this.#members.values()]) {
      if (member.awaitingSync === null) this.#members.delete(member.id);
    }
    if (this.#members.size > 0) this.#rebalance();
    else this.#becomeEmpty();
  }

  #remove(member: GroupMember): void {
    this.#members.delete(member.id);
    answerJoin(member, kafkaFailure(unknownMemberId));
    answerSync(member, kafkaFailure(unknownMemberId));
    if (this.#members.size === 0) this.#becomeEmpty();
    else this.#rebalance();
  }

  #becomeEmpty(): void {
    this.#phase.stop();
    this.#state = "empty";
    this.#generation = { ...this.#generation, generationId: this.#generation.generationId + 1, leaderId: "" };
    this.#persist();
  }

  #persist(): void {
    const members = [...this.#members.values()].map((member) => ({ ...member }));
    this.#persisted = { generation: this.#generation, members };
  }
}
