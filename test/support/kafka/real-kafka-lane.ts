import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Kafka, logLevel } from "kafkajs";
import type { KafkaLane, LaneClient } from "./kafka-lane.ts";
import { laneRetry } from "./run-program.ts";

/** A lane on a real broker; several may share it under different prefixes. */
export function realKafkaLane(url: string, prefix: string): KafkaLane {
  const broker = new URL(url).host;
  const kafkaFor = (clientId: string, socketFactory: (args: { host: string; port: number }) => Socket) =>
    new Kafka({
      clientId,
      brokers: [broker],
      retry: laneRetry,
      requestTimeout: 15_000,
      logLevel: logLevel.NOTHING,
      socketFactory: ({ host, port, onConnect }) => {
        const socket = socketFactory({ host, port });
        socket.on("connect", onConnect);
        return socket;
      },
    });
  return {
    prefix,
    client: (name) => crashable(name, kafkaFor),
    finish: (_client, work) => work(),
    pass: (ms) => sleep(ms),
    trim: async (topic, partition, beforeOffset) => {
      const admin = kafkaFor("trim", ({ host, port }) => connect(port, host)).admin();
      await admin.connect();
      try {
        const partitions = [{ partition, offset: String(beforeOffset) }];
        await admin.fetchTopicOffsets(topic);
        await admin.deleteTopicRecords({ topic, partitions });
        return true;
      } catch (error) {
        if (error instanceof Error && error.message === "Error while deleting records") return false;
        throw error;
      } finally {
        await admin.disconnect();
      }
    },
  };
}

function crashable(
  name: string,
  kafkaFor: (clientId: string, socketFactory: (args: { host: string; port: number }) => Socket) => Kafka,
): LaneClient {
  const sockets = new Set<Socket>();
  let crashed = false;
  const kafka = kafkaFor(name, ({ host, port }) => {
    // Port 1 refuses: a dead process does not come back.
    const socket = connect(crashed ? 1 : port, host);
    sockets.add(socket);
    return socket;
  });
  return {
    kafka,
    crash: () => {
      crashed = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}
