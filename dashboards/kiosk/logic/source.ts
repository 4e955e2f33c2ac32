/** `service@version#field`, as the daemon names where an answer comes from, in words: the screen shows no ids. */
export function sourceWords(source: string, inWords: (version: string) => string): string {
  const version = /@(\d+)(?:#|$)/.exec(source)?.[1];
  return version === undefined ? source : inWords(version);
}
