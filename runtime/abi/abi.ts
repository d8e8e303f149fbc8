/** ABI version 1 as figures and lists (docs/FORMATS.md): codes, sizes, exports and imports. */

/** The status codes that exports and imports answer with. */
export const statusCodes = {
  SUCCESS: 0,
  NULL_STATE: -1,
  INVALID_SIZE: -2,
  COMPILE_FAILED: -3,
  RUNTIME_FAILED: -4,
  BUFFER_OVERFLOW: -5,
  OUT_OF_MEMORY: -6,
  BAD_SNAPSHOT: -7,
  HOST_FAILED: -8,
  BUSY: -9,
  BAD_VALUE: -10,
  QUOTA_EXCEEDED: -12,
  UNKNOWN_TABLE: -13,
  NOT_FOUND: -14,
  NOT_PERSISTABLE: -15,
} as const;

export type StatusName = keyof typeof statusCodes;
/** The name of a negative code. */
export type FailureName = Exclude<StatusName, "SUCCESS">;

const failureNames: ReadonlyMap<number, FailureName> = new Map(
  Object.keys(statusCodes)
    .filter(isFailureName)
    .map((name) => [statusCodes[name], name]),
);

function isFailureName(name: string): name is FailureName {
  return name !== "SUCCESS" && Object.hasOwn(statusCodes, name);
}

/** The name of a negative code; undefined for a code that this ABI does not know. */
export function failureName(code: number): FailureName | undefined {
  return failureNames.get(code);
}

/** The value tags (docs/FORMATS.md, "Values"). */
export const valueTags = {
  nil: 0x00,
  boolean: 0x01,
  integer: 0x02,
  float: 0x03,
  string: 0x04,
  table: 0x05,
  backReference: 0x06,
  externalTable: 0x0a,
  /** Only the whole value of an external table's entry. */
  graph: 0x0b,
} as const;

/** How deep tables by value may nest; the outermost counts as one. */
export const tableDepthMax = 100;

const pageBytes = 65_536;
export const memoryPages = 32;
export const memoryBytes = memoryPages * pageBytes;
/** The stack lies first in memory, so that its overflow traps instead of corrupting. */
export const stackBytes = 262_144;
export const bufferBytes = 65_536;
export const bufferAlignment = 16;
export const frameHeaderBytes = 16;
/** Bit 0 of a frame's flags: the values came through `js_stream_write`. */
export const frameValuesStreamed = 1;
/** The least heap that Lua has in every variant: 1.6 MiB. */
export const heapBytesMin = Math.ceil(1.6 * 1024 * 1024);
/** In the place of a function's id in `js_call`, with no arguments: the room on the stack. */
export const stackRoomQuestion = 0xffff_ffff;
/** The id of `_home`, the external table that is always there. */
export const homeTableId = 1;
/** Of ids of tables, iterators and host functions: they cross the boundary as i32. */
export const idMax = 2 ** 30 - 1;
/** The longest that an i32 tells whose negative values are codes: of counts and lengths. */
export const numberMax = 0x7fff_ffff;
export const homeTableName = "_home";

/** Bit 0 of `serialize_state`'s flags: no debug information of functions. */
export const serializeStripped = 1;
/** Bit 0 of `restore_state`'s flags: somebody vouches for the body, so that all of it is taken. */
export const restoreFunctions = 1;
/** The custom section that says which build a wasm is: the SHA-256 of the module without it. */
export const buildIdSection = "lpw.build";
export const buildIdBytes = 32;

/** What stands at the boundary. `type` as harness/wasm writes it: "(i32) -> ()", "32..32". */
export interface Extern {
  readonly name: string;
  readonly kind: "function" | "memory" | "global";
  readonly type: string;
}

/** An import, with the module that it comes from. */
export interface ImportedExtern extends Extern {
  readonly module: string;
}

/** How an error of Lua unwinds: through the host, or by wasm exceptions, legacy or standard. */
export const unwinds = ["js", "eh", "exnref"] as const;
export type Unwind = (typeof unwinds)[number];

/** What a module is built for. */
export const targets = ["freestanding", "wasi"] as const;
export type Target = (typeof targets)[number];

/** The two axes that decide what a module exports and imports. */
export interface Interface {
  readonly target: Target;
  readonly unwind: Unwind;
}

