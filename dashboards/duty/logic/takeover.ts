import type { Card } from "../../common/api/types";
import { isOpen } from "./urgency";

/**
 * Whether a new SOS may take the screen. It never does while somebody is typing or has another person's case open;
 * then the board, the sound and the strip above the page tell of it.
 */
export function takesScreen(incoming: Card, onScreen: Card | null, isTyping: boolean): boolean {
  if (isTyping) return false;
  if (onScreen === null || !isOpen(onScreen)) return true;
  return onScreen.drill && !incoming.drill;
}
