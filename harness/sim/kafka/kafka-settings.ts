/** Settings of the broker, with the names and defaults that the real lane gives to Kafka. */
export interface KafkaSettings {
  /** `group.min.session.timeout.ms` */
  readonly groupMinSessionTimeoutMs: number;
  /** `group.max.session.timeout.ms` */
  readonly groupMaxSessionTimeoutMs: number;
  /** `message.max.bytes` */
  readonly messageMaxBytes: number;
  /** `message.timestamp.after.max.ms` */
  readonly timestampAfterMaxMs: number;
}

/** What Kafka 4.3 has by default, but for the shortest session: 500 ms. */
export const defaultKafkaSettings: KafkaSettings = {
  groupMinSessionTimeoutMs: 500,
  groupMaxSessionTimeoutMs: 1_800_000,
  messageMaxBytes: 1_048_588,
  timestampAfterMaxMs: 3_600_000,
};
