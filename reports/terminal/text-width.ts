const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\uff01-\uff60]/u;
const NO_WIDTH = /\p{M}/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that starts a colour
const COLOUR = /\u001b\[\d+m/g;

/** How many columns a text takes in a terminal. Colours take none. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text.replace(COLOUR, "")) {
    if (NO_WIDTH.test(character)) continue;
    width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

/** Fills up with spaces on the right, or on the left. */
export function padText(text: string, width: number, side: "left" | "right" = "right"): string {
  const fill = " ".repeat(Math.max(0, width - textWidth(text)));
  return side === "right" ? text + fill : fill + text;
}

/** At most `width` columns of a text without colours; what is cut is shown as `…`. */
export function clipText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let clipped = "";
  for (const character of text) {
    if (textWidth(clipped + character) > width - 1) break;
    clipped += character;
  }
  return width < 1 ? "" : `${clipped}…`;
}

/** Breaks text at spaces into lines of at most `width` columns; a longer word is cut where it must be. */
export function wrapText(text: string, width: number): string[] {
  const limit = Math.max(4, width);
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ").flatMap((part) => cutWord(part, limit))) {
      const joined = line === "" ? word : `${line} ${word}`;
      if (textWidth(joined) <= limit) line = joined;
      else {
        lines.push(line);
        line = word;
      }
    }
    lines.push(line);
  }
  return lines;
}

function cutWord(word: string, limit: number): string[] {
  if (textWidth(word) <= limit) return [word];
  const pieces: string[] = [];
  let piece = "";
  for (const character of word) {
    if (textWidth(piece + character) > limit) {
      pieces.push(piece);
      piece = "";
    }
    piece += character;
  }
  return [...pieces, piece];
}
