import { html, type Markup } from "./markup.ts";

/** The command that replays a token, with a button that copies it. */
export function replayLine(token: string): Markup {
  return html`<div class="replay"><code>npx faultline replay ${token}</code><button type="button" class="copy" aria-label="Copy the replay command">Copy</button></div>`;
}
