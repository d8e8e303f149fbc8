/** Metering in another engine: a child process that runs the meter worker and prints its answer. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { EngineProgram } from "../engine/engine-program.ts";
import type { MeterAnswer, MeterRequest } from "./answer-request.ts";
import { MeterError } from "./counters.ts";

export interface ChildOptions {
  /** The file that the engine runs: scripts/worker/meter-worker.ts. */
  readonly workerPath: string;
  /** Where the request is written, for as long as the child runs. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

const count = z.int().nonnegative();
const costSchema = z.strictObject({
  instructions: count,
  bulkBytes: count,
  hostCalls: count,
  bytesToHost: count,
  bytesFromHost: count,
  heapPeakBytes: count,
  functions: z.array(z.tuple([count, count])),
});
const answerSchema = z.discriminatedUnion("state", [
  z.strictObject({
    state: z.literal("measured"),
    costs: z.array(
      z.union([
        z.strictObject({ workload: z.string(), cost: costSchema }),
        z.strictObject({ workload: z.string(), failure: z.string() }),
      ]),
    ),
    timeRatio: z.number().positive().exactOptional(),
  }),
  z.strictObject({ state: z.literal("unsupported"), evidence: z.string() }),
]);

/**
 * The costs of a request's jobs in one engine. `unsupported` where the engine is not there, or
 * does not compile the wasm. Throws MeterError when the child fails, with what it wrote, and the
 * signal's reason when it is aborted.
 */
export async function costsIn(
  engine: EngineProgram,
  request: MeterRequest,
  options: ChildOptions,
): Promise<MeterAnswer> {
  const output = await withRequest(request, options.directory, (requestPath) =>
    outputOf(engine, requestPath, options),
  );
  if (typeof output !== "string") return output;
  try {
    return answerSchema.parse(JSON.parse(output));
  } catch (cause) {
    throw new MeterError(`${engine.name} answered no costs: ${output.slice(0, 500)}`, { cause });
  }
}

/** Each request has a folder of its own: engines may be asked side by side. */
async function withRequest<Answer>(
  request: MeterRequest,
  directory: string,
  work: (requestPath: string) => Promise<Answer>,
): Promise<Answer> {
  const own = await mkdtemp(join(directory, "request-"));
  try {
    const requestPath = join(own, "request.json");
    await writeFile(requestPath, JSON.stringify(request));
    return await work(requestPath);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

const outputBytesMax = 64 * 1024 * 1024;

function outputOf(
  engine: EngineProgram,
  requestPath: string,
  { workerPath, environment, limitMs, signal }: ChildOptions,
): Promise<string | MeterAnswer> {
  const { name, command } = engine;
  const env = { ...environment, ...engine.environment };
  const settings = { env, timeout: limitMs, maxBuffer: outputBytesMax, signal };
  return new Promise((resolve, reject) => {
    const args = [...engine.arguments, workerPath, requestPath];
    execFile(command, args, settings, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      if (signal.aborted) return reject(signal.reason);
      if (error.code === "ENOENT") {
        return resolve({ state: "unsupported", evidence: `${name} did not start: no ${command}` });
      }
      const end = error.killed === true ? `ended after ${limitMs} ms` : `failed (${error.code})`;
      return reject(new MeterError(`metering in ${name} ${end}: ${stderr.slice(-2000)}`));
    });
  });
}
