/** Kafka's number of a request of which the answer is changed, or looked at. */
export const kafkaApi = {
  produce: 0,
  metadata: 3,
  findCoordinator: 10,
  joinGroup: 11,
  apiVersions: 18,
} as const;

/**
 * The requests that may pass a tap: those that kafkajs can send, by Kafka's numbers, with the last version of which the
 * answer holds no address of a broker, or one that the tap can change. The message definitions in the jar of Kafka's clients
 * 4.3.1 were looked through for `Host` and `Port`. Left out on purpose: SASL (17, 36), and whatever else names
 * brokers (DescribeCluster, DescribeQuorum, requests of share groups and of controllers).
 */
export const kafkaVersionsMax: ReadonlyMap<number, number> = new Map([
  // From 10 (Produce) and 16 (Fetch) on answers may name the new leader's address.
  [kafkaApi.produce, 9],
  [1, 15],
  [2, 11],
  // From 9 (Metadata) and 3 (FindCoordinator) on strings have another form.
  [kafkaApi.metadata, 8],
  [8, 10],
  [9, 10],
  [kafkaApi.findCoordinator, 2],
  [kafkaApi.joinGroup, 9],
  [12, 4],
  [13, 5],
  [14, 5],
  [15, 6],
  [16, 5],
  [kafkaApi.apiVersions, 4],
  [19, 7],
  [20, 6],
  [21, 2],
  [22, 6],
  [24, 5],
  [25, 4],
  [26, 5],
  [28, 5],
  [29, 3],
  [30, 3],
  [31, 3],
  [32, 4],
  [33, 2],
  [37, 3],
  [42, 2],
  [45, 1],
  [46, 0],
]);
