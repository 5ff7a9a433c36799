import type { ProjectedStore } from "../patterns/projected-documents.ts";
import type { ProjectionMechanisms } from "../patterns/projection.ts";
import type { Defect } from "./defect.ts";
import { loadSeparately, savePosition, saveState } from "./separate-positions.ts";

const positionAfterwards: ProjectedStore = {
  load: loadSeparately,
  save: async (place, stream, before, after) => {
    const saved = await saveState(place, stream, before, after);
    if (saved && after.position > before.position) await savePosition(place, stream, after.position);
    return saved;
  },
};

/** The message has its effect, and then the position is noted. */
export const checkpointOutsideTransaction: Defect<ProjectionMechanisms> = {
  name: "checkpoint-outside-transaction",
  missing:
    "the position is stored in a write of its own, after the effect: when it fails then, the effect is had again",
  needs: "the consumer dies, or its store fails, between effect and position",
  shows: [{ checker: "projection", types: ["applied-twice", "state-off-log"] }],
  replacement: () => ({ store: positionAfterwards }),
};
