import type { Admin } from "kafkajs";

/** How long an administrator keeps trying. */
export interface KafkaAdminPatience {
  readonly retries: number;
  readonly requestTimeoutMs: number;
}

const PATIENT: KafkaAdminPatience = { retries: 10, requestTimeoutMs: 30_000 };
/** Gives up within a few seconds. */
export const impatientKafkaAdmin: KafkaAdminPatience = { retries: 2, requestTimeoutMs: 3_000 };

/** Works with an administrator of a Kafka cluster, past the proxies. `brokers` are `host:port`; one that answers is enough. */
export async function withKafkaAdmin<Result>(
  brokers: readonly string[],
  work: (admin: Admin) => Promise<Result>,
  { retries, requestTimeoutMs }: KafkaAdminPatience = PATIENT,
): Promise<Result> {
  const { default: kafkajs } = await import("kafkajs");
  const kafka = new kafkajs.Kafka({
    clientId: "administrator",
    brokers: [...brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    requestTimeout: requestTimeoutMs,
    retry: { initialRetryTime: 50, retries },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
