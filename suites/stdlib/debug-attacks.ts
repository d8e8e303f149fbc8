/** Scripts that go for the memory by way of the debug library, and what each must find. */

export interface Attack {
  readonly name: string;
  /** A chunk, after the prelude; `host` is a function of the host. */
  readonly code: string;
  /** What it returns where the host doesn't trust scripts. */
  readonly found: string;
}

/**
 * try(f, ...) tells how a call ends: "done", "refused", or its error; level 3 is who asks.
 * look(hook) goes over the stack: counts what lies there besides variables, and reports each that
 * can be set or read; in a hook, each hidden object that can be read. closures() makes C functions
 * with upvalues; functions are those that look found; misuse calls them.
 */
export const attackPrelude = `
local getinfo, getlocal, setlocal, setupvalue = debug.getinfo, debug.getlocal, debug.setlocal,
  debug.setupvalue
local pcall, type, find, io_type = pcall, type, string.find, io.type
slots, functions, reports = 0, {}, {}

function try(f, ...)
  local ok, message = pcall(f, ...)
  if ok then return "done" end
  message = tostring(message)
  return find(message, "bytecode = 'trusted'", 1, true) and "refused" or message
end

local function report(...) reports[#reports + 1] = table.concat({...}, " ") end

local function known(value)
  return type(value) ~= "userdata" or io_type(value) or find(tostring(value), "^ext%.")
end

local function look_at(level, place, name, value, hook)
  local temporary = find(name, "temporary", 1, true)
  if not temporary and name ~= "(for state)" then return end
  slots = slots + 1
  if temporary and not hook and value ~= nil then report("read", name, type(value)) end
  if not known(value) then report("found", name, tostring(value)) end
  for _, poison in ipairs{1234567, io.stdout} do
    local answer = try(setlocal, level + 3, place, poison)
    if answer ~= "refused" then report("set", name, answer) end
  end
end

function look(hook)
  local level = 2
  while true do
    local info = getinfo(level, "fS")
    if not info then break end
    local place = 1
    while true do
      local name, value = getlocal(level, place)
      if not name then break end
      look_at(level, place, name, value, hook)
      place = place + 1
    end
    if info.what == "C" then
      functions[info.func] = true
      local answer = try(setupvalue, info.func, 1, 1234567)
      if answer ~= "refused" and debug.upvalueid(info.func, 1) then report("upvalue", answer) end
    end
    level = level + 1
  end
  return #reports
end

function told() return (slots > 0 and "looked " or "blind ") .. table.concat(reports, "; ") end

function closures()
  return { math.random, math.randomseed, ("abc"):gmatch("."),
    coroutine.wrap(function() return 1 end), io.lines(), require, package.searchers[1], os.exit,
    host, (pairs(_home)) }
end

function misuse()
  local light = debug.upvalueid(host, 1)
  for f in pairs(functions) do
    if f ~= coroutine.yield and f ~= debug.sethook then
      pcall(f)
      local co = coroutine.create(print)
      for _, value in ipairs{ light, io.stdout, _home, {}, "x", -1, print, co } do
        pcall(f, value) pcall(f, value, value, value)
      end
    end
  end
  functions = {} -- The core's own have no name in a snapshot.
end
`;

/** Each runs look from within C functions, or where the interpreter keeps what is no variable. */
const lookers: Readonly<Record<string, string>> = {
  sort: "table.sort({3, 2, 1}, function(a, b) look() return a < b end)",
  gsub: `("x"):rep(600):gsub("x", function() if slots < 40 then look() end return "yyyy" end)`,
  "load's reader": "load(function() look() end)",
  "xpcall's handler": "xpcall(error, function() look() end)",
  "require's loader": "package.preload.m = function() look() end require 'm'",
  "string.format": `local o = setmetatable({}, {__tostring = function()
      look() return ("y"):rep(600) end})
    string.format("%s%s", o, o)`,
  "table functions": `local o = setmetatable({}, {__index = function(_, k) look() return k end,
    __newindex = function() look() end, __len = function() look() return 3 end})
    table.concat(o) table.insert(o, 1) table.move(o, 1, 2, 3) table.unpack(o) table.remove(o)`,
  metamethods: `local o = setmetatable({}, {__add = look, __concat = look, __eq = look, __lt = look,
    __call = look, __close = look, __pairs = function() look() return next, {} end, __unm = look})
    local x = o + 1 x = o .. 1 x = o == setmetatable({}, getmetatable(o)) x = o < o x = o() x = -o
    do local y <close> = o end for _ in pairs(o) do end`,
  "a finalizer": `local armed = true
    local function arm() setmetatable({}, {__gc = function()
      if armed then look() arm() end end}) end arm()
    for i = 1, 100 do
      local s = ("x"):rep(600):gsub("x", {x = "yy"}) for w in s:gmatch("y+") do end
      local t = ext.table() t[1] = {i} for k in pairs(t) do end string.format("%s", {}) end
    armed = false`,
  "a table's constructor": "local t = {1, 2, (function() look() return 4 end)()} assert(#t == 3)",
  "a numeric loop": "local n = 0 for i = 1, 3 do look() n = n + 1 end assert(n == 3)",
  "a loop with floats": "local n = 0 for i = 1.5, 3 do look() n = n + 1 end assert(n == 2)",
  "a generic loop": "for _ in io.lines, nil, nil, io.stderr do look() break end",
  "a coroutine": `local co = coroutine.wrap(function() coroutine.yield(pcall(look)) end) co() co()`,
  "call hooks": `debug.sethook(function() look(true) end, "cr")
    local s = ("x"):rep(600):gsub("x", {x = "yy"}) for w in s:gmatch("y+") do end
    local t = ext.table() t[1] = {2} for k in pairs(t) do end io.write("")
    coroutine.wrap(print)("a") string.format("%s", {}) debug.sethook()`,
  "line and count hooks": `local function f()
      local s = ("x"):rep(600):gsub("x", "yy") for w in s:gmatch("y+") do
        local a, b, c = 1, {2, {3}} end
      for i = 1, 3 do local t = {i, {i, {i}}} end
    end
    debug.sethook(function() look(true) end, "l", 1) f() debug.sethook()`,
};