/** Axes as texts, of a manifest or a record; undefined where one is none of ours. */
export function interfaceNamed(axes: {
  readonly target?: string | undefined;
  readonly unwind?: string | undefined;
}): Interface | undefined {
  const target = targets.find((each) => each === axes.target);
  const unwind = unwinds.find((each) => each === axes.unwind);
  return target === undefined || unwind === undefined ? undefined : { target, unwind };
}

/** What is special to each: a new one has to say what it exports and imports. */
const ofUnwind: Readonly<
  Record<Unwind, { readonly exports: readonly Extern[]; readonly imports: readonly Extern[] }>
> = {
  js: {
    exports: [
      functionOf("lua_protected_call", "(i32, i32, i32) -> ()"),
      { name: "__stack_pointer", kind: "global", type: "mutable i32" },
    ],
    imports: [functionOf("js_try", "(i32, i32, i32) -> ()"), functionOf("js_throw", "() -> ()")],
  },
  eh: { exports: [], imports: [] },
  exnref: { exports: [], imports: [] },
};

const ofTarget: Readonly<Record<Target, readonly Extern[]>> = {
  freestanding: [],
  wasi: [functionOf("_initialize", "() -> ()")],
};

export const importModule = "env";

const commonExports: readonly Extern[] = [
  { name: "memory", kind: "memory", type: `${memoryPages}..${memoryPages}` },
  functionOf("init", "() -> (i32)"),
  functionOf("deinit", "() -> ()"),
  functionOf("configure", "(i32, i32) -> (i32)"),
  functionOf("compute", "(i32, i32) -> (i32)"),
  functionOf("call", "(i32, i32) -> (i32)"),
  functionOf("register", "(i32, i32, i32) -> (i32)"),
  functionOf("get_buffer_ptr", "() -> (i32)"),
  functionOf("get_buffer_size", "() -> (i32)"),
  functionOf("get_memory_stats", "(i32) -> ()"),
  functionOf("run_gc", "() -> (i32)"),
  functionOf("serialize_state", "(i32) -> (i32)"),
  functionOf("restore_state", "(i32) -> (i32)"),
  functionOf("get_manifest_ptr", "() -> (i32)"),
  functionOf("get_manifest_len", "() -> (i32)"),
];

const commonImports: readonly Extern[] = [
  functionOf("js_ext_table_open", "(i32, i32) -> (i32)"),
  functionOf("js_ext_table_retain", "(i32) -> (i32)"),
  functionOf("js_ext_table_release", "(i32) -> (i32)"),
  functionOf("js_ext_table_set", "(i32, i32, i32, i32, i32) -> (i32)"),
  functionOf("js_ext_table_get", "(i32, i32, i32, i32, i32) -> (i32)"),
  functionOf("js_ext_table_delete", "(i32, i32, i32) -> (i32)"),
  functionOf("js_ext_table_size", "(i32) -> (i32)"),
  functionOf("js_ext_table_keys", "(i32, i32, i32) -> (i32)"),
  functionOf("js_iter_open", "(i32) -> (i32)"),
  functionOf("js_iter_next", "(i32, i32, i32) -> (i32)"),
  functionOf("js_iter_close", "(i32) -> (i32)"),
  functionOf("js_call", "(i32, i32, i32, i32, i32) -> (i32)"),
  functionOf("js_module", "(i32, i32, i32, i32, i32) -> (i32)"),
  functionOf("js_input", "(i32, i32) -> (i32)"),
  functionOf("js_output", "(i32, i32) -> (i32)"),
  functionOf("js_time", "() -> (f64)"),
  functionOf("js_clock", "() -> (f64)"),
  functionOf("js_stream_read", "(i32, i32) -> (i32)"),
  functionOf("js_stream_write", "(i32, i32) -> (i32)"),
];

function functionOf(name: string, type: string): Extern {
  return { name, kind: "function", type };
}

/** All that a module of these axes exports, and nothing else: the function table never is. */
export function exportsOf({ target, unwind }: Interface): readonly Extern[] {
  return [...commonExports, ...ofUnwind[unwind].exports, ...ofTarget[target]];
}

/** All that a module of these axes imports, and nothing else: no WASI function on either target. */
export function importsOf({ unwind }: Interface): readonly ImportedExtern[] {
  const externs = [...commonImports, ...ofUnwind[unwind].imports];
  return externs.map((extern) => ({ module: importModule, ...extern }));
}
