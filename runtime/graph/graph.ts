/** The graph in the body of a snapshot: objects that refer to each other by id, and the roots. */
import type { LuaBytes } from "../scalar/scalars.ts";

/** Index of an object in `SnapshotGraph.objects`. */
export type ObjectId = number;

/** Why something could not be saved. */
export type Refusal =
  | "a C function that no name is known of"
  | "light userdata"
  | "userdata of a foreign kind"
  | "__persist is false"
  | "a coroutine that can't be saved"
  | "its __persist failed"
  | "made while the state was saved";

/** What stands in a slot: a scalar, a reference, or what could not be saved. */
export type GraphValue =
  | { readonly kind: "nil" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "integer"; readonly value: bigint }
  /** `nanBits`: of a NaN, because JavaScript has but one. */
  | { readonly kind: "float"; readonly value: number; readonly nanBits?: bigint }
  | GraphReference
  /** A C function without upvalues, by the name that the core knows it by. */
  | { readonly kind: "cFunction"; readonly name: string }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export interface GraphReference {
  readonly kind: "reference";
  readonly id: ObjectId;
}

/** A place in the hash part of a table, in the order in which Lua has them. */
export type HashNode =
  | { readonly kind: "free" }
  /** A key whose entry is gone; a suspended `pairs` may still stand on it. */
  | { readonly kind: "dead"; readonly key: ObjectId | undefined }
  /** A nil value: an entry that is gone, its key not yet collected. */
  | { readonly kind: "entry"; readonly key: GraphValue; readonly value: GraphValue };

export interface StringObject {
  readonly kind: "string";
  readonly bytes: LuaBytes;
}

/** `salt` decides where an object lies in a table that it is a key of; below 2048. */
export interface TableObject {
  readonly kind: "table";
  readonly salt: number;
  readonly hasFinalizer: boolean;
  readonly metatable: ObjectId | undefined;
  /** As Lua keeps it: at most the slots of the array. */
  readonly arrayLimit: number;
  /** The values of the keys 1, 2, 3 … */
  readonly array: readonly GraphValue[];
  /** A power of two of nodes; `lastFree` counts from the first node. */
  readonly hash: { readonly lastFree: number; readonly nodes: readonly HashNode[] } | undefined;
}

/** A variable that closures share: closed with its own value, or open in a coroutine's stack. */
export type UpvalueObject =
  | { readonly kind: "upvalue"; readonly state: "closed"; readonly value: GraphValue }
  | {
      readonly kind: "upvalue";
      readonly state: "open";
      readonly coroutine: ObjectId;
      readonly stackSlot: number;
    };

export interface LuaClosureObject {
  readonly kind: "luaClosure";
  readonly salt: number;
  readonly prototype: ObjectId;
  readonly upvalues: readonly ObjectId[];
}

export interface CClosureObject {
  readonly kind: "cClosure";
  readonly salt: number;
  readonly name: string;
  readonly upvalues: readonly GraphValue[];
}

/** One call on a coroutine's stack, the outermost first. */
export interface CallRecord {
  readonly functionSlot: number;
  readonly topSlot: number;
  readonly resultsWanted: number;
  /** Lua's bits. */
  readonly callStatus: number;
  readonly callee:
    | {
        readonly kind: "lua";
        /** Index of the next instruction. */
        readonly pc: number;
        readonly extraArguments: number;
      }
    | {
        readonly kind: "c";
        readonly continuation: string | undefined;
        readonly context: number;
        readonly oldErrorHandlerSlot: number;
      };
  readonly detail: number;
}

/** A coroutine, or the main thread, of which a state has one. */
export interface CoroutineObject {
  readonly kind: "coroutine" | "mainThread";
  readonly salt: number;
  /** As Lua has it: 0 ran well or not yet, 1 yielded, others are errors. */
  readonly status: number;
  readonly hookAllowed: boolean;
  readonly hookMask: number;
  readonly hookCountBase: number;
  readonly hookCount: number;
  /** 0: none. */
  readonly errorHandlerSlot: number;
  readonly stackSizeSlots: number;
  readonly stack: readonly GraphValue[];
  /** Stack slots of the variables to close, ascending. */
  readonly toClose: readonly number[];
  readonly calls: readonly CallRecord[];
}

/** Userdata of our own kinds. */
export interface UserdataObject {
  readonly kind: "userdata";
  readonly salt: number;
  readonly hasFinalizer: boolean;
  readonly metatable: ObjectId | undefined;
  readonly content: UserdataContent;
}

