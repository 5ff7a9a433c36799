import type { Story } from "../record/story.ts";
import { planSize } from "./plan.ts";

/** The story of the fewest operations and faults together; of equals the one of the lowest seed. */
export function smallestStory(stories: readonly Story[]): Story | null {
  const sorted = [...stories].sort((a, b) => storySize(a) - storySize(b) || a.record.seed - b.record.seed);
  return sorted[0] ?? null;
}

/** Operations and faults of a story's plan together. */
export function storySize({ plan }: Story): number {
  const { operations, faults } = planSize(plan);
  return operations + faults;
}
