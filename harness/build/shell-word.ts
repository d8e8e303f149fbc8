/** Words of a command that people copy into a shell. */

/** In quotes, where it has characters that a shell takes for its own. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The command of an npm script with these arguments. */
export function npmRun(script: string, args: readonly string[]): string {
  return ["npm run", script, ...(args.length === 0 ? [] : ["--", ...args.map(shellWord)])].join(
    " ",
  );
}
