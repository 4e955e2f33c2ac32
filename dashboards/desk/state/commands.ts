import type { Command } from "../logic/shortcuts";
import type { Office } from "./office.svelte";

/** Does what a key asks for. */
export function run(office: Office, command: Command): void {
  switch (command) {
    case "next":
      return walk(1);
    case "previous":
      return walk(-1);
    case "search":
      return document.querySelector<HTMLInputElement>("[data-search]")?.focus();
    case "help":
      office.helpOpen = true;
      return;
    case "back":
      return back(office);
  }
}

function walk(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  const here = rows.findIndex(
    (row) => row === document.activeElement || row.contains(document.activeElement),
  );
  const chosen = here >= 0 ? here : rows.findIndex((row) => row.getAttribute("aria-current") === "true");
  const next = chosen < 0 ? (step > 0 ? 0 : rows.length - 1) : chosen + step;
  rows[Math.min(Math.max(next, 0), rows.length - 1)]?.focus();
}

/** Out of what is innermost: a form, a search, the open request. */
function back(office: Office): void {
  if (office.open.panel !== null) office.open.panel = null;
  else if (office.inbox.found !== null) office.inbox.forgetFound();
  else if (office.route.request !== null) office.go({ ...office.route, request: null });
}
