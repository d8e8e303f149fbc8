/** Programs on tables: any key, the order of next, weak ones, suspended pairs, deep nesting. */
import type { SavedProgram } from "../saved-program.ts";

/** A suspended pairs over `make`'s table of integer values, which loses entries on the way. */
function suspendedPairs(name: string, title: string, make: string): SavedProgram {
  return {
    name: `pairs-over-${name}`,
    title: `A suspended pairs over ${title}, with entries taken away on the way, goes on rightly`,
    before: `keys, t, seen = {}, {}, {} ${make}
      co = coroutine.wrap(function() local turn = 0 for k, v in pairs(t) do
        turn = turn + 1 seen[#seen + 1] = v if turn % 3 == 0 then t[k] = nil end
        coroutine.yield() end return "end" end)
      for i = 1, 12 do co() end collectgarbage()
      order = {} for _, v in pairs(t) do order[#order + 1] = v end`,
    after: `local again = {} for _, v in pairs(t) do again[#again + 1] = v end
      while co() ~= "end" do end
      local sum, count = 0, {} for _, v in ipairs(seen) do sum = sum + v count[v] = true end
      for i = 1, 30 do if not count[i] then return "lost " .. i end end
      return sum, #seen, table.concat(order, ",") == table.concat(again, ",")`,
    expected: [465, 30, true],
  };
}

