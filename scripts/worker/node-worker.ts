/** The entry of a child process of the engine `node`: joins its IPC channel to the worker. */
import { readFile } from "node:fs/promises";
import { ipcChannel } from "../../harness/engine/serve.ts";
import { serveJobs } from "../../harness/run/worker.ts";

serveJobs({
  ...ipcChannel(process, "npm run matrix"),
  readFile: async (path) => new Uint8Array(await readFile(path)),
  now: () => performance.now(),
});
