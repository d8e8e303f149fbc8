/** The child that an engine runs to meter: `meter-worker.ts REQUEST.json`, the answer on stdout. */
import { readFileSync } from "node:fs";
import { answerRequest, type MeterRequest } from "../../harness/meter/answer-request.ts";

function bytesOf(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(path));
}

const request = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as MeterRequest;
const answer = await answerRequest(request, {
  plain: bytesOf(request.plainPath),
  metered: bytesOf(request.meteredPath),
  nowMs: () => performance.now(),
});
process.stdout.write(JSON.stringify(answer));
