/** Names of places in the page. Built from numbers only, so that nothing of a history gets in. */
export interface StoryAnchor {
  readonly story: string;
  readonly timeline: string;
  readonly table: string;
  /** The bar of the call that begins with this operation. */
  bar(index: number): string;
  /** The row of this operation. */
  row(index: number): string;
  finding(position: number): string;
}

/** The places of the story with this position in the page. */
export function storyAnchor(position: number): StoryAnchor {
  const story = `story-${position + 1}`;
  return {
    story,
    timeline: `${story}-timeline`,
    table: `${story}-operations`,
    bar: (index) => `${story}-bar-${index}`,
    row: (index) => `${story}-row-${index}`,
    finding: (at) => `${story}-finding-${at + 1}`,
  };
}
