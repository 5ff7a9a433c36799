import type { ProjectedStore } from "../patterns/projected-documents.ts";
import type { ProjectionMechanisms } from "../patterns/projection.ts";
import type { Defect } from "./defect.ts";
import { loadSeparately, savePosition, saveState } from "./separate-positions.ts";

const positionFirst: ProjectedStore = {
  load: loadSeparately,
  save: async (place, stream, before, after) => {
    if (after.position > before.position) await savePosition(place, stream, after.position);
    return await saveState(place, stream, before, after);
  },
};

/** The position is noted, and then the message has its effect. */
export const checkpointBeforeApply: Defect<ProjectionMechanisms> = {
  name: "checkpoint-before-apply",
  missing:
    "the position is stored before the effect: when the effect fails then, the message counts as applied",
  needs: "the consumer dies, or its store fails, between position and effect",
  shows: [
    { checker: "projection", types: ["skipped-event", "not-converged", "missing-entity", "state-off-log"] },
  ],
  replacement: () => ({ store: positionFirst }),
};
