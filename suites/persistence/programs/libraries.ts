/** Programs on the libraries: C functions by name, modules, random numbers, the collector. */
import type { SavedProgram } from "../saved-program.ts";

export const libraryPrograms: readonly SavedProgram[] = [
  {
    name: "c-functions",
    title: "Each C function of the libraries is itself, by its name, wherever it is",
    before: `functions = {} for name, library in pairs(package.loaded) do
        for k, v in pairs(library) do if type(v) == "function" then
          functions[name .. "." .. k] = v end end end
      count = 0 for _ in pairs(functions) do count = count + 1 end
      meta = getmetatable("").__index`,
    after: `local same, others = 0, {} for name, f in pairs(functions) do
        local library, k = name:match("^([^.]+)%.(.+)$")
        if package.loaded[library][k] == f and debug.getinfo(f, "S").what == "C" then
          same = same + 1 else others[#others + 1] = name end end
      return same == count, count > 130, table.concat(others, " "), meta == string,
        _G._G == _G, package.loaded._G == _G`,
    expected: [true, true, "", true, true, true],
  },
  {
    name: "c-functions-work",
    title: "Restored C functions with upvalues do what they did: require, gmatch, io, searchers",
    before: `find = string.gmatch("one two three", "%a+") find()
      lines = io.lines read = io.read write = io.write searchers = package.searchers
      wrapped = coroutine.wrap(function() coroutine.yield(1) coroutine.yield(2) end) wrapped()`,
    after: `return find(), find(), find(), wrapped(), #searchers == #package.searchers,
      package.searchers == searchers, io.type(io.stdout), write == io.write,
      require("string") == string`,
    expected: ["two", "three", undefined, 2, true, true, "file", true, true],
  },
  {
    name: "module",
    title: "A module of require is the one in package.loaded, and is not loaded again",
    before: `shapes = require("shapes") shapes.add("square") local area = shapes.area
      function use() return area(3) end`,
    after: `local again = require("shapes")
      return again == shapes, package.loaded.shapes == shapes, table.concat(shapes.list, ","), runs,
        use(), shapes.depth(5)`,
    expected: [true, true, "square", 1, 9, "odd"],
    options: {
      modules: {
        shapes: `runs = (runs or 0) + 1 local M = {list = {}}
          local even, odd function even(n) if n == 0 then return "even" end return odd(n - 1) end
          function odd(n) if n == 0 then return "odd" end return even(n - 1) end
          function M.depth(n) return even(n) end function M.area(x) return x * x end
          function M.add(name) M.list[#M.list + 1] = name end return M`,
      },
    },
  },
  {
    name: "random",
    title: "math.random goes on with the numbers that it would have given",
    before: `math.randomseed(7, 8) for i = 1, 10 do math.random() end random = math.random
      local copy = {} twin = coroutine.wrap(function() math.randomseed(7, 8)
        for i = 1, 10 do math.random() end end)`,
    after: `local given = {} for i = 1, 5 do given[i] = random(1000000) end
      twin() for i = 1, 5 do
        if math.random(1000000) ~= given[i] then return "another at " .. i end end
      return random == math.random, #given`,
    expected: [true, 5],
  },
  {
    name: "collector-mode",
    title: "The collector is in its mode, with its settings, and stopped where it was",
    before: `collectgarbage("incremental", 150, 300, 12) collectgarbage("generational", 30, 80)
      collectgarbage("stop")`,
    after: `local running = collectgarbage("isrunning") collectgarbage("restart")
      local mode = collectgarbage("incremental") local pause = collectgarbage("setpause", 200)
      local multiplier = collectgarbage("setstepmul", 100)
      return running, mode, pause, multiplier, collectgarbage("isrunning")`,
    expected: [false, "generational", 148, 300, true],
  },
  {
    name: "external-tables",
    title: "External tables by reference, and a suspended loop over one",
    before: `t = ext.table("places") nested = {t, t} co = coroutine.wrap(function()
        for k, v in pairs(t) do coroutine.yield(k, v) end return "end" end)
      a, b = co()`,
    after: `local c, d = co() local e, f = co() t.four = 4 return a, b, c, d, e, f, co(),
      nested[1] == t, ext.table("places") == t, #t`,
    expected: ["one", 1, "two", 2, "three", 3, "four", true, true, 4],
    prepare: (core) => {
      const table = core.tables.named("places");
      for (const [place, name] of ["one", "two", "three"].entries()) table.set(name, place + 1);
    },
  },
  {
    name: "loaded-chunks",
    title: "Functions of load, with the names of their chunks, and warn's state",
    before: `f = load("local x = ... return x, debug.getinfo(1, 'S').source", "@file.lua")
      g = load(string.dump(function(n) return n + 1 end), "=dumped") warn("@on")`,
    after: "return f(1), select(2, f(2)), g(1)",
    expected: [1, "@file.lua", 2],
    options: { bytecode: "trusted" },
  },
];
