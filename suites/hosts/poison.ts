/** After a trap or a foreign exception the instance is poisoned, and never called again. */

import type { Subject } from "../../harness/suite/case.ts";
import { equal, fails, isTrue, matches, succeeds, throws } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { homeTableId } from "../../runtime/abi/abi.ts";
import { parseManifest } from "../../runtime/abi/manifest.ts";
import { PoisonedError } from "../../runtime/check/errors.ts";
import { Core } from "../../runtime/core/core.ts";
import { Instance } from "../../runtime/instance/instance.ts";
import { InstanceSource } from "../../runtime/instance/instance-source.ts";
import { lenientTextOf } from "../../runtime/scalar/scalars.ts";
import { type ReplacedImports, rawCore } from "../raw-core.ts";

/** A core of the library over an instance of which some imports misbehave. */
async function coreWith(subject: Subject, replaced: ReplacedImports): Promise<Core> {
  const { guest, host } = await rawCore(subject, { replaced });
  equal(guest.init(), 0, "init");
  const json = host.memory.range(guest.manifestPtr(), guest.manifestLen()) ?? new Uint8Array(0);
  const module = await WebAssembly.compile(subject.wasm);
  return new Core({
    instance: new Instance({ guest, host }),
    source: new InstanceSource({ module, environment: host.environment, options: {} }),
    manifest: parseManifest(lenientTextOf(json)),
  });
}

export const poison = [
  defineCase({
    id: "hosts/import-that-throws",
    title:
      "An import that throws past wasm: this call and later ones answer POISONED, with the cause",
    run: async ({ subject }) => {
      const foreign = new Error("foreign");
      const core = await coreWith(subject, {
        js_ext_table_size: () => {
          throw foreign;
        },
      });
      succeeds(core.compute("1"), [1], "before");
      const first = fails(
        core.compute("return pcall(function() return #_home end)"),
        "POISONED",
        "first",
      );
      isTrue(first.cause === foreign, "the cause is what was thrown");
      matches(first.error, /foreign.*load a new core/, "the message");
      fails(core.compute("1"), "POISONED", "compute");
      fails(core.call("print"), "POISONED", "call");
      fails(core.snapshot(), "POISONED", "snapshot");
      throws(PoisonedError, () => core.register("f", () => 1), "register");
      throws(PoisonedError, () => core.memoryStats(), "memoryStats");
      throws(PoisonedError, () => core.runGc(), "runGc");
      core.tables.home.set("x", 1);
      equal(core.tables.home.get("x"), 1, "external tables can be read still");
      core.dispose();
      fails(core.compute("1"), "DISPOSED", "after dispose");
    },
  }),
  defineCase({
    id: "hosts/trap-poisons",
    title: "A trap inside a host's import passes out as a trap and poisons the core",
    run: async ({ subject }) => {
      // (module (func (export "f") unreachable))
      const bytes = Uint8Array.from([
        ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0],
        ...[7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11],
      ]);
      const { instance } = await WebAssembly.instantiate(bytes);
      const trap = instance.exports["f"];
      const core = await coreWith(subject, {
        js_ext_table_size: () => {
          if (typeof trap === "function") trap();
        },
      });
      const { cause } = fails(
        core.compute("return pcall(function() return #_home end)"),
        "POISONED",
        "a trap",
      );
      isTrue(cause instanceof WebAssembly.RuntimeError, "the cause is the trap");
      fails(core.compute("1"), "POISONED", "afterwards");
    },
  }),
  defineCase({
    id: "hosts/trap-keeps-output",
    title: "What was handed over before a trap is in the output of the POISONED failure",
    run: async ({ subject }) => {
      const core = await coreWith(subject, {
        js_ext_table_size: () => {
          throw new Error("foreign");
        },
      });
      const { output } = fails(
        core.compute("io.write(('x'):rep(40000)) return #_home"),
        "POISONED",
        "an import that throws",
      );
      isTrue(output === "x".repeat(40_000), "its output");
      equal(fails(core.compute("1"), "POISONED", "afterwards").output, "", "the next one's output");
    },
  }),
  defineCase({
    id: "hosts/unknown-table-in-result",
    title: "A result with an external table that the host does not have: BAD_VALUE, core unharmed",
    run: async ({ subject }) => {
      const core = await coreWith(subject, {
        js_ext_table_open: (_name = 0, nameLength = 0) => (nameLength === 0 ? 77 : homeTableId),
      });
      const code = "print('before') return 1, {ext.table()}";
      const { error, output } = fails(core.compute(code), "BAD_VALUE", "a result");
      matches(error, /no external table 77/, "the message");
      equal(output, "before\n", "the output");
      const raised = fails(
        core.compute("error({ext.table()})"),
        "RUNTIME_FAILED",
        "an error value",
      );
      matches(raised.error, /no external table 77/, "the message of it");
      succeeds(core.compute("return 1"), [1], "afterwards");
    },
  }),
  defineCase({
    id: "hosts/host-exception-contained",
    title: "Exceptions in options' functions (input, onOutput, time) never pass through wasm",
    run: async ({ load }) => {
      const boom = (): never => {
        throw new Error("boom");
      };
      const core = await load({ input: boom, time: boom, clock: boom });
      for (const code of ["return io.read()", "return os.time()", "return os.clock()"]) {
        const result = core.compute(code);
        if (!result.ok) fails(result, "RUNTIME_FAILED", code);
        succeeds(core.compute("1"), [1], `after ${code}`);
      }
      const silent = await load({ onOutput: boom });
      const { cause } = fails(silent.compute("print('x')"), "HOST_FAILED", "onOutput");
      isTrue(cause instanceof Error && cause.message === "boom", "the cause");
      fails(silent.compute("print(('x'):rep(50000))"), "HOST_FAILED", "onOutput in the middle");
      succeeds(silent.compute("1"), [1], "afterwards, without output");
    },
  }),
];
