import { join } from "node:path";

/** One more address of the broker: the way of one client, through a proxy of its own. */
export interface KafkaListener {
  /** The name of the client. */
  readonly name: string;
  /** Where the broker listens: the upstream of the proxy. */
  readonly listenPort: number;
  /** What the broker tells clients that come this way: the port of the proxy. */
  readonly advertisedPort: number;
}

/** What differs from broker to broker. */
export interface KafkaSite {
  readonly folder: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly listeners: readonly KafkaListener[];
}

/**
 * `server.properties` of a broker on loopback that is its own controller. Short sessions, so that a restart
 * after SIGKILL takes 3 s and not 15, and a dead group member loses its partitions within a second or two;
 * one replica of everything; few partitions of its own topics.
 */
export function kafkaSettings({ folder, port, controllerPort, listeners }: KafkaSite): string {
  const ways = [
    { name: "DIRECT", listen: port, advertised: port },
    ...listeners.map(({ listenPort, advertisedPort }, i) => ({
      name: `CLIENT_${i}`,
      listen: listenPort,
      advertised: advertisedPort,
    })),
  ];
  const addresses = ways.map(({ name, listen }) => `${name}://127.0.0.1:${listen}`);
  const settings: Readonly<Record<string, string | number>> = {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    "controller.listener.names": "CONTROLLER",
    listeners: [`CONTROLLER://127.0.0.1:${controllerPort}`, ...addresses].join(","),
    "advertised.listeners": ways.map(({ name, advertised }) => `${name}://127.0.0.1:${advertised}`).join(","),
    "listener.security.protocol.map": ["CONTROLLER", ...ways.map(({ name }) => name)]
      .map((name) => `${name}:PLAINTEXT`)
      .join(","),
    "inter.broker.listener.name": "DIRECT",
    "log.dirs": join(folder, "log"),
    "broker.session.timeout.ms": 1_000,
    "broker.heartbeat.interval.ms": 200,
    "controlled.shutdown.enable": "false",
    "group.min.session.timeout.ms": 500,
    "group.initial.rebalance.delay.ms": 0,
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 4,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "default.replication.factor": 1,
    "auto.create.topics.enable": "false",
    "num.network.threads": 2,
    "num.io.threads": 4,
    "log.cleaner.dedupe.buffer.size": 4 * 2 ** 20,
    "log.index.size.max.bytes": 2 ** 20,
  };
  // Backslashes and line ends would mean something in a properties file; a folder name may have the former.
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${String(value).replaceAll("\\", "\\\\")}\n`)
    .join("");
}
