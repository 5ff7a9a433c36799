import { askPort } from "../components/ask-port.ts";
import { javaFlags } from "../components/java.ts";
import { CLUSTER_ID } from "../components/kafka-log.ts";
import { type KafkaListener, kafkaSettings } from "../components/kafka-settings.ts";
import type { ContainerLaunch } from "./container-launch.ts";

const HEAP_MIB = 512;
/** Written to by whatever user the image runs as. */
const FOLDER = "/tmp/faultline-kafka";
const SETTINGS = `${FOLDER}/server.properties`;
const JAVA = `java "$@" -cp "/opt/kafka/libs/*"`;

/**
 * Formats the log directory where that has not been done, then becomes the broker; also after a crash. The
 * scripts of the official image would put settings of their own beside these.
 */
const BROKER = [
  `mkdir -p ${FOLDER} && printf '%s' "$FAULTLINE_KAFKA_SETTINGS" > ${SETTINGS} || exit 1;`,
  `test -s ${FOLDER}/log/meta.properties ||`,
  `${JAVA} kafka.tools.StorageTool format -t ${CLUSTER_ID} -c ${SETTINGS} || exit 1;`,
  `exec ${JAVA} kafka.Kafka ${SETTINGS}`,
].join(" ");

/** A broker that is its own controller, with the settings and the listeners of the local substrate. */
export function kafkaLaunch(
  port: number,
  controllerPort: number,
  listeners: readonly KafkaListener[],
): ContainerLaunch {
  // One of the two writes the log: the official image has the second.
  const logFlags = ["-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dlog4j2.level=WARN"];
  return {
    url: `kafka://127.0.0.1:${port}`,
    entrypoint: ["sh"],
    command: ["-c", BROKER, "kafka", ...javaFlags(HEAP_MIB, null), ...logFlags],
    environment: {
      FAULTLINE_KAFKA_SETTINGS: kafkaSettings({ folder: FOLDER, port, controllerPort, listeners }),
    },
    stopSignal: "SIGTERM",
    isReady: async () => knowsItself(await askPort(port, metadataRequest())),
  };
}

/** A broker that takes no requests yet is not among those that it names. */
function knowsItself(answer: string): boolean {
  const bytes = Buffer.from(answer, "latin1");
  return bytes.length >= 12 && bytes.readInt32BE(8) > 0;
}

/** "Which brokers are there?": Metadata, version 1, of no topics (https://kafka.apache.org/protocol#The_Messages_Metadata). */
function metadataRequest(): Uint8Array {
  const request = Buffer.alloc(18);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(3, 4);
  request.writeInt16BE(1, 6);
  request.writeInt32BE(1, 8);
  // No name of a client.
  request.writeInt16BE(-1, 12);
  request.writeInt32BE(0, 14);
  return request;
}
