/** The entry of a child process of the engine `node`: joins its IPC channel to the worker. */
import { readFile } from "node:fs/promises";
import { serveJobs } from "../../harness/run/worker.ts";

// Ctrl-C reaches every process of the terminal: the run decides which worker ends, and when.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit());

serveJobs({
  send: (reply) =>
    new Promise((resolve, reject) => {
      if (process.send === undefined) return reject(new Error("this file is started by the run"));
      return process.send(reply, undefined, undefined, (error) =>
        error === null ? resolve() : reject(error),
      );
    }),
  onMessage: (listener) => process.on("message", listener),
  readFile: async (path) => new Uint8Array(await readFile(path)),
  now: () => performance.now(),
});
