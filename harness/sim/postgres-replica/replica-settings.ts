/** How far a replica is behind by itself. */
export interface ReplicaSettings {
  /** From the arrival of a commit at the replica to the moment when it is seen there: drawn from this range. */
  readonly lagMsMin: number;
  readonly lagMsMax: number;
  /** A replica that hears nothing for so long asks again for what it has missed. */
  readonly receiverTimeoutMs: number;
}

/** About what a real standby on the same machine shows. */
export const defaultReplicaSettings: ReplicaSettings = {
  lagMsMin: 0.5,
  lagMsMax: 10,
  receiverTimeoutMs: 1000,
};
