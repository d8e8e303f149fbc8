/** A word of a command that people copy into a shell. */

/** In quotes, where it has characters that a shell takes for its own. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
