/** The number of a card as it is typed: all twelve digits, or the last six, which open the chip as well. */
export const NUMBER_LENGTH = 12;
export const ACCESS_LENGTH = 6;

const GROUP = 3;

/** @returns the digits in groups of three, which an eye can compare with the card. */
export function grouped(digits: string): string {
  return (digits.match(new RegExp(`.{1,${GROUP}}`, "g")) ?? []).join(" ");
}

/** @returns the groups in full length: what is still missing is an underscore. */
export const groupedOf = (digits: string, length: number): string => grouped(digits.padEnd(length, "_"));

export type NumberState = "whole" | "access" | "incomplete";

export function numberState(digits: string): NumberState {
  if (digits.length === NUMBER_LENGTH) return "whole";
  return digits.length === ACCESS_LENGTH ? "access" : "incomplete";
}
