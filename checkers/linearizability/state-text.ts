/** Characters at each end of a state that is shortened. */
const endLength = 60;

/** The words for a state, shortened in the middle: states that differ mostly differ at an end. */
export function stateText(text: string): string {
  return text.length <= 2 * endLength
    ? text
    : `${text.slice(0, endLength)} … ${text.slice(-endLength)} (${text.length} characters)`;
}
