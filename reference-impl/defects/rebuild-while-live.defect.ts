import type { ProjectionMechanisms } from "../patterns/projection.ts";
import type { RebuildProjection } from "../patterns/projection-rebuild.ts";
import type { Defect } from "./defect.ts";

const rebuildInPlace: RebuildProjection = async ({ generations, readLog, apply, clear }) => {
  const { live } = await generations.load();
  await clear({ generation: live });
  await readLog((message) => apply(message, live));
};

/** The read models are emptied and filled again while they are shown. */
export const rebuildWhileLive: Defect<ProjectionMechanisms> = {
  name: "rebuild-while-live",
  missing: "no generation of its own for a rebuild: what is shown is emptied, and filled again from the log",
  needs: "somebody who looks while the read models are rebuilt; no fault",
  shows: [{ checker: "projection", types: ["state-went-back", "missing-entity", "not-converged"] }],
  replacement: () => ({ rebuild: rebuildInPlace }),
};
