import { html, type Markup } from "./markup.ts";

const WIDTH = 120;
const HEIGHT = 10;

/** A value as a part of the greatest one: a bar on a ground. The value stands beside it in words, so it is hidden from readers. */
export function valueBar(value: number, greatest: number): Markup {
  const part = greatest > 0 ? Math.min(1, Math.max(0, value / greatest)) : 0;
  const width = Math.round(part * WIDTH * 10) / 10;
  return html`<svg class="value-bar" aria-hidden="true" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}"><rect class="ground" width="${WIDTH}" height="${HEIGHT}"/><rect width="${width}" height="${HEIGHT}"/></svg>`;
}
