const SIGNS = 13;

/** As many characters as one may type, dashes and spaces among them. */
export const MAX_CODE = 20;

/** @returns whether it is as long as a code is; whether it is one, the station knows. */
export const isWholeCode = (typed: string): boolean => typed.replace(/[\s.-]/g, "").length === SIGNS;
