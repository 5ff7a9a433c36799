import type { ReadError } from "./read-error.ts";

/**
 * One line of text for one error: `runs/a.ndjson:12: time: expected …, found …; hint [code]`.
 * Control characters, line ends included, are shown as escapes: the file is not trusted.
 */
export function describeReadError(error: ReadError): string {
  const { file, line, field, expected, found, hint, code } = error;
  return escapeControls(`${file}:${line}: ${field}: expected ${expected}, found ${found}; ${hint} [${code}]`);
}

/** Control, format and line-separator characters could move the cursor or hide text: escapes show them. */
function escapeControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}
