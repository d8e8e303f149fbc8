/** Lua's libraries are there as a whole, and can be left out by option. */

import { equal, fails, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { type LibraryName, libraryNames } from "../../runtime/instance/configuration.ts";

/** The names in each library, from the manual of Lua 5.4, section 6. */
const manual: Readonly<Record<string, string>> = {
  _G: `_G _VERSION assert collectgarbage coroutine debug dofile error ext ext_table getmetatable io
    ipairs load loadfile math Memory next os package pairs pcall print rawequal rawget rawlen rawset
    require select setmetatable string table tonumber tostring type utf8 warn xpcall _home`,
  coroutine: "close create isyieldable resume running status wrap yield",
  debug: `debug gethook getinfo getlocal getmetatable getregistry getupvalue getuservalue
    setcstacklimit sethook setlocal setmetatable setupvalue setuservalue traceback upvalueid
    upvaluejoin`,
  io: "close flush input lines open output popen read stderr stdin stdout tmpfile type write",
  math: `abs acos asin atan ceil cos deg exp floor fmod huge log max maxinteger min mininteger modf
    pi rad random randomseed sin sqrt tan tointeger type ult`,
  os: "clock date difftime execute exit getenv remove rename setlocale time tmpname",
  package: "config cpath loaded loadlib path preload searchers searchpath",
  string: `byte char dump find format gmatch gsub len lower match pack packsize rep reverse sub
    unpack upper`,
  table: "concat insert move pack remove sort unpack",
  utf8: "char charpattern codepoint codes len offset",
  ext: "id table",
  ext_table: "delete get keys set size",
};

const sorted = (names: string) => names.trim().split(/\s+/).sort().join(" ");

export const libraries = [
  defineCase({
    id: "hosts/libraries-whole",
    title:
      "base, coroutine, debug, io, math, os, package, string, table, utf8 have every name of 5.4",
    run: async ({ load }) => {
      const core = await load();
      const code = `function names_in(name)
        local t = {}
        for k in pairs(_G[name]) do if k ~= "names_in" then t[#t + 1] = k end end
        return table.concat(t, " ")
      end`;
      succeeds(core.compute(code), [], "names_in");
      for (const [library, names] of Object.entries(manual)) {
        const [actual] = succeeded(core.call("names_in", library), library).values;
        equal(sorted(String(actual)), sorted(names), `names in ${library}`);
      }
      succeeds(core.compute("_VERSION, package.loaded._G == _G"), ["Lua 5.4", true], "the version");
    },
  }),
  defineCase({
    id: "hosts/libraries-chosen",
    title: "libraries: ['base', 'string'] opens these alone; each library opens by itself",
    run: async ({ load }) => {
      const core = await load({ libraries: ["base", "string"] });
      const code = "return math, os, io, debug, type(string), ('x'):rep(2), ext ~= nil";
      const expected = [undefined, undefined, undefined, undefined, "table", "xx", true];
      succeeds(core.compute(code), expected, "two libraries");
      for (const library of libraryNames) {
        const one = await load({ libraries: [library] });
        const global: Exclude<LibraryName, "base"> | "pcall" =
          library === "base" ? "pcall" : library;
        succeeds(one.compute(`return ${global} ~= nil`), [true], library);
      }
    },
  }),
  defineCase({
    id: "hosts/string-format",
    title: "string.format: %d %5.2f %g %a %q %x %s %c %i %u, as in C",
    run: async ({ load }) => {
      const core = await load();
      const code = `string.format("%d|%5.2f|%g|%a|%x|%X|%s|%c|%-5d|%+d|%05d|%.3s|%e|%%",
        42, 3.14159, 1e20, 1.5, 255, 255, "s", 65, 7, 7, 7, "abcdef", 12345.678)`;
      const expected = "42| 3.14|1e+20|0x1.8p+0|ff|FF|s|A|7    |+7|00007|abc|1.234568e+04|%";
      succeeds(core.compute(code), [expected], "format");
      succeeds(core.compute("string.format('%q', 'a\\0\\n\"\\\\')"), ['"a\\0\\\n\\"\\\\"'], "%q");
      succeeds(core.compute("string.format('%q', 0.1)"), ["0x1.999999999999ap-4"], "%q of a float");
    },
  }),
  defineCase({
    id: "hosts/numbers-as-text",
    title: "Numbers and texts convert exactly: %.17g, %.14g, hexadecimal, huge and tiny floats",
    run: async ({ load }) => {
      const core = await load();
      for (const [code, expected] of [
        ["tostring(0.1)", "0.1"],
        ["tostring(1e15)", "1e+15"],
        ["tostring(-0.0)", "-0.0"],
        ["tostring(2^63)", "9.2233720368548e+18"],
        ["tostring(1/0)", "inf"],
        ["tostring(3.0)", "3.0"],
        ["('%.17g'):format(0.1)", "0.10000000000000001"],
        ["('%.20f'):format(0.1)", "0.10000000000000000555"],
        ["('%.0f'):format(2^70)", "1180591620717411303424"],
        ["('%g'):format(5e-324)", "4.94066e-324"],
        ["('%.3a'):format(1/3)", "0x1.555p-2"],
      ] as const) {
        succeeds(core.compute(code), [expected], code);
      }
      const numbers = [1.7976931348623157e308, 5e-324, 2.2250738585072014e-308, 123456.789e-30];
      for (const number of numbers) {
        succeeds(
          core.compute(`tonumber('${number}') == ${number}, ${number}`),
          [true, number],
          `${number}`,
        );
      }
      succeeds(
        core.compute("tonumber('0x1p-2'), tonumber('1e'), tonumber('z', 36)"),
        [0.25, undefined, 35],
        "tonumber",
      );
    },
  }),
  defineCase({
    id: "hosts/os-without-system",
    title:
      "os.getenv gives nil; execute, exit, remove, rename, setlocale, tmpname raise a clear error",
    run: async ({ load }) => {
      const core = await load();
      succeeds(core.compute("os.getenv('PATH'), os.difftime(5, 3) == 2"), [undefined, true], "os");
      for (const name of ["execute", "exit", "remove", "rename", "setlocale", "tmpname"]) {
        const { error } = fails(core.compute(`os.${name}('x', 'y')`), "RUNTIME_FAILED", name);
        equal(
          String(error).endsWith(`os.${name} is not available: there is no operating system`),
          true,
          `the message of os.${name}: ${String(error)}`,
        );
      }
    },
  }),
  defineCase({
    id: "hosts/os-date",
    title:
      "os.date and os.time know the calendar: leap years, normal form, *t, all of strftime's C89",
    run: async ({ load }) => {
      const core = await load({ time: () => 951_782_400 });
      for (const [code, expected] of [
        ["os.date('!%Y-%m-%d %H:%M:%S')", "2000-02-29 00:00:00"],
        [
          "os.date('!%a %A %b %B %d %j %U %w %W %y %p %I %%')",
          "Tue Tuesday Feb February 29 060 09 2 09 00 AM 12 %",
        ],
        ["os.date('!%c')", "Tue Feb 29 00:00:00 2000"],
        ["os.date('!%x %X')", "02/29/00 00:00:00"],
        ["os.date('!*t').yday", 60],
        ["os.date('!*t', 86399).hour", 23],
        ["os.time{year=2000, month=2, day=29, hour=0}", 951_782_400],
        ["os.time{year=2000, month=1, day=60, hour=0}", 951_782_400],
        ["os.time{year=1970, month=1, day=1, hour=0}", 0],
        ["os.date('!%Y', -1)", "1969"],
      ] as const) {
        succeeds(core.compute(code), [expected], code);
      }
      fails(core.compute("os.date('%Ez')"), "RUNTIME_FAILED", "a wrong conversion");
    },
  }),
  defineCase({
    id: "hosts/io-without-files",
    title: "io.open answers nil and a message; loadfile, dofile, io.lines, io.popen fail clearly",
    run: async ({ load }) => {
      const core = await load();
      const opened = succeeded(core.compute("io.open('x')"), "io.open").values;
      equal([opened[0], typeof opened[1]], [undefined, "string"], "io.open");
      equal(succeeded(core.compute("loadfile('x')"), "loadfile").values[0], undefined, "loadfile");
      for (const code of ["dofile('x')", "io.lines('x')", "io.popen('x')", "io.input('x')"]) {
        fails(core.compute(code), "RUNTIME_FAILED", code);
      }
      succeeds(core.compute("io.type(io.stdout), io.type(5)"), ["file", undefined], "io.type");
      succeeds(
        core.compute("io.write('') == io.stdout, io.stdout:flush() ~= nil"),
        [true, true],
        "write",
      );
    },
  }),
];
