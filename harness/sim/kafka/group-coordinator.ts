import { ConsumerGroup } from "./consumer-group.ts";
import type { GroupHost } from "./group-host.ts";
import type { JoinRequest, JoinResult, SyncRequest, SyncResult } from "./group-member.ts";
import { type KafkaAnswer, type KafkaReply, kafkaErrorCodes, kafkaFailure } from "./kafka-answer.ts";
import type { KafkaSettings } from "./kafka-settings.ts";
import type { Topics } from "./topics.ts";

/** Who says something about a group. */
export interface MemberIdentity {
  readonly groupId: string;
  readonly memberId: string;
  readonly generationId: number;
}

/** Offsets to commit. */
export interface CommitRequest extends MemberIdentity {
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly offset: number;
      readonly metadata: string | null;
    }[];
  }[];
}

/** Committed offsets as the protocol gives them; −1: there is none. */
export interface OffsetFetchResult {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly offset: string;
      readonly metadata: string;
      readonly errorCode: number;
    }[];
  }[];
}

/** All groups of the one broker: it coordinates every one of them. */
export class GroupCoordinator {
  readonly #host: GroupHost;
  readonly #topics: Topics;
  readonly #settings: KafkaSettings;
  readonly #groups = new Map<string, ConsumerGroup>();

  constructor(host: GroupHost, topics: Topics, settings: KafkaSettings) {
    this.#host = host;
    this.#topics = topics;
    this.#settings = settings;
  }

  /** The group, or null while nobody has joined it or committed for it. */
  find(groupId: string): ConsumerGroup | null {
    return this.#groups.get(groupId) ?? null;
  }

  /** JoinGroup. */
  join(request: JoinRequest, reply: KafkaReply<JoinResult>): void {
    const { groupId, sessionTimeout, memberId } = request;
    const { groupMinSessionTimeoutMs, groupMaxSessionTimeoutMs } = this.#settings;
    if (sessionTimeout < groupMinSessionTimeoutMs || sessionTimeout > groupMaxSessionTimeoutMs) {
      reply(kafkaFailure(kafkaErrorCodes.invalidSessionTimeout));
      return;
    }
    const group = this.#groups.get(groupId);
    if (group === undefined && memberId !== "") reply(kafkaFailure(kafkaErrorCodes.unknownMemberId));
    else (group ?? this.#create(groupId)).join(request, reply);
  }

  /** SyncGroup. */
  sync(request: SyncRequest, reply: KafkaReply<SyncResult>): void {
    const group = this.#groups.get(request.groupId);
    if (group === undefined) reply(kafkaFailure(kafkaErrorCodes.unknownMemberId));
    else group.sync(request, reply);
  }

  /** Heartbeat: an error code, or 0. */
  heartbeat({ groupId, memberId, generationId }: MemberIdentity): number {
    const group = this.#groups.get(groupId);
    return group === undefined ? kafkaErrorCodes.unknownMemberId : group.heartbeat(memberId, generationId);
  }

  /** LeaveGroup: an error code, or 0. */
  leave(groupId: string, memberId: string): number {
    return this.#groups.get(groupId)?.leave(memberId) ?? kafkaErrorCodes.unknownMemberId;
  }

  /** OffsetCommit: what can be committed is, also where another partition of it cannot. */
  commit(request: CommitRequest): KafkaAnswer<null> {
    const { groupId, memberId, generationId, topics } = request;
    let group = this.#groups.get(groupId);
    if (group === undefined && generationId >= 0) return kafkaFailure(kafkaErrorCodes.illegalGeneration);
    group ??= this.#create(groupId);
    const code = group.mayCommit(memberId, generationId);
    if (code !== 0) return kafkaFailure(code);
    let missing = false;
    for (const { topic, partitions } of topics) {
      for (const { partition, offset, metadata } of partitions) {
        if (this.#topics.find(topic, partition) === null) missing = true;
        else group.offsets.commit(topic, partition, { offset, metadata: metadata ?? "" });
      }
    }
    if (missing) return kafkaFailure(kafkaErrorCodes.unknownTopicOrPartition);
    return { ok: true, value: null };
  }

  /** OffsetFetch of these partitions. */
  fetchOffsets(
    groupId: string,
    topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number }[];
    }[],
  ): OffsetFetchResult {
    const offsets = this.#groups.get(groupId)?.offsets;
    const responses = topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition }) => {
        const committed = offsets?.find(topic, partition) ?? null;
        return {
          partition,
          offset: String(committed?.offset ?? -1),
          metadata: committed?.metadata ?? "",
          errorCode: 0,
        };
      }),
    }));
    return { responses };
  }

  /** The broker died. */
  crash(): void {
    for (const group of this.#groups.values()) group.crash();
  }

  /** The broker is back. */
  restart(): void {
    for (const group of this.#groups.values()) group.restart();
  }

  #create(groupId: string): ConsumerGroup {
    const group = new ConsumerGroup(groupId, this.#host);
    this.#groups.set(groupId, group);
    return group;
  }
}
