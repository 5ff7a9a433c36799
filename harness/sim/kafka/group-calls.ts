import type { BrokerCalls } from "./broker-calls.ts";
import type { CommitRequest, OffsetFetchResult } from "./group-coordinator.ts";
import type { JoinRequest, JoinResult, SyncRequest, SyncResult } from "./group-member.ts";
import { type KafkaAnswer, kafkaFailure } from "./kafka-answer.ts";
import type { SimKafkaBrokerOptions } from "./sim-kafka-broker-options.ts";

const NETWORK_DELAY_MS = 5000;

/** What kafkajs's consumers ask the coordinator of their group, as methods of its `Broker`. */
export class GroupCalls {
  readonly #calls: BrokerCalls;
  readonly #options: SimKafkaBrokerOptions;

  constructor(calls: BrokerCalls, options: SimKafkaBrokerOptions) {
    this.#calls = calls;
    this.#options = options;
  }

  /** Heartbeat; not sent if the coordinator heard of the member within the interval anyway. */
  async heartbeat(request: {
    groupId: string;
    memberId: string;
    groupGenerationId: number;
  }): Promise<object> {
    const { scheduler, server, client, heartbeatIntervalMs } = this.#options;
    const { heartbeats } = client;
    const { groupId, memberId, groupGenerationId: generationId } = request;
    const known = heartbeats?.memberId === memberId && heartbeats.generationId === generationId;
    if (known && scheduler.now - heartbeats.lastNs < heartbeatIntervalMs * 1e6) return { errorCode: 0 };
    await this.#calls.request<null>({
      label: "heartbeat",
      serve: (_session, reply) => {
        reply(codeAnswer(server.groups.heartbeat({ groupId, memberId, generationId })));
      },
    });
    if (known) heartbeats.lastNs = scheduler.now;
    return { errorCode: 0 };
  }

  /** JoinGroup, twice for a new member: the first answer is its id. */
  async joinGroup(request: Omit<JoinRequest, "clientId">): Promise<JoinResult> {
    const join = await this.#joinAs(request, request.memberId);
    const { scheduler, client, heartbeatIntervalMs: intervalMs } = this.#options;
    const { memberId, generationId } = join;
    client.heartbeats = {
      groupId: request.groupId,
      memberId,
      generationId,
      intervalMs,
      lastNs: scheduler.now,
    };
    return join;
  }

  /** SyncGroup. */
  syncGroup(request: SyncRequest): Promise<SyncResult> {
    const { server } = this.#options;
    return this.#calls.request({
      label: "sync group",
      serve: (_session, reply) => server.groups.sync(request, reply),
    });
  }

  /** LeaveGroup. */
  async leaveGroup({ groupId, memberId }: { groupId: string; memberId: string }): Promise<object> {
    const { server, client } = this.#options;
    client.heartbeats = null;
    await this.#calls.request<null>({
      label: "leave group",
      serve: (_session, reply) => reply(codeAnswer(server.groups.leave(groupId, memberId))),
    });
    return { errorCode: 0 };
  }

  /** OffsetCommit. */
  async offsetCommit(request: {
    readonly groupId: string;
    readonly memberId: string;
    readonly groupGenerationId: number;
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly {
        readonly partition: number | string;
        readonly offset: unknown;
        readonly metadata?: string | null;
      }[];
    }[];
  }): Promise<object> {
    const { groupId, memberId, groupGenerationId: generationId } = request;
    const { server } = this.#options;
    const topics = request.topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition, offset, metadata = null }) => ({
        // kafkajs passes the keys of an object.
        partition: Number(partition),
        offset: Number(String(offset)),
        metadata,
      })),
    }));
    const commit: CommitRequest = { groupId, memberId, generationId, topics };
    await this.#calls.request<null>({
      label: "offset commit",
      serve: (_session, reply) => reply(server.groups.commit(commit)),
    });
    return { responses: [] };
  }

  /** OffsetFetch. */
  offsetFetch({
    groupId,
    topics,
  }: {
    readonly groupId: string;
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { partition: number }[];
    }[];
  }): Promise<OffsetFetchResult> {
    const { server } = this.#options;
    return this.#calls.request({
      label: "offset fetch",
      serve: (_session, reply) => reply({ ok: true, value: server.groups.fetchOffsets(groupId, topics) }),
    });
  }

  async #joinAs(request: Omit<JoinRequest, "clientId">, memberId: string): Promise<JoinResult> {
    const { server, clientId, client } = this.#options;
    client.heartbeats = null;
    const answer = await this.#calls.send<JoinResult>({
      label: "join group",
      timeoutMs: request.rebalanceTimeout + NETWORK_DELAY_MS,
      serve: (_session, reply) => server.groups.join({ ...request, clientId, memberId }, reply),
    });
    const given = answer.ok ? undefined : answer.detail?.memberId;
    if (given !== undefined && memberId === "") return await this.#joinAs(request, given);
    return this.#calls.valueOf(answer);
  }
}

function codeAnswer(code: number): KafkaAnswer<null> {
  return code === 0 ? { ok: true, value: null } : kafkaFailure(code);
}