export const attacks: readonly Attack[] = [
  ...Object.entries(lookers).map(([name, code]) => ({
    name: `the stack, seen from ${name}`,
    code: `${code} misuse() return told()`,
    found: "looked ",
  })),
  {
    name: "upvalues of C functions",
    code: `local answers, made = {}, closures()
      for i, f in ipairs(made) do
        for n = 1, 5 do
          for _, value in ipairs{5, {}, io.stdout, print, coroutine.create(print)} do
            local expected = debug.upvalueid(f, n) and "refused" or "done"
            if try(debug.setupvalue, f, n, value) ~= expected then return i .. " " .. n end
          end
          local name, value = debug.getupvalue(f, n)
          if value ~= nil then return i .. " is read" end
          answers[#answers + 1] = name and "1" or "0"
        end
      end
      made[1]() made[5]() made[6]("string") made[10]()
      return table.concat(answers) .. made[3]() .. made[4]() .. made[9](7)`,
    found: "10000100001110010000111001000010000100001000010000a1host 7",
  },
  {
    name: "joined upvalues of C functions",
    code: `local function f() return f end
      local a = try(debug.upvaluejoin, math.random, 1, f, 1)
      local b = try(debug.upvaluejoin, f, 1, math.random, 1)
      return a:match("Lua function expected") .. b:match("Lua function expected")`,
    found: "Lua function expectedLua function expected",
  },
  {
    name: "metatables of userdata",
    code: `local light = debug.upvalueid(host, 1)
      for _, value in ipairs{io.stdout, _home, ext.table(), light} do
        for _, other in ipairs{io.stdout, _home, {}} do
          local answer = try(debug.setmetatable, value, debug.getmetatable(other))
          if answer ~= "refused" then return answer end
        end
        if try(debug.setmetatable, value, nil) ~= "refused" then return "taken away" end
      end
      assert(not pcall(io.close, light) and not pcall(ext.id, light))
      assert(not pcall(ext.id, io.stdout))
      return io.type(_home) == nil and io.type(io.stdout)`,
    found: "file",
  },
  {
    name: "the registry",
    code: `local r, hidden = debug.getregistry(), {"_UBOX*", "_CLIBS", "_IO_input", "_IO_output",
        "ext.table", "ext.iterator", "ext.handles"}
      for _, name in ipairs(hidden) do if r[name] ~= nil then return name end end
      local seen = r[1] == nil and r._LOADED == package.loaded
        and r["FILE*"] == getmetatable(io.stdout) and r._PRELOAD == package.preload
      for key in pairs(r) do r[key] = 5 end
      for _, name in ipairs(hidden) do r[name] = 5 end
      setmetatable(r, {__index = error})
      local t = ext.table() t.x = 1 for k in pairs(t) do end
      debug.sethook(function() end, "l") debug.sethook()
      local kept = getmetatable(debug.getregistry()._HOOKKEY).__mode
      return tostring(seen) .. kept .. load("return 5")() .. tostring(io.read())`,
    found: "truek5nil",
  },
  {
    name: "the table of hooks",
    code: `debug.sethook(function() end, "l")
      local hooks = debug.getregistry()._HOOKKEY
      hooks[coroutine.running()] = 5 hooks.__mode = nil setmetatable(hooks, {__index = error})
      local hook = debug.gethook() debug.sethook(print, "l") debug.sethook()
      return tostring(hook)`,
    found: "5",
  },
  {
    name: "emptied metatables",
    code: `local metatables = {getmetatable(io.stdout), debug.getmetatable(_home), getmetatable("")}
      local kept = {}
      for place, metatable in ipairs(metatables) do
        kept[place] = {}
        for key, value in pairs(metatable) do kept[place][key] = value metatable[key] = nil end
        metatable.__name, metatable.__gc, metatable.__close, metatable.__mode = 5, 5, 5, 5
      end
      io.write("") print(io.stdout, _home) pcall(io.lines) collectgarbage()
      local answer = tostring(pcall(rawlen, _home)) .. ext.id(_home) .. io.type(io.stdout)
      for place, metatable in ipairs(metatables) do
        metatable.__name, metatable.__gc, metatable.__close, metatable.__mode = nil, nil, nil, nil
        for key, value in pairs(kept[place]) do metatable[key] = value end
      end
      return answer`,
    found: "false1file",
  },
  {
    name: "metamethods of ours, called by hand",
    code: `local methods, handle = debug.getmetatable(_home), ext.table()
      local wrong = {io.stdout, {}, "x", debug.upvalueid(host, 1), print, 5}
      for name, f in pairs(methods) do
        if type(f) == "function" then
          if pcall(f) then return name end
          for _, value in ipairs(wrong) do if pcall(f, value, 1, 2) then return name end end
        end
      end
      methods.__gc(handle) methods.__gc(handle)
      return try(ext.id, handle)`,
    found: "this handle of an external table was collected",
  },
  {
    name: "iterators, called with anything",
    code: `for _, f in ipairs{("a"):gmatch("a"), (ipairs{}), io.lines(), (utf8.codes("a")),
          (utf8.codes("a", true)), (pairs(_home)), next, require, package.searchers[1],
          package.searchers[2], coroutine.wrap(print)} do
        functions[f] = true
      end
      misuse() return "survived"`,
    found: "survived",
  },
  {
    name: "metatables of other types",
    code: `local five = function() return 5 end
      local all = {__index = five, __call = five, __len = five, __name = "FILE*", __gc = five,
        __close = five, __tostring = five, __metatable = 5}
      local values = {print, 5, true, coroutine.running()}
      for _, value in ipairs(values) do debug.setmetatable(value, all) end
      debug.setmetatable(nil, all)
      pcall(io.write, nil) pcall(io.close, print) pcall(require, "none") pcall(ext.table, nil)
      pcall(tostring, print) pcall(next, _home.x) try(function() _home[print] = nil end)
      for _, value in ipairs(values) do debug.setmetatable(value, nil) end
      debug.setmetatable(nil, nil)
      return "survived"`,
    found: "survived",
  },
  {
    name: "numbers at the edges",
    code: `local co, r = coroutine.create(function() coroutine.yield() end), {}
      coroutine.resume(co)
      local function f(a, ...) return a, r, co end
      for _, n in ipairs{2147483647, 2147483646, -2147483648, -2147483647, -1, 1 << 31, 1 << 32,
          math.maxinteger, math.mininteger} do
        r[#r + 1] = #debug.traceback("x", n) > 0 and #debug.traceback(co, "x", n) > 0 and "t" or "f"
        for _, called in ipairs{debug.getinfo, debug.getlocal, debug.setlocal} do
          pcall(called, n, 1, 1) pcall(called, 1, n, 1) pcall(called, co, n, 1, 1)
          pcall(called, co, 1, n, 1) pcall(called, f, n)
        end
        for _, called in ipairs{debug.getupvalue, debug.setupvalue, debug.upvalueid} do
          pcall(called, f, n, 1) pcall(called, host, n, 1)
        end
        pcall(debug.upvaluejoin, f, n, f, n) pcall(debug.setcstacklimit, n)
        pcall(debug.getuservalue, _home, n) pcall(debug.setuservalue, io.stdout, 5, n)
        debug.sethook(function() end, "crl", n) debug.sethook(co, print, "", n) debug.sethook()
      end
      return table.concat(r)`,
    found: "ttttttttt",
  },
  {
    name: "hooks that raise, yield, or set hooks",
    code: `local r = {}
      for _, mask in ipairs{"c", "r", "l", ""} do
        for _, hook in ipairs{error, coroutine.yield, function() debug.sethook(print, "") end} do
          local co = coroutine.create(function()
            debug.sethook(function() debug.sethook() hook("h", 0) end, mask, mask == "" and 1 or 0)
            local x = math.sin(1)
            return "end"
          end)
          local _, answer = coroutine.resume(co)
          r[#r + 1] = tostring(answer):sub(1, 20)
        end
      end
      return table.concat(r, ",")`,
    found: "h,attempt to yield acr,end,".repeat(4).slice(0, -1),
  },
];
