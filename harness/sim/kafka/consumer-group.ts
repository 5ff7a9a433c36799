import type { SimEvent } from "../sim-event.ts";
import type { GroupMember, JoinRequest, JoinResult, SyncRequest, SyncResult } from "./group-member.ts";
import { joinResultOf, newMember, sameProtocols } from "./group-member.ts";
import { GroupOffsets } from "./group-offsets.ts";
import { type KafkaAnswer, type KafkaReply, kafkaErrorCodes, kafkaFailure } from "./kafka-answer.ts";
import { PendingMembers } from "./pending-members.ts";
import { SessionWatch } from "./session-watch.ts";

/** What a group needs of its broker. */
export interface GroupHost {
  /** Virtual nanoseconds. */
  readonly nowNs: number;
  /** Runs something later in the current life of the broker. */
  after(delayNs: number, label: string, run: () => void): SimEvent;
  cancel(event: SimEvent): void;
  /** A new member's id. */
  newMemberId(clientId: string): string;
}

type GroupState = "empty" | "preparing" | "completing" | "stable";

interface PersistedGroup {
  readonly generation: number;
  readonly leaderId: string;
  readonly protocol: string;
  readonly members: readonly GroupMember[];
}

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
  readonly #host: GroupHost;
  #state: GroupState = "empty";
  #generation = 0;
  #leaderId = "";
  #protocol = "";
  readonly #members = new Map<string, GroupMember>();
  readonly #pending: PendingMembers;
  readonly #sessions: SessionWatch;
  #persisted: PersistedGroup = { generation: 0, leaderId: "", protocol: "", members: [] };
  #phaseEnd: SimEvent | null = null;

  constructor(id: string, host: GroupHost) {
    this.id = id;
    this.#host = host;
    this.#pending = new PendingMembers(host);
    this.#sessions = new SessionWatch(host, this.#members, (member) => this.#remove(member));
  }

  /** Members that take part, for tests and checks. */
  get memberCount(): number {
    return this.#members.size;
  }

  /** The current generation. */
  get generation(): number {
    return this.#generation;
  }

  /** `empty`, `preparing` or `completing` a rebalance, `stable`. */
  get state(): GroupState {
    return this.#state;
  }

  /** JoinGroup. The answer comes when every member has joined, or when the rebalance timeout is over. */
  join(request: JoinRequest, reply: KafkaReply<JoinResult>): void {
    const { memberId, groupProtocols } = request;
    if (memberId === "") {
      const id = this.#pending.add(request.clientId, request.sessionTimeout, () => this.#memberSettled());
      reply(kafkaFailure(memberIdRequired, { memberId: id }));
      return;
    }
    const member = this.#members.get(memberId);
    if (member === undefined) {
      this.#joinAsNew(request, reply);
      return;
    }
    const changed = !sameProtocols(member.protocols, groupProtocols);
    const stays =
      (this.#state === "completing" && !changed) ||
      (this.#state === "stable" && !changed && memberId !== this.#leaderId);
    if (stays) {
      this.#sessions.touch(member);
      reply({ ok: true, value: this.#joinResult(member) });
      return;
    }
    this.#update(member, request);
    member.awaitingJoin = reply;
    if (this.#state === "preparing") this.#completeJoinIfReady();
    else this.#prepareRebalance();
  }

  /** SyncGroup. The answer comes with the leader's assignment. */
  sync(request: SyncRequest, reply: KafkaReply<SyncResult>): void {
    const member = this.#members.get(request.memberId);
    if (member === undefined) reply(kafkaFailure(unknownMemberId));
    else if (request.generationId !== this.#generation) reply(kafkaFailure(illegalGeneration));
    else if (this.#state === "preparing") reply(kafkaFailure(rebalanceInProgress));
    else if (this.#state === "stable") {
      this.#sessions.touch(member);
      reply({ ok: true, value: { memberAssignment: member.assignment } });
    } else {
      member.awaitingSync = reply;
      this.#sessions.touch(member);
      if (member.id === this.#leaderId) this.#assign(request);
    }
  }

  /** Heartbeat: an error code, or 0. */
  heartbeat(memberId: string, generationId: number): number {
    const member = this.#members.get(memberId);
    if (member === undefined) return unknownMemberId;
    if (generationId !== this.#generation) return illegalGeneration;
    this.#sessions.touch(member);
    return this.#state === "preparing" ? rebalanceInProgress : 0;
  }

  /** LeaveGroup: an error code, or 0. */
  leave(memberId: string): number {
    if (this.#pending.take(memberId)) {
      this.#memberSettled();
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
    const member = this.#members.get(memberId);
    if (member === undefined) return unknownMemberId;
    if (generationId !== this.#generation) return illegalGeneration;
    if (this.#state === "completing") return rebalanceInProgress;
    this.#sessions.touch(member);
    return 0;
  }

  /** The broker died: what was persisted last is what its next life finds. */
  crash(): void {
    const { generation, leaderId, protocol, members } = this.#persisted;
    this.#pending.crash();
    this.#members.clear();
    for (const member of members) {
      this.#members.set(member.id, { ...member, awaitingJoin: null, awaitingSync: null });
    }
    this.#state = members.length === 0 ? "empty" : "stable";
    this.#generation = generation;
    this.#leaderId = leaderId;
    this.#protocol = protocol;
    this.#sessions.crash();
    this.#phaseEnd = null;
  }

  /** The broker is back: every member gets a whole session timeout to show up. */
  restart(): void {
    for (const member of this.#members.values()) this.#sessions.touch(member);
  }

  #joinAsNew(request: JoinRequest, reply: KafkaReply<JoinResult>): void {
    if (!this.#pending.take(request.memberId)) {
      reply(kafkaFailure(unknownMemberId));
      return;
    }
    const member = newMember(request.memberId);
    member.awaitingJoin = reply;
    this.#update(member, request);
    if (this.#members.size === 0) this.#leaderId = member.id;
    this.#members.set(member.id, member);
    if (this.#state === "preparing") this.#completeJoinIfReady();
    else this.#prepareRebalance();
  }

  #update(member: GroupMember, request: JoinRequest): void {
    member.sessionTimeoutMs = request.sessionTimeout;
    member.rebalanceTimeoutMs = request.rebalanceTimeout;
    member.protocols = request.groupProtocols;
  }

  #prepareRebalance(): void {
    for (const member of this.#members.values()) {
      const { awaitingSync } = member;
      member.awaitingSync = null;
      if (this.#state === "completing") member.assignment = Buffer.alloc(0);
      awaitingSync?.(kafkaFailure(rebalanceInProgress));
    }
    this.#state = "preparing";
    const timeoutMs = Math.max(...[...this.#members.values()].map((member) => member.rebalanceTimeoutMs));
    this.#endPhaseAfter(timeoutMs, "rebalance timeout", () => this.#completeJoin());
    this.#completeJoinIfReady();
  }

  #memberSettled(): void {
    if (this.#state === "preparing") this.#completeJoinIfReady();
  }

  #completeJoinIfReady(): void {
    if (this.#pending.size > 0) return;
    for (const member of this.#members.values()) if (member.awaitingJoin === null) return;
    this.#completeJoin();
  }

  /** Begins the next generation with those who have joined. */
  #completeJoin(): void {
    this.#endPhase();
    for (const member of [...this.#members.values()]) {
      if (member.awaitingJoin === null) this.#members.delete(member.id);
    }
    this.#generation++;
    const [first] = this.#members.values();
    if (first === undefined) {
      this.#becomeEmpty();
      return;
    }
    if (!this.#members.has(this.#leaderId)) this.#leaderId = first.id;
    this.#protocol = first.protocols[0]?.name ?? "";
    this.#state = "completing";
    const timeoutMs = Math.max(...[...this.#members.values()].map((member) => member.rebalanceTimeoutMs));
    this.#endPhaseAfter(timeoutMs, "sync timeout", () => this.#expireUnsynced());
    for (const member of this.#members.values()) {
      const { awaitingJoin } = member;
      member.awaitingJoin = null;
      this.#sessions.touch(member);
      awaitingJoin?.({ ok: true, value: this.#joinResult(member) });
    }
  }

  #joinResult(member: GroupMember): JoinResult {
    const generation = {
      generationId: this.#generation,
      groupProtocol: this.#protocol,
      leaderId: this.#leaderId,
    };
    return joinResultOf(member, generation, this.#members.values());
  }

  #assign({ groupAssignment }: SyncRequest): void {
    for (const member of this.#members.values()) {
      const found = groupAssignment.find(({ memberId }) => memberId === member.id);
      member.assignment = found?.memberAssignment ?? Buffer.alloc(0);
    }
    this.#state = "stable";
    this.#endPhase();
    this.#persist();
    for (const member of this.#members.values()) {
      const { awaitingSync } = member;
      member.awaitingSync = null;
      awaitingSync?.({ ok: true, value: { memberAssignment: member.assignment } });
    }
  }

  #expireUnsynced(): void {
    const silent = [...this.#members.values()].filter((member) => member.awaitingSync === null);
    for (const member of silent) this.#members.delete(member.id);
    if (this.#members.size > 0) this.#prepareRebalance();
    else this.#becomeEmpty();
  }

  #remove(member: GroupMember): void {
    this.#members.delete(member.id);
    const gone: KafkaAnswer<never> = kafkaFailure(unknownMemberId);
    member.awaitingJoin?.(gone);
    member.awaitingSync?.(gone);
    if (this.#members.size === 0) {
      this.#generation++;
      this.#becomeEmpty();
    } else if (this.#state === "preparing") this.#completeJoinIfReady();
    else this.#prepareRebalance();
  }

  #becomeEmpty(): void {
    this.#endPhase();
    this.#state = "empty";
    this.#leaderId = "";
    this.#persist();
  }

  #persist(): void {
    this.#persisted = {
      generation: this.#generation,
      leaderId: this.#leaderId,
      protocol: this.#protocol,
      members: [...this.#members.values()].map((member) => ({ ...member })),
    };
  }

  #endPhaseAfter(timeoutMs: number, label: string, run: () => void): void {
    this.#endPhase();
    this.#phaseEnd = this.#host.after(timeoutMs * 1e6, label, () => {
      this.#phaseEnd = null;
      run();
    });
  }

  #endPhase(): void {
    if (this.#phaseEnd !== null) this.#host.cancel(this.#phaseEnd);
    this.#phaseEnd = null;
  }
}
