/** A process of the stage `bench` that goes wrong: `noop` has another result, `load` ends it. */
import { readFile } from "node:fs/promises";
import { workloads } from "../benchmarks/index.ts";
import { serveOrder } from "../harness/bench/serve.ts";
import { jobOf } from "../harness/bench/workload.ts";
import { ipcChannel } from "../harness/engine/serve.ts";

serveOrder({
  ...ipcChannel(process, "the test"),
  readFile: async (path) => new Uint8Array(await readFile(path)),
  jobOf: async (name) => {
    if (name === "load") process.exit(7);
    const workload = workloads.find((each) => each.name === name);
    if (workload === undefined) throw new Error(`there is no workload "${name}"`);
    const program = await readFile(workload.program, "utf8");
    const job = jobOf(workload, { scale: "smoke", program });
    return name === "noop" ? { ...job, expected: "something else" } : job;
  },
  now: () => performance.now(),
});
