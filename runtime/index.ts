/** The public entry of the library: what an application that embeds the core imports. */
export type { FailureName } from "./abi/abi.ts";
export type { Manifest } from "./abi/manifest.ts";
export {
  BusyError,
  CoreLoadError,
  DecodeError,
  DisposedError,
  EncodeError,
  type LoadFailure,
  LuaError,
  OutOfStackError,
  PoisonedError,
  QuotaExceededError,
  UsageError,
} from "./check/errors.ts";
export type { Core, Done } from "./core/core.ts";
export { loadCore } from "./core/load.ts";
export type { CoreOptions } from "./core/options.ts";
export type { Difference } from "./graph/diff.ts";
export type { SnapshotLimits } from "./graph/limits.ts";
export type { CoreSource } from "./instance/compile.ts";
export type { LibraryName, StateOptions } from "./instance/configuration.ts";
export type { HostOptions } from "./instance/environment.ts";
export type { HostFunction } from "./instance/host-functions.ts";
export type { InputSource } from "./instance/input.ts";
export type { MemoryStats } from "./instance/memory-stats.ts";
export type { ModuleSource } from "./instance/modules.ts";
export type { Failure, FailureCode, Refused, Result, Success } from "./instance/result.ts";
export { LuaBytes, LuaFloat } from "./scalar/scalars.ts";
export {
  AuthenticSnapshot,
  openSnapshot,
  SnapshotError,
  sealSnapshot,
} from "./snapshot/authentic.ts";
export type { RestoreOptions } from "./snapshot/restore-snapshot.ts";
export type { Saved, Trust } from "./snapshot/saved.ts";
export type { SnapshotOptions, SnapshotResult } from "./snapshot/take-snapshot.ts";
export type { Quota, Usage } from "./table/quota.ts";
export type { Tables } from "./table/tables.ts";
export type { ValueMapping } from "./value/decode.ts";
export {
  ExternalTable,
  LuaGraph,
  type LuaInput,
  LuaTable,
  type LuaValue,
  LuaValues,
  multiple,
} from "./value/values.ts";
