/**
 * Where a scenario runs. `sim`: in one process, on virtual time, on model stores. `real`: each service a
 * process of its own, on real servers, all traffic through proxies.
 */
export type Lane = "sim" | "real";

/** Every lane. */
export const lanes: readonly Lane[] = ["sim", "real"];
