/** The entry of a process of `npm run bench`: joins its IPC channel to the order that it serves. */
import { readFile } from "node:fs/promises";
import { workloads } from "../../benchmarks/index.ts";
import { serveOrder } from "../../harness/bench/serve.ts";
import { BenchError } from "../../harness/bench/subject.ts";
import { jobOf } from "../../harness/bench/workload.ts";
import { ipcChannel } from "../../harness/engine/serve.ts";

serveOrder({
  ...ipcChannel(process, "npm run bench"),
  readFile: async (path) => new Uint8Array(await readFile(path)),
  jobOf: async (name) => {
    const workload = workloads.find((each) => each.name === name);
    if (workload === undefined) throw new BenchError(`there is no workload "${name}"`);
    return jobOf(workload, { scale: "full", program: await readFile(workload.program, "utf8") });
  },
  now: () => performance.now(),
});
