/** Programs on objects: metatables, inheritance, finalizers, and what __persist says. */
import type { SavedProgram } from "../saved-program.ts";

export const objectPrograms: readonly SavedProgram[] = [
  {
    name: "inheritance",
    title: "Objects with metatables, methods, inheritance and operators",
    before: `Animal = {} Animal.__index = Animal
      function Animal.new(class, name) return setmetatable({name = name}, class) end
      function Animal:speak() return self.name .. " " .. self:sound() end
      function Animal.__eq(a, b) return a.name == b.name end
      function Animal:__tostring() return "<" .. self.name .. ">" end
      Dog = setmetatable({__eq = Animal.__eq, __tostring = Animal.__tostring}, {__index = Animal})
      Dog.__index = Dog function Dog:sound() return "barks" end
      rex, other = Dog:new("Rex"), Dog:new("Rex")`,
    after: `local new = Dog:new("New") function Animal:speak() return "changed " .. self.name end
      return rex == other, rawequal(rex, other), tostring(rex), rex:sound(), rex:speak(),
        new:speak(), getmetatable(new) == Dog, getmetatable(rex) == Dog`,
    expected: [true, false, "<Rex>", "barks", "changed Rex", "changed New", true, true],
  },
  {
    name: "basic-metatables",
    title: "Metatables of strings, numbers, nil, booleans and functions",
    before: `getmetatable("").__index = function(s, k) return string[k] or k .. " of " .. s end
      debug.setmetatable(1, {__call = function(n, x) return n * x end})
      debug.setmetatable(nil, {__index = function() return "nothing" end})
      debug.setmetatable(true, {__len = function(b) return b and 1 or 0 end})
      debug.setmetatable(print, {__index = {kind = "function"},
        __concat = function() return "f" end})`,
    after: `return ("x").y, ("x"):upper(), (6)(7), (nil).x, #true, print.kind, print .. "",
      getmetatable("").__name`,
    expected: ["y of x", "X", 42, "nothing", 1, "function", "f", undefined],
  },
  {
    name: "finalizers",
    title: "Finalizers: each runs once, in their order; a resurrected object lives",
    before: `log = {} local function object(name) return setmetatable({name = name},
        {__gc = function(o) log[#log + 1] = o.name end}) end
      done = object("before") done = nil collectgarbage()
      kept = {} for i = 1, 5 do kept[i] = object("o" .. i) end
      local phoenix = setmetatable({}, {__gc = function(o) log[#log + 1] = "phoenix" risen = o end})
      phoenix = nil collectgarbage() again = risen
      lasting = object("lasting")`,
    after: `kept, again, risen = nil, nil, nil collectgarbage() collectgarbage()
      lasting = nil collectgarbage() collectgarbage() return table.concat(log, " ")`,
    expected: ["before phoenix o5 o4 o3 o2 o1 lasting"],
  },
  {
    name: "persist-hooks",
    title: "__persist: true saves as is, a function gives the closure that makes the object again",
    before: `Connection = {} Connection.__index = Connection
      function Connection.open(host)
        return setmetatable({host = host, opened = clock}, Connection) end
      function Connection:__persist() local host = self.host
        return function() return Connection.open(host) end end
      clock = 1 connection = Connection.open("h") both = {connection, connection}
      plain = setmetatable({x = 1}, {__persist = true}) clock = 2`,
    after: `return connection.host, both[1] == both[2], both[1] == connection, plain.x,
      getmetatable(connection) == Connection`,
    expected: ["h", true, true, 1, true],
  },
];
