/**
 * The only script of the page: copy buttons, jumps into scrolled drawings and folded tables, all unfolded on paper, and
 * the line that reads a bar. Without it folded parts open by their summaries, in most browsers by links too.
 */
export const pageScript: string = `
document.documentElement.classList.add("js");
document.addEventListener("click", (event) => {
  const button = event.target.closest("button.copy");
  if (button) return copy(button);
  unfold(event.target.closest('a[href^="#"]')?.getAttribute("href"));
  const link = event.target.closest('a[href*="-bar-"]');
  const bar = link && document.getElementById(link.getAttribute("href").slice(1));
  if (!bar) return;
  event.preventDefault();
  history.replaceState(null, "", link.getAttribute("href"));
  for (const other of document.querySelectorAll("a.call.jumped")) other.classList.remove("jumped");
  bar.classList.add("jumped");
  bar.scrollIntoView({ block: "center", inline: "center" });
  bar.focus({ preventScroll: true });
});
function unfold(hash) {
  const place = hash && document.getElementById(hash.slice(1));
  const folded = place && place.closest("details:not([open])");
  if (folded) folded.open = true;
}
addEventListener("hashchange", () => unfold(location.hash));
addEventListener("DOMContentLoaded", () => unfold(location.hash));
addEventListener("beforeprint", () => {
  for (const table of document.querySelectorAll("details.table")) table.open = true;
});
async function copy(button) {
  const code = button.previousElementSibling;
  let done = true;
  try {
    await navigator.clipboard.writeText(code.textContent);
  } catch {
    const range = document.createRange();
    range.selectNodeContents(code);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    done = document.execCommand("copy");
  }
  button.textContent = done ? "Copied" : "Selected";
  setTimeout(() => { button.textContent = "Copy"; }, 1600);
}
for (const kind of ["mouseover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const element = event.target.closest(".drawing a, .drawing .fault[aria-label]");
    const readout = element && element.closest(".timeline").nextElementSibling;
    if (readout) readout.textContent = element.getAttribute("aria-label");
  });
}
`;
