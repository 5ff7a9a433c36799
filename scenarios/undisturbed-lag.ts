/**
 * How long an event may wait for its effect in a read model while no fault is active, in milliseconds: as long as services
 * wait by themselves for what a fault, which is over by now, has swallowed. The longest such wait is on the way from Kafka:
 * kafkajs waits for the answer to a request to join the group for its `rebalanceTimeout` of 3 s and 5 s more, a new
 * consumer starts 0.2 s later, and the member that it was before has 3 s to come: 11.2 s. Meanwhile the way to Kafka is
 * clear again: at most 3 s for the answer to a batch and 3 s for a new connection. What is left, 1.3 s, is for work: the
 * relay looks every 0.4 s, a consumer tries again after at most 0.5 s. The longest of 2000 simulated runs each of
 * `catalogue-converges` and `profiles-propagate` are 5.4 s, an answer to a fetch, for which kafkajs waits 5 s, and 7.4 s,
 * an answer to such a request to join.
 */
export const undisturbedLagMsMax = 12_500;
