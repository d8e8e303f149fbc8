/** The entry of a child process that fuzzes: joins its IPC channel to the worker. */
import { readFile } from "node:fs/promises";
import { ipcChannel } from "../../harness/engine/serve.ts";
import { serveBatches } from "../../harness/fuzz/worker.ts";
import { Oracle } from "../../harness/native/oracle.ts";

serveBatches({
  ...ipcChannel(process, "npm run fuzz"),
  readWasm: async (path) => new Uint8Array(await readFile(path)),
  startTwin: (path) => new Oracle({ path }),
  nowMs: () => performance.now(),
});
