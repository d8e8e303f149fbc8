/** The entry of a child process that fuzzes: joins its IPC channel to the worker. */
import { readFile } from "node:fs/promises";
import { serveBatches } from "../../harness/fuzz/worker.ts";
import { Oracle } from "../../harness/native/oracle.ts";

// Ctrl-C reaches every process of the terminal: the command decides which worker ends, and when.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit());

serveBatches({
  send: (reply) =>
    new Promise((resolve, reject) => {
      if (process.send === undefined) return reject(new Error("npm run fuzz starts this file"));
      return process.send(reply, undefined, undefined, (error) =>
        error === null ? resolve() : reject(error),
      );
    }),
  onMessage: (listener) => process.on("message", listener),
  readWasm: async (path) => new Uint8Array(await readFile(path)),
  startTwin: (path) => new Oracle({ path }),
  nowMs: () => performance.now(),
});
