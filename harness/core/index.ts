/** The public entry of the library: what an application that embeds the core imports. */
export type { FailureName } from "../artifact/abi.ts";
export type { Manifest } from "../artifact/manifest.ts";
export type { CoreSource } from "./compile.ts";
export type { LibraryName, StateOptions } from "./configuration.ts";
export type { Core, CoreOptions, Done } from "./core.ts";
export type { ValueMapping } from "./decode.ts";
export type { HostOptions } from "./environment.ts";
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
} from "./errors.ts";
export { ExternalTable } from "./external-table.ts";
export type { HostFunction } from "./host-functions.ts";
export type { InputSource } from "./input.ts";
export { loadCore } from "./load.ts";
export { LuaGraph } from "./lua-graph.ts";
export type { MemoryStats } from "./memory-stats.ts";
export type { ModuleSource } from "./modules.ts";
export type { Quota, Usage } from "./quota.ts";
export type { RestoreOptions } from "./restore-snapshot.ts";
export type { Failure, FailureCode, Refused, Result, Success } from "./result.ts";
export type { Saved, Trust } from "./saved.ts";
export { LuaBytes, LuaFloat } from "./scalars.ts";
export {
  AuthenticSnapshot,
  openSnapshot,
  SnapshotError,
  sealSnapshot,
} from "./snapshot/authentic.ts";
export type { SnapshotLimits } from "./snapshot/container.ts";
export type { Difference } from "./snapshot/diff.ts";
export type { Tables } from "./tables.ts";
export type { SnapshotOptions, SnapshotResult } from "./take-snapshot.ts";
export { type LuaInput, LuaTable, type LuaValue, LuaValues, multiple } from "./values.ts";
