/** The oracle's client: stock Lua in a child process, asked chunk by chunk. */
import { patientTimer } from "../engine/patient-timer.ts";
import { PipedProgram } from "../engine/piped-program.ts";

export interface OracleAnswer {
  /** False: `bytes` are the error's message. */
  readonly ok: boolean;
  readonly bytes: Uint8Array;
}

export interface OracleOptions {
  /** Of the executable: buildNative("oracle", …). */
  readonly path: string;
  /** A request that takes longer ends the oracle. */
  readonly limitMs?: number;
  /** Ends the child when it is aborted. */
  readonly signal?: AbortSignal;
}

/** The oracle ended, took too long or broke its frames; all later requests fail with it too. */
export class OracleError extends Error {
  override readonly name = "OracleError";
  /** The chunk that it was answering; empty for a reset. Undefined between two requests. */
  readonly request: Uint8Array | undefined;

  constructor(problem: string, request: Uint8Array | undefined, options: ErrorOptions = {}) {
    super(`the oracle ${problem}${request === undefined ? "" : `: ${shown(request)}`}`, options);
    this.request = request;
  }
}

interface Waiting {
  readonly request: Uint8Array;
  readonly resolve: (answer: OracleAnswer) => void;
  readonly reject: (error: OracleError) => void;
}

const limitMsDefault = 10_000;
const answerBytesMax = 1 << 28;
const lengthBytes = 4;
const statusOk = 0;
const statusFailed = 1;

/** Answers come in the order of the requests, of which any number may wait. */
export class Oracle {
  readonly #program: PipedProgram;
  readonly #limitMs: number;
  readonly #waiting: Waiting[] = [];
  #received: Buffer[] = [];
  #receivedBytes = 0;
  #ended: OracleError | undefined;
  #unwatch = (): void => undefined;

  constructor({ path, limitMs = limitMsDefault, signal }: OracleOptions) {
    this.#limitMs = limitMs;
    this.#program = new PipedProgram({
      command: [path],
      // The wasm knows no time zone, and no other variable.
      environment: { TZ: "UTC0" },
      signal,
      onData: (chunk) => this.#receive(chunk),
      onEnd: (problem) => this.#end(problem),
    });
  }

  /** Runs a chunk that returns one string in the oracle's state. Throws OracleError. */
  async eval(code: Uint8Array): Promise<OracleAnswer> {
    if (code.length === 0) throw new RangeError("an empty chunk returns no string");
    return await this.#ask(code);
  }

  /** Makes a fresh state. Throws OracleError. */
  async reset(): Promise<void> {
    await this.#ask(new Uint8Array());
  }

  /** Ends the child after the requests that wait; it may be called twice. */
  async close(): Promise<void> {
    await this.#program.close();
  }

  #ask(request: Uint8Array): Promise<OracleAnswer> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const length = Buffer.alloc(lengthBytes);
    length.writeUInt32LE(request.length);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      if (this.#waiting.length === 1) this.#watch();
      this.#program.write(length);
      if (request.length > 0) this.#program.write(request);
    });
  }

  #receive(chunk: Buffer): void {
    if (this.#ended !== undefined) return;
    this.#received.push(chunk);
    this.#receivedBytes += chunk.length;
    while (this.#receivedBytes >= lengthBytes) {
      const received = this.#join();
      const answerBytes = received.readUInt32LE();
      if (answerBytes === 0 || answerBytes > answerBytesMax) {
        this.#stop(`sent a frame of ${answerBytes} bytes`);
        return;
      }
      const end = lengthBytes + answerBytes;
      if (received.length < end) return;
      this.#received = [received.subarray(end)];
      this.#receivedBytes -= end;
      this.#answer(received.subarray(lengthBytes, end));
    }
  }

  /** All that was received, as one buffer. */
  #join(): Buffer {
    const [only] = this.#received;
    if (this.#received.length === 1 && only !== undefined) return only;
    const joined = Buffer.concat(this.#received);
    this.#received = [joined];
    return joined;
  }

  #answer(frame: Buffer): void {
    const status = frame[0];
    if (status !== statusOk && status !== statusFailed) {
      this.#stop(`sent a frame of status ${status}`);
      return;
    }
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#stop("sent an answer that nobody asked for");
      return;
    }
    this.#watch();
    next.resolve({ ok: status === statusOk, bytes: Uint8Array.from(frame.subarray(1)) });
  }

  /** Gives the first of those that wait the whole limit. */
  #watch(): void {
    this.#unwatch();
    if (this.#waiting.length === 0) return;
    this.#unwatch = patientTimer({
      limitMs: this.#limitMs,
      queues: () => this.#program.queues(),
      onExpired: () => this.#stop(`took more than ${this.#limitMs} ms`),
    });
  }

  #stop(problem: string): void {
    this.#end(problem);
    this.#program.kill();
  }

  #end(problem: string): void {
    this.#unwatch();
    this.#ended ??= new OracleError(problem, this.#waiting[0]?.request);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}

const shownBytesMax = 200;

function shown(request: Uint8Array): string {
  if (request.length === 0) return "a reset";
  const start = JSON.stringify(Buffer.from(request.subarray(0, shownBytesMax)).toString("latin1"));
  const rest = request.length - shownBytesMax;
  return rest > 0 ? `${start} and ${rest} bytes more` : start;
}
