/** A key file holds one line of this form; `age-keygen` writes comments around it. */
const IDENTITY = /^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/;
const MOST_CHARACTERS = 4_096;

/** The desk's secret key in what was chosen or typed; null when there is none, or more than one. */
export function readIdentity(text: string): string | null {
  if (text.length > MOST_CHARACTERS) return null;
  const lines = text.split(/\r?\n/).map((line) => line.trim().toUpperCase());
  const [key, ...others] = lines.filter((line) => IDENTITY.test(line));
  return key !== undefined && others.length === 0 ? key : null;
}

/** @throws when the key does not fit, or the file is damaged. */
export async function openSealed(base64: string, identity: string): Promise<unknown> {
  const { Decrypter } = await import("age-encryption"); // only who opens something has to load it
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return JSON.parse(await decrypter.decrypt(bytes, "text")) as unknown;
}
