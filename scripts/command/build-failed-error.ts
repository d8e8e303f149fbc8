/** What was asked for can't be done, because a variant was not built: exit code 3. */

export class BuildFailedError extends Error {
  override readonly name = "BuildFailedError";

  constructor({ id, message }: { readonly id: string; readonly message: string }) {
    super(`${message}\nrepeat: npm run build -- ${id}`);
  }
}
