/** Coroutines: resumed, wrapped, closed, yielding from everywhere, failing inside. */

import { scalars, values } from "./expressions.ts";
import { byDepth, type Code, list, lua, oneOf, word, words } from "./grammar.ts";

const yields: Code = oneOf(
  lua`emit(coroutine.yield(${values(1)}))`,
  lua`a = coroutine.yield(a, ${scalars(0)})`,
  lua`emit(pcall(coroutine.yield, ${values(0)}))`,
  lua`emit(pcall(function() local r = coroutine.yield(${values(0)}) error(r) end))`,
  lua`emit(select("#", coroutine.yield()))`,
);

const inside: Code = oneOf(
  yields,
  yields,
  lua`for k = 1, ${words("1 2 3")} do tick() coroutine.yield(k, a) end`,
  lua`local c <close> = setmetatable({}, { __close = function(_, e) emit("closed",
  e)${word("", " coroutine.yield('in close')", " error('of close')", " error({})")} end })`,
  lua`emit(pcall(table.sort, {3, 1, 2}, function(x, y) return coroutine.yield(x, y) end))`,
  lua`emit(pcall(string.gsub, "ab", ".", function(c) return coroutine.yield(c) end))`,
  lua`emit(setmetatable({}, { __add = function(x, y) return coroutine.yield("add", y) end }) +
  ${scalars(0)})`,
  lua`emit(setmetatable({}, { __index = function(x, y) return coroutine.yield("index", y) end
  }).field)`,
  lua`emit(setmetatable({}, { ${words("__lt __le __eq __concat __call")} = function(x, y) return
  coroutine.yield("met") end }) ${words("< <= == ..")} setmetatable({}, getmetatable(o2)))`,
  lua`for k in function(_, k) return coroutine.yield(k) end do tick() emit(k) end`,
  lua`emit(xpcall(function() coroutine.yield("x") error(${scalars(0)}) end, function(m)
  emit("handler", m) return m end))`,
  lua`emit(coroutine.isyieldable(), coroutine.status((coroutine.running())), select(2,
  coroutine.running()))`,
  lua`error(${oneOf(scalars(0), word("{}", "nil", "{code = 1}"))}${word("", ", 0", ", 2")})`,
  lua`return a, ${values(1)}`.map((text) => `do ${text} end`),
  lua`emit(pcall(load, function() return coroutine.yield("chunk") end))`,
  word("emit(coroutine.wrap(function(...) coroutine.yield(...) end)(1))"),
  word(
    "emit(coroutine.close(coroutine.running()))",
    "emit(pcall(coroutine.resume, coroutine.running()))",
  ),
);

const body = list(inside, { min: 1, max: 4, joint: "\n  " });

const ending = word("", ", coroutine.close(co)", ", coroutine.close(co), coroutine.resume(co)");

export const coroutineStatement = byDepth((depth): Code => {
  const value = values(depth);
  return oneOf(
    lua`co = coroutine.create(function(a, ...)
  ${body}
end)
for k = 1, ${words("2 3 4 5")} do tick()
  emit(coroutine.status(co), coroutine.resume(co, ${value}, k)) end
emit(coroutine.status(co)${ending})`,
    lua`co = coroutine.wrap(function(a, ...)
  ${body}
end)
for k = 1, ${words("2 3 4")} do tick() try(co, ${value}, k) end`,
    lua`try(function() for a, b in coroutine.wrap(function(a)
  ${body}
end) do tick() emit(a, b) end end)`,
    lua`co = coroutine.create(function(a)
  ${body}
end)
emit(pcall(coroutine.close, co)) emit(coroutine.status(co)) emit(coroutine.resume(co))`,
    lua`try(coroutine.${words("create wrap resume status close isyieldable yield running")},
  ${value})`,
    lua`co = coroutine.create(function(a)
  ${body}
end)
emit(coroutine.resume(co, ${value})) emit((debug.traceback(co, "trace")))`,
  );
});