export type UserdataContent =
  | { readonly kind: "externalTable"; readonly table: number }
  /** `number`: of the iterator in the host section; −1 when it is at its end. */
  | { readonly kind: "iterator"; readonly number: number }
  | { readonly kind: "random"; readonly words: readonly [bigint, bigint, bigint, bigint] }
  | {
      readonly kind: "gmatch";
      readonly subject: ObjectId;
      readonly pattern: ObjectId;
      /** Byte of the subject where the search goes on. */
      readonly position: number;
      /** Where the last match ended. */
      readonly lastMatch: number | undefined;
    }
  | {
      readonly kind: "file";
      readonly file: "stdin" | "stdout" | "stderr";
      readonly isClosed: boolean;
    };

/** Saved as the closure that its `__persist` returned, which makes it again. */
export interface RebuiltObject {
  readonly kind: "rebuilt";
  readonly salt: number;
  readonly rebuilder: ObjectId;
}

export interface RefusedObject {
  readonly kind: "refused";
  readonly refusal: Refusal;
  /** The encoded error of a `__persist` that failed. */
  readonly error?: LuaBytes;
}

/** In a value: the globals ("_G"), or a table of package.loaded, by its name there. */
export interface NamedTableObject {
  readonly kind: "namedTable";
  readonly name: LuaBytes;
}

/** In a value: an external table, by its id. */
export interface TableHandleObject {
  readonly kind: "tableHandle";
  readonly table: number;
}

/** A Lua function's code; several closures may share it. */
export interface PrototypeObject {
  readonly kind: "prototype";
  readonly source: ObjectId | undefined;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly parameters: number;
  readonly isVararg: boolean;
  readonly stackSlots: number;
  readonly instructions: readonly number[];
  readonly constants: readonly GraphValue[];
  readonly upvalues: readonly UpvalueDescription[];
  readonly prototypes: readonly ObjectId[];
  /** Debug information: one signed byte for each instruction, as Lua keeps them. */
  readonly lineDifferences: Uint8Array;
  readonly absoluteLines: readonly { readonly pc: number; readonly line: number }[];
  readonly locals: readonly LocalVariable[];
}

export interface UpvalueDescription {
  /** It lies in the enclosing function's registers, not among its upvalues. */
  readonly isInStack: boolean;
  readonly index: number;
  readonly variableKind: number;
  readonly name: ObjectId | undefined;
}

/** Alive from `startPc` up to, not including, `endPc`. */
export interface LocalVariable {
  readonly name: ObjectId | undefined;
  readonly startPc: number;
  readonly endPc: number;
}

export type GraphObject =
  | StringObject
  | TableObject
  | UpvalueObject
  | LuaClosureObject
  | CClosureObject
  | CoroutineObject
  | UserdataObject
  | RebuiltObject
  | RefusedObject
  | NamedTableObject
  | TableHandleObject
  | PrototypeObject;

/** Settings of the collector, as Lua stores them. */
export interface CollectorSettings {
  readonly mode: "incremental" | "generational";
  readonly isStopped: boolean;
  readonly pause: number;
  readonly stepMultiplier: number;
  readonly stepSize: number;
  readonly minorMultiplier: number;
  readonly majorMultiplier: number;
}

/** Where a graph is entered: a whole state, or one value. */
export type GraphRoots =
  | {
      readonly scope: "state";
      readonly registry: ObjectId;
      /** Of the basic types, in the order of `basicTypes`. */
      readonly metatables: readonly (ObjectId | undefined)[];
      /** In the order in which Lua has them. */
      readonly finalizable: readonly ObjectId[];
      readonly collector: CollectorSettings;
      readonly warningsOn: boolean;
      /** That of the object that was made last; the next one has one more. */
      readonly latestSalt: number;
    }
  | { readonly scope: "value"; readonly value: GraphValue };

/** The body of a snapshot, read. Ids are indices in `objects`. */
export interface SnapshotGraph {
  readonly hasDebugInformation: boolean;
  /** It shows what could not be saved, and can't be restored. */
  readonly hasRefusals: boolean;
  readonly hashSeed: number;
  /** Names of the C functions that occur, in the core's order. */
  readonly names: readonly string[];
  readonly objects: readonly GraphObject[];
  readonly roots: GraphRoots;
}

/** The types that have one metatable for all their values. */
export const basicTypes = [
  "nil",
  "boolean",
  "light userdata",
  "number",
  "string",
  "table",
  "function",
  "userdata",
  "thread",
] as const;