export const tablePrograms: readonly SavedProgram[] = [
  suspendedPairs("strings", "string keys", "for i = 1, 30 do t['key ' .. i] = i end"),
  suspendedPairs(
    "integers",
    "integer keys, in the array and beside it",
    "for i = 1, 30 do t[i < 16 and i or i * i] = i end",
  ),
  suspendedPairs("floats", "float keys", "for i = 1, 30 do t[i + 0.5] = i end"),
  suspendedPairs(
    "objects",
    "tables, functions and coroutines as keys",
    `for i = 1, 30 do
    local key = i % 3 == 0 and {} or i % 3 == 1 and function() return i end
      or coroutine.create(print) keys[i] = key t[key] = i end`,
  ),
  suspendedPairs(
    "c-functions",
    "C functions as keys",
    `local i = 0
    for _, library in ipairs({string, math, table}) do for name, f in pairs(library) do
      if type(f) == "function" and i < 30 then i = i + 1 t[f] = i end end end`,
  ),
  suspendedPairs(
    "garbage-keys",
    "keys that nothing else refers to, collected once taken away",
    `
    for i = 1, 30 do t[{i}] = i end`,
  ),
  {
    name: "order-of-next",
    title: "next has all kinds of keys in the same order, before and after",
    before: `t = {} for i = 1, 40 do t[i * 3] = i t["s" .. i] = i t[i / 7] = i t[{}] = i
        t[function() return i end] = i end
      for _, library in ipairs({string, math, utf8}) do
        for _, f in pairs(library) do t[f] = 0 end end
      t[true], t[false], t[_G], t[print] = 1, 2, 3, 4
      order = {} for k in next, t do order[#order + 1] = k end`,
    after: `local place = 0 for k in next, t do place = place + 1
        if order[place] ~= k then return "another order from " .. place end end
      return place == #order, place > 200`,
    expected: [true, true],
  },
  {
    name: "exact-values",
    title: "Numbers to the last bit and strings to the last byte, as keys and as values",
    before: `numbers = {math.mininteger, math.maxinteger, 0, -0.0, 0.0, 0/0, -(0/0), 1/0,
        -1/0, 5e-324, -2.2250738585072011e-308, 2^53, 2^53 + 1, 0x1.fffffffffffffp1023, 3, 3.0}
      bytes = {} for i = 0, 255 do bytes[i + 1] = string.char(i) end bytes = table.concat(bytes)
      long, short, empty = bytes:rep(50), bytes:sub(1, 40), ""
      keyed = {[bytes] = 1, [long] = 2, [short] = 3, [empty] = 4, [2^53] = 5, [math.mininteger] = 6,
        [-0.5] = 7, [1/0] = 8, ["\\0"] = 9}`,
    after: `local packed = {} for _, n in ipairs(numbers) do if n == n then
        packed[#packed + 1] = math.type(n):sub(1, 1) ..
        (math.type(n) == "float" and string.pack(">d", n) or string.pack(">j", n)) end end
      local sum = 0 for i = 1, #packed do local p = packed[i]
        for j = 1, #p do sum = (sum * 31 + p:byte(j)) % 1000000007 end end
      local b = {} for i = 0, 255 do b[i + 1] = string.char(i) end b = table.concat(b)
      return sum, bytes == b, long == b:rep(50), keyed[b], keyed[b:rep(50)], keyed[b:sub(1, 40)],
        keyed[""], keyed[2^53], keyed[math.mininteger], keyed[-0.5], keyed[1/0], keyed["\\0"],
        math.type(numbers[15]), math.type(numbers[16]), 1 / numbers[4], numbers[6] ~= numbers[6]`,
    expected: [
      726593682,
      true,
      true,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      9,
      "integer",
      "float",
      -Infinity,
      true,
    ],
  },
  {
    name: "cycles",
    title: "Cycles and shared references: what was one table is one table",
    before: `a = {} b = {a = a, list = {a, a, {a}}} a.b, a[a], a.self = b, a, a
      setmetatable(a, a) a.__index = b`,
    after: `return a.self == a, a[a] == a, a.b == b, b.list[1] == b.list[2], b.list[3][1] == a,
      getmetatable(a) == a, a.list == b.list, rawequal(a.b.a, a)`,
    expected: [true, true, true, true, true, true, true, true],
  },
  {
    name: "linked-list",
    title: "A list of 20,000 tables, each in the one before: no recursion is too deep",
    before: `head = nil for i = 1, 20000 do head = {head, i} end`,
    after: `local node, count, sum = head, 0, 0
      while node do count, sum, node = count + 1, sum + node[2], node[1] end return count, sum`,
    expected: [20000, 200010000],
  },
  {
    name: "borders",
    title: "Tables with holes: # and the array are as they were, and grow as they would have",
    before: `t = {1, 2, 3, nil, 5, nil, nil, 8} u = {} for i = 1, 20 do u[i] = i end
      for i = 10, 20 do u[i] = nil end v = {n = 1, [1] = 1, [2] = 2, [4] = 4}
      w = table.pack(nil, nil, 3) empty = {} lengths = {#t, #u, #v, #w, #empty}`,
    after: `local same = #t == lengths[1] and #u == lengths[2] and #v == lengths[3] and
        #w == lengths[4] and #empty == lengths[5]
      u[#u + 1] = "next" table.insert(v, "x") for i = 1, 100 do empty[i] = i end
      return same, u[10], #u, v[#v], w.n, #empty`,
    expected: [true, "next", 10, "x", 3, 100],
  },
  {
    name: "weak-tables",
    title: "Weak tables of all modes keep what is reachable, and let go of what is not",
    before: `kept = {} function weak(mode) return setmetatable({}, {__mode = mode}) end
      keys, values, both = weak("k"), weak("v"), weak("kv")
      keys[kept], values.kept, both[kept] = "k", kept, kept
      for i = 1, 5 do keys[{}] = i values[i] = {} both[{}] = {} end
      ephemeron = weak("k") ephemeron[kept] = {back = kept}
      do local gone = {} ephemeron[gone] = {gone} end
      chain = weak("k") local link = kept for i = 1, 10 do
        local following = {i} chain[link] = following link = following end`,
    after: `collectgarbage() local function count(t) local n = 0 for _ in pairs(t) do n = n + 1 end
        return n end
      local a, b, c, d, e = count(keys), count(values), count(both), count(ephemeron), count(chain)
      local through, last = kept, nil while through do last, through = through, chain[through] end
      kept = nil collectgarbage() collectgarbage()
      last = nil collectgarbage()
      return a, b, c, d, e, count(keys), count(values), count(both), count(ephemeron),
        getmetatable(both).__mode`,
    expected: [1, 1, 1, 1, 10, 0, 0, 0, 0, "kv"],
  },
];
