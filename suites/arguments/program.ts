/** Programs: objects, then statements that call functions on them, some again and again. */
import fc from "fast-check";
import { type Code, list, lua, oneOf, word, words } from "../language/grammar/grammar.ts";
import { type CatalogueEntry, catalogue } from "./catalogue.ts";
import { kinds } from "./kinds.ts";
import { coroutines, functions, metatables, tables, values } from "./objects.ts";
import { integers } from "./scalars.ts";

/** How many statements a program has on average: each makes at least one call. */
export const callsPerProgram = 50;

const kindOf = (name: string): Code => {
  const kind = kinds[name];
  if (kind === undefined) throw new RangeError(`no kind of arguments is named ${name}`);
  return kind;
};

/** What an entry takes, now and then something else, or more, or less. */
function argumentsOf({ takes }: CatalogueEntry): Code {
  const usual = takes.map((name) =>
    fc.oneof({ arbitrary: kindOf(name), weight: 11 }, { arbitrary: values(1), weight: 1 }),
  );
  const count = takes.length;
  const counts = [count, count, count, count, count, count, count - 1, count - 1, 0, count + 2];
  return fc
    .tuple(fc.tuple(...usual, values(0), values(0)), fc.constantFrom(...counts))
    .map(([drawn, length]) => drawn.slice(0, Math.max(0, length)).join(", "));
}

const callOf = (entry: CatalogueEntry): Code =>
  argumentsOf(entry).map((text) => `call("${entry.name}"${text === "" ? "" : `, ${text}`})`);

/** What has more edges than others is called more often. */
const rich = /^(string\.|utf8\.|table\.|coroutine\.|load|collectgarbage|setmetatable|op\.)/;
const calls: Code = fc.oneof(
  { withCrossShrink: true },
  ...catalogue.map((entry) => ({
    arbitrary: callOf(entry),
    weight: rich.test(entry.name) ? 3 : 1,
  })),
);

const entriesNamed = (names: string): Code =>
  oneOf(...catalogue.filter(({ name }) => names.split(" ").includes(name)).map(callOf));

const makers: Code = entriesNamed(
  "string.gmatch utf8.codes ipairs pairs io.lines file:lines coroutine.wrap coroutine.create load",
);
const surplus = oneOf(word(""), lua`, ${values(0)}`, lua`, ${values(0)}, ${values(0)}`);
const few: Code = words("1 2 3");
const metatable: Code = lua`call("setmetatable", o[${words("1 2 3 4")}], ${metatables(1)})`;

/** Of what is made here nothing else knows: only the collector's invariants keep it. */
const fresh: Code = oneOf(
  lua`{ ${values(0)} }`,
  metatables(0),
  lua`function() return ${values(0)} end`,
);
const store: Code = oneOf(
  lua`call("rawset", strong[${words("1 2")}], ${integers}, ${fresh})`,
  lua`call("table.insert", strong[${words("1 2")}], ${fresh})`,
  lua`call("op.newindex", strong[${words("1 2")}], "x", ${fresh})`,
  lua`call("debug.setupvalue", holder, 1, ${fresh})`,
  lua`call("coroutine.resume", keeper, ${fresh})`,
);
/** The collector, a little further: between any two statements it may stand anywhere. */
const steps: Code = oneOf(
  lua`steps(${fc.integer({ min: 1, max: 60 }).map(String)})`,
  lua`call("collectgarbage", "step", ${integers})`,
  lua`call("collectgarbage", "incremental", ${integers}, ${integers}, ${integers})`,
);

const statement: Code = fc.oneof(
  { withCrossShrink: true },
  { arbitrary: calls, weight: 30 },
  {
    arbitrary: fc
      .tuple(calls, few)
      .map(([call, count]) => `again(${count}, ${call.replace("call(", "")}`),
    weight: 6,
  },
  {
    arbitrary: lua`${makers} latest(${few}${surplus})`,
    weight: 5,
  },
  { arbitrary: makers.map((call) => call.replace("call(", "walk(")), weight: 3 },
  { arbitrary: calls.map((call) => call.replace("call(", "inside(")), weight: 3 },
  { arbitrary: metatable, weight: 4 },
  { arbitrary: store, weight: 4 },
  { arbitrary: steps, weight: 5 },
);

/** What all statements share. The two that are strong never get weak. */
const objects: Code = lua`o[1], o[2] = ${tables(1)}, M(T{}, ${metatables(1)})
o[3], o[4] = ${oneOf(coroutines, functions(1), values(1))}, M(T{1, 2, 3}, ${metatables(1)})
strong[1], strong[2] = {}, {${word("", "1, 2, 3")}}`;

// Without bias, which would make the length small; a little more than so many.
export const programs: Code = fc.noBias(lua`return run([==[
${objects}
${list(statement, { min: 1, max: 2 * callsPerProgram + 5, joint: "\n" })}
]==])`);
