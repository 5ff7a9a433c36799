/** The versions that `faultline setup` gets. */
export const pinnedVersions = {
  toxiproxy: "2.12.0",
  kafka: "4.3.1",
  /** Kafka is published per version of Scala. */
  kafkaScala: "2.13",
  /** Writes Kafka's log; of the version that Kafka's own dependencies expect. */
  slf4jSimple: "1.7.36",
  mongodb: "8.0.17",
  /** `mongo-java-server`, which the MongoDB protocol stand-in is made of. */
  mongoJavaServer: "1.47.0",
  /** The plugin with which Maven copies jars. */
  mavenDependencyPlugin: "3.8.1",
} as const;
