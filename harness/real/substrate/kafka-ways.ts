import type { KafkaListener } from "../components/kafka-settings.ts";
import type { PortSource } from "../processes/port-source.ts";

/** Clients that a Kafka broker has a listener for; the services of a run take one each. */
const KAFKA_CLIENTS_MAX = 8;

/** Listeners for the clients of a broker, each with the port at which its edge is to listen. */
export async function kafkaWays(ports: PortSource): Promise<readonly KafkaListener[]> {
  const listeners: KafkaListener[] = [];
  for (let client = 0; client < KAFKA_CLIENTS_MAX; client++) {
    const name = `CLIENT_${client}`;
    listeners.push({ name, listenPort: await ports.next(), advertisedPort: await ports.next() });
  }
  return listeners;
}
