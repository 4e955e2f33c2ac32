import { tick } from "svelte";
import type { ActionName } from "../../common/api/types";
import { isAllowed } from "../logic/actions";
import type { Command } from "../logic/shortcuts";
import type { Console } from "./console.svelte";

/** Begins an action on the open incident: at once, or by opening the form that it needs. */
export function begin(console: Console, action: ActionName): void {
  const card = console.openCard;
  if (!card || !console.officer.mayAct || !isAllowed(card, action)) return;
  if (action === "resolve" || action === "hand_over") console.panel = { incident: card.id, form: action };
  else if (action === "note") document.getElementById("note")?.focus();
  else void console.desk.submit(card, action);
}

/** What the keys do that are no action. */
const OTHERS: Partial<Record<Command, (console: Console) => void>> = {
  next: () => focusRow(1),
  previous: () => focusRow(-1),
  bell: (console) => void (console.bell.armed ? console.disarm() : console.arm()),
  help: (console) => (console.helpOpen = !console.helpOpen),
  back: goBack,
};

export function run(console: Console, command: Command): void {
  const other = OTHERS[command];
  if (other) other(console);
  else begin(console, command as ActionName);
}

function focusRow(step: 1 | -1): void {
  const all = rows();
  const current = all.findIndex((row) => row === document.activeElement);
  const next =
    current < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, current + step));
  all[next]?.focus();
}

/** One step back at a time: out of the field, out of the form, out of the incident. */
function goBack(console: Console): void {
  const active = document.activeElement;
  if (active instanceof HTMLTextAreaElement || active instanceof HTMLInputElement) active.blur();
  if (console.panel) console.panel = null;
  else if (!(active instanceof HTMLTextAreaElement) && console.openId !== null)
    void closeIncident(console, console.openId);
}

/** The keyboard returns to the row it came from, once the list is on the screen again. */
async function closeIncident(console: Console, id: string): Promise<void> {
  console.open(null);
  await tick();
  rows()
    .find((row) => row.dataset.row === id)
    ?.focus();
}

const rows = () => [...document.querySelectorAll<HTMLElement>("[data-row]")];
