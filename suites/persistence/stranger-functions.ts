/** Host functions in snapshots of a stranger: each under its own name and number, or refused. */

import { fails, isTrue, matches, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import type { Core } from "../../runtime/core/core.ts";
import { readContainer, writeContainer } from "../../runtime/snapshot/container.ts";
import {
  decodeHostSection,
  encodeHostSection,
  type HostSection,
} from "../../runtime/snapshot/host-section.ts";
import { changed, isRefused, isTableWith, withGraph } from "./changed-snapshots.ts";
import { saved } from "./saved-program.ts";

const trusted = { bytecode: "trusted" } as const;

function hostSectionIn(snapshot: Uint8Array): HostSection {
  const read = readContainer(snapshot);
  isTrue(read.ok, "the container reads");
  return decodeHostSection(read.container.host);
}

export const strangerFunctionCases = [
  defineCase({
    id: "persistence/data-beside-functions",
    title: "Host functions that stand under their names are no more than data, whatever was there",
    run: async ({ load }) => {
      for (const change of ["x = nil", "x = {data = 1}", 'x = setmetatable({}, {__mode = "k"})']) {
        const core = await load({ seed: 1 });
        core.register("x", () => "x");
        succeeds(core.compute(change), [], change);
        core.register("x.y", () => "y");
        isTrue(core.restore(saved(core)).ok, `${change}: in the same core`);
        succeeds(core.compute("return x.y()"), ["y"], "its function");
      }
      const core = await load({ seed: 1 });
      const names = [64, 65, 300].flatMap((length) => [
        "a".repeat(length),
        `b.${"c".repeat(length)}`,
      ]);
      for (const name of names) core.register(name, () => name);
      isTrue(core.restore(saved(core)).ok, "names of any length");
      for (const name of names) succeeds(core.call(name), [name], `a name of ${name.length}`);
    },
  }),
  defineCase({
    id: "persistence/stranger-weak-host-functions",
    title: "Without trust no metatable lets the collector take a host function",
    run: async ({ load }) => {
      const register = (core: Core): void => core.register("app.save", () => "saved");
      const core = await load({ seed: 1 });
      register(core);
      succeeded(core.compute('meta = {__mode = "v"}'), "a metatable");
      const weak = withGraph(saved(core), (graph) => {
        const meta = graph.objects.findIndex((each) => isTableWith(graph, each, "__mode"));
        return changed(graph, (each) =>
          each.kind === "table" && isTableWith(graph, each, "save")
            ? { ...each, metatable: meta }
            : each,
        );
      });
      matches(await isRefused({ load }, weak, register), /functions can't be weak/, "weak");
      succeeded(core.compute("setmetatable(app, {__newindex = os})"), "entries for os");
      matches(await isRefused({ load }, saved(core), register), /metatable of _G\.app/, "new");
    },
  }),
  defineCase({
    id: "persistence/stranger-host-function",
    title: "Without trust a host function comes back under its own name alone",
    run: async ({ load }) => {
      const register = (core: Core): void => core.register("launch", () => "launched");
      const core = await load({ seed: 1 });
      register(core);
      succeeded(core.compute("print = launch"), "another name");
      matches(await isRefused({ load }, saved(core), register), /_G\.print/, "the message");
      succeeded(core.compute("print = nil"), "its own name alone");
      const snapshot = saved(core);
      const read = readContainer(snapshot);
      isTrue(read.ok, "the container reads");
      const section = decodeHostSection(read.container.host);
      // The same number under another function's name.
      const functions = new Map([...section.functions.keys()].map((id) => [id, "wipe"]));
      const renamed = writeContainer({
        ...read.container,
        host: encodeHostSection({ ...section, functions }),
      });
      const both = (other: Core): void => {
        register(other);
        other.register("wipe", () => "wiped");
      };
      matches(await isRefused({ load }, renamed, both), /_G\.launch/, "the message");
      const other = await load({ seed: 2 });
      both(other);
      isTrue(other.restore(snapshot).ok, "restored");
      succeeds(other.compute("return launch(), wipe"), ["launched", undefined], "its function");
    },
  }),
  defineCase({
    id: "persistence/stranger-function-of-two-names",
    title: "Without trust no table makes one host function answer to another's name",
    run: async ({ load }) => {
      const names = ["check", "admin.check", "one.act", "two.act", "admin.len"];
      const register = (core: Core): void => {
        for (const name of names) core.register(name, () => name);
      };
      for (const [code, path] of [
        ["check, admin = admin.check, _G", /check \(leads to the host's admin\.check/],
        ["one = two", /one\.act \(leads to the host's two\.act/],
        ["string.len, admin = admin.len, string", /string\.len \(leads to the host's admin\.len/],
        ["setmetatable(_G, {__index = admin}).check = nil", /check \(leads to the host's admin/],
        ["setmetatable(one, {__index = two}).act = nil", /one\.act \(leads to the host's two/],
        [
          "one = nil setmetatable(_G, {__index = {one = two}})",
          /one\.act \(leads to the host's two/,
        ],
        [
          "one = nil debug.setmetatable(nil, {__index = two})",
          /one\.act \(leads to the host's two/,
        ],
        ["admin = string", /admin\.len \(leads to string\.len/],
      ] as const) {
        const core = await load({ seed: 1 });
        register(core);
        succeeded(core.compute(code), code);
        matches(await isRefused({ load }, saved(core), register), path, code);
      }
      const core = await load({ seed: 1 });
      register(core);
      const code = "one.act, two = nil, {} setmetatable(_G, {__index = _home}) other = admin";
      succeeded(core.compute(code), "what a script may do");
      const snapshot = saved(core);
      isTrue(core.restore(snapshot).ok, "restored");
      succeeds(core.compute("return check(), admin.check()"), ["check", "admin.check"], "the rest");
    },
  }),
  defineCase({
    id: "persistence/stranger-function-number",
    title: "A stranger's state gives no host function the number that another name has",
    run: async ({ load }) => {
      const withFunctions = async (seed: number) => {
        const core = await load({ seed });
        for (const name of ["app.log", "app.erase"]) core.register(name, () => name);
        return core;
      };
      const core = await withFunctions(1);
      const read = readContainer(saved(core));
      isTrue(read.ok, "the container reads");
      const section = decodeHostSection(read.container.host);
      const [one = 0, two = 0] = section.functions.keys();
      const [log = "", erase = ""] = section.functions.values();
      const functions = new Map([
        [one, erase],
        [two, log],
      ]);
      const host = encodeHostSection({ ...section, functions });
      // Each function stands where one of its name does: all but the number is as it should be.
      const swapped = withGraph(writeContainer({ ...read.container, host }), (graph) =>
        changed(graph, (object) => {
          if (object.kind !== "cClosure") return object;
          const [number] = object.upvalues;
          const isOne = number?.kind === "integer" && Number(number.value) === one;
          const isTwo = number?.kind === "integer" && Number(number.value) === two;
          if (!isOne && !isTwo) return object;
          return { ...object, upvalues: [{ kind: "integer", value: BigInt(isOne ? two : one) }] };
        }),
      );
      const other = await withFunctions(2);
      const { error } = fails(other.restore(swapped), "BAD_SNAPSHOT", "swapped");
      matches(error, /number of another/, "why");
      // With trust one name may have the other's number: a result, whatever comes of it.
      const alone = encodeHostSection({ ...section, functions: new Map([[one, erase]]) });
      const taken = writeContainer({ ...read.container, host: alone });
      isTrue((await withFunctions(3)).restore(taken, trusted).ok, "with trust");
      succeeds(
        other.compute("return app.log(), app.erase()"),
        ["app.log", "app.erase"],
        "as before",
      );
    },
  }),
  defineCase({
    id: "persistence/stranger-old-number",
    title: "A number as older snapshots have them is refused where a registered function owns it",
    run: async ({ load }) => {
      // Numbers below 2^16 were given one after the other once; this name's own is one of them.
      const owner = "app.f723";
      const withFunctions = async (seed: number, names: readonly string[]) => {
        const core = await load({ seed });
        for (const name of names) core.register(name, () => name);
        return core;
      };
      const number = [...hostSectionIn(saved(await withFunctions(1, [owner]))).functions.keys()][0];
      isTrue(number !== undefined && number < 2 ** 16, "its own number is a small one");
      const snapshot = saved(await withFunctions(1, ["app.wipe"]));
      const section = hostSectionIn(snapshot);
      const read = readContainer(snapshot);
      isTrue(read.ok, "the container reads");
      const functions = new Map([[number, "app.wipe"]]);
      const host = encodeHostSection({ ...section, functions });
      const old = withGraph(writeContainer({ ...read.container, host }), (graph) =>
        changed(graph, (object) =>
          object.kind === "cClosure" && object.name === "host.function"
            ? { ...object, upvalues: [{ kind: "integer", value: BigInt(number) }] }
            : object,
        ),
      );
      const alone = await withFunctions(2, ["app.wipe"]);
      isTrue(alone.restore(old).ok, "where nobody owns it");
      succeeds(alone.compute("return app.wipe()"), ["app.wipe"], "its function");
      const both = await withFunctions(3, ["app.wipe", owner]);
      matches(fails(both.restore(old), "BAD_SNAPSHOT", "").error, /number of another/, "why");
      succeeds(both.compute("return app.f723()"), [owner], "as before");
    },
  }),
];
