/** Control, format and direction characters, line and paragraph separators. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Text of a history as it may be shown on one line: what would move the cursor, change the direction of
 * the text or hide is written out (`\n`, `\u202e`), and lone surrogates are replaced.
 */
export function visibleText(text: string): string {
  return text.toWellFormed().replace(INVISIBLE, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
  });
}
