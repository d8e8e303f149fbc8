/** Calls of the string library: formats, patterns with all their items, packing, and utf8. */
import fc from "fast-check";
import { type Code, list, lua, mostly, oneOf, quoted, word, words } from "./grammar.ts";
import { few, fieldName, small } from "./literals.ts";

/** One character class of a pattern. */
const single: Code = mostly(
  2,
  words("a b . %a %d %s %w l o"),
  words("%u %l %p %x %c %g %A %D %S %W %. %% %( - x 1"),
  words("[abc] [^abc] [a-z] [%a_] [^%d] [0-9] []] [^]] [a-] [%-x] [%w.] [x-a]"),
);
const item: Code = mostly(
  4,
  single,
  lua`${single}${words("* + - ?")}`,
  words("%b() %b[] %f[%w] %f[%W] %f[%a] %1 %2 %bxx"),
);
const items: Code = list(item, { min: 1, max: 3, joint: "" });
const wellFormed: Code = oneOf(
  items,
  lua`(${items})`,
  lua`${items}(${items})`,
  lua`(${items})(${items})`,
  lua`(${items}(${items}))`,
  lua`()${items}()`,
  lua`(${items})%1`,
);
const anchored: Code = oneOf(wellFormed, lua`^${wellFormed}`, lua`${wellFormed}$`, lua`^${items}$`);
const malformed: Code = words("( ) [ [a [^ %  %b %bx %f a( (() %9 [%  )a( %0 [a-% () (a))");
export const patternText: Code = mostly(9, anchored, malformed);
const pattern: Code = patternText.map(quoted);

/** What gsub puts in. */
const replacement: Code = oneOf(
  words('"x" "%0" "%1" "<%0>" "%2%1" "" "%%" "%" "%9" "%a"'),
  word("{a = 1, l = 'L', o = false, [1] = 'one'}", "string.upper", "{}", "i1"),
  lua`function(a, b) tick() return ${word("a", "b", "nil", "false", "{}", "#a", "a .. (b or '')")}
  end`,
);

const flags: Code = word("", "", "-", "+", " ", "#", "0", "-+", "-0", "+#", "0+");
const width: Code = word("", "", "5", "1", "10", "20", "99", "100", "03");
const precision: Code = word("", "", ".0", ".3", ".10", ".", ".99", ".100", ".1");
const specification = (letters: Code): Code => lua`%${flags}${width}${precision}${letters}`;

const formatCall = (parts: {
  readonly text: Code;
  readonly integer: Code;
  readonly scalar: Code;
}): Code => {
  const { text, integer, scalar } = parts;
  const of = (letters: Code, argument: Code): Code =>
    lua`string.format("<${specification(letters)}>", ${argument})`;
  return oneOf(
    of(words("d i x X o c"), integer),
    of(words("f e g a G E A F"), scalar),
    lua`string.format("${word("%s", "%10s", "%-10s", "%.3s", "%5.1s")}|", plain(${scalar}))`,
    lua`string.format("%q", plain(${scalar}))`,
    lua`string.format("${word("%d %s", "%s %s", "%%", "%i-%x")}", ${integer}, plain(${text}))`,
    lua`string.format("${words("%y %5 % %-%d %10q %l %u %0.3s %#d")}", plain(${scalar}))`,
  );
};

const packFormat: Code = list(
  mostly(
    4,
    words("b B h H i4 I4 i8 j n d f"),
    words("< > = i3 I7 i16 z s1 s2 s4 x !4 ! Xi4 c3 i17"),
  ),
  { min: 1, max: 3, joint: "" },
);

const codePoints: Code = list(words("65 0 233 8364 0x10FFFF 0x7FFFFFFF -1"), {
  min: 0,
  max: 3,
  joint: ", ",
});

const dateFormat: Code = words(
  "%Y-%m-%d %H:%M:%S %j %a %A %b %B %p %y %% %U %W %w %C %D %e %F %g %G %I %M %n %R %t %T %u " +
    "%V %x %X %c %h %Ey %Od %Q %E %10",
);
const dateField: Code = oneOf(words("year month day yday wday isdst"), fieldName);
const moment: Code = words("0 1 86399 951782400 1700000000 4102444800 -1 -86400 253402300799");

/** A call whose first result is most often a string. */
export function stringCall(parts: {
  readonly text: Code;
  readonly integer: Code;
  readonly scalar: Code;
}): Code {
  const { text, integer, scalar } = parts;
  const position = oneOf(small, integer);
  return oneOf(
    lua`(${text}):sub(${position}, ${position})`,
    lua`string.${words("upper lower reverse")}(${text})`,
    lua`string.rep(keep(${text}), ${small}${oneOf(word(""), lua`, keep(${text})`)})`,
    formatCall(parts),
    lua`(keep(${text}):gsub(${pattern}, ${replacement}))`,
    lua`keep(${text}):match(${pattern})`,
    lua`string.char(${list(words("65 0 255 256 -1 97 48"), { min: 0, max: 3, joint: ", " })})`,
    lua`utf8.char(${codePoints})`,
    lua`string.pack("${packFormat}", ${integer}, ${scalar}, ${text})`,
    lua`os.date("!${dateFormat}", ${moment})`,
  );
}

export function stringToInteger(text: Code): Code {
  return oneOf(
    lua`#(${text})`,
    lua`(${text}):len()`,
    lua`string.byte(${text}, ${small})`,
    lua`keep(${text}):find(${pattern}, ${small})`,
    lua`keep(${text}):find(${text}, 1, true)`,
    lua`(select(2, keep(${text}):gsub(${pattern}, ${replacement}, ${few})))`,
    lua`utf8.len(${text}, ${small}, ${small}, ${words("false true")})`,
    lua`utf8.offset(${text}, ${small}, ${small})`,
    lua`utf8.codepoint(${text}, ${small}, ${small})`,
    lua`string.packsize("${packFormat}")`,
  );
}

/** Statements that show all results of a call. */
export function stringStatement(parts: {
  readonly text: Code;
  readonly integer: Code;
  readonly scalar: Code;
}): Code {
  const { text } = parts;
  const position = oneOf(small, parts.integer);
  return oneOf(
    lua`emit(keep(${text}):find(${pattern}, ${position}))`,
    lua`emit(keep(${text}):match(${pattern}, ${small}))`,
    lua`emit(keep(${text}):gsub(${pattern}, ${replacement}, ${few}))`,
    lua`for a, b in keep(${text}):gmatch(${pattern}) do tick() emit(a, b) end`,
    lua`emit(string.unpack("${packFormat}",
  ${oneOf(text, lua`string.pack("${packFormat}", ${parts.integer}, ${parts.integer})`)}))`,
    lua`emit(string.byte(keep(${text}), ${position}, ${position}))`,
    lua`for p, c in utf8.codes(${text}${word("", ", true")}) do tick() emit(p, c) end`,
    lua`emit(tostring(plain(${parts.scalar})), #tostring(plain(${parts.scalar})))`,
    lua`emit(os.date("!*t",
  ${moment}).${dateField})`,
    fc.constant('emit(pcall(string.rep, "x", -1))'),
  );
}
