/** The worker's end of an IPC channel: what each entry of a child process joins its work to. */

/** The parts of Node's `process` that a channel is made of. */
type ChildSide = Pick<NodeJS.Process, "send" | "on" | "exit">;

export interface Channel<Reply> {
  /** Resolves when the message is on its way, so that work that hangs has been announced. */
  readonly send: (reply: Reply) => Promise<void>;
  readonly onMessage: (listener: (message: unknown) => void) => void;
}

/** Ends the process with its parent. `startedBy` names the command, for who starts it by hand. */
export function ipcChannel<Reply>(child: ChildSide, startedBy: string): Channel<Reply> {
  // Ctrl-C reaches every process of the terminal: the command decides which one ends, and when.
  child.on("SIGINT", () => undefined);
  child.on("disconnect", () => child.exit());
  return {
    send: (reply) =>
      new Promise((resolve, reject) => {
        if (child.send === undefined) return reject(new Error(`${startedBy} starts this file`));
        return child.send(reply, undefined, undefined, (error) =>
          error === null ? resolve() : reject(error),
        );
      }),
    onMessage: (listener) => void child.on("message", listener),
  };
}
