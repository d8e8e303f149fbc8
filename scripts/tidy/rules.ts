/** The rules of tidy, each on one file: what no other tool checks. */
import { lineAt } from "../../harness/build/module-imports.ts";

export interface SourceFile {
  /** From the project's folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Violation {
  readonly path: string;
  /** From 1; absent where it is about the whole file. */
  readonly line?: number;
  readonly message: string;
}

type Rule = (file: SourceFile) => readonly Violation[];

const linesMax = 400;
const columnsMax = 100;

/** Words are put together here, so that this file does not break its own rules. */
const unfinished = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME"].join("|")})\\b`);
const hosts = ["registry.npm" + "js.org", "py" + "pi.org", "python" + "hosted.org"];
const machinePath = /(?<![\w.$}-])\/(?:root|home|tmp|Users)\/[.\w]/;

/** Names of upstream's sources (src/ of the release): not one of them is ours. */
const upstreamNames = new Set(
  (
    "lapi lauxlib lbaselib lcode lcorolib lctype ldblib ldebug ldo ldump lfunc lgc linit liolib " +
    "llex lmathlib lmem loadlib lobject lopcodes loslib lparser lstate lstring lstrlib ltable " +
    "ltablib ltm ltests lua " +
    "luac lundump lutf8lib lvm lzio ljumptab llimits lprefix lualib luaconf lopnames"
  )
    .split(" ")
    .flatMap((name) => [`${name}.c`, `${name}.h`, `${name}.hpp`]),
);

export function isTest(path: string): boolean {
  return path.endsWith(".test.ts");
}

const length: Rule = ({ path, text }) => {
  if (!isCode(path)) return [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const long = lines.flatMap((line, index) => {
    const columns = [...line].length;
    if (columns <= columnsMax || line.includes("://")) return [];
    return [{ path, line: index + 1, message: `${columns} columns; the limit is ${columnsMax}` }];
  });
  if (lines.length <= linesMax) return long;
  const message = `${lines.length} lines; the limit is ${linesMax}: look for the missing concept`;
  return [...long, { path, message }];
};

const words: Rule = ({ path, text }) =>
  text.split("\n").flatMap((line, index) => {
    const at = { path, line: index + 1 };
    const host = hosts.find((each) => line.includes(each));
    return [
      ...(unfinished.test(line) ? [{ ...at, message: "unfinished work does not land" }] : []),
      ...(host === undefined ? [] : [{ ...at, message: `names the registry host ${host}` }]),
      ...(machinePath.test(line) ? [{ ...at, message: "names a path of one machine" }] : []),
    ];
  });

/** Every source opens with a sentence that says what it owns. */
const openings: ReadonlyMap<string, RegExp> = new Map([
  ["ts", /^(?:#![^\n]*\n)?\/\*\*\s+\*?\s*\S[\s\S]*?[.:]\s*(?:\n|\*\/)/],
  ["zig", /^\/\/! \S/],
  ["c", /^(?:\/\*+|\/\/)\s*\S/],
  ["h", /^(?:\/\*+|\/\/)\s*\S/],
  ["wat", /^(?:;;|\(;)\s*\S/],
  ["lua", /^--\s*\S/],
]);

const opening: Rule = ({ path, text }) => {
  const pattern = openings.get(path.split(".").at(-1) ?? "");
  if (pattern === undefined || pattern.test(text)) return [];
  return [{ path, line: 1, message: "does not open with a sentence on what it owns" }];
};

const upstream: Rule = ({ path, text }) => {
  const name = path.split("/").at(-1) ?? "";
  if (!/\.(?:c|h|hpp|zig)$/.test(name)) return [];
  const copied = /Copyright \(C\) 1994-20\d\d Lua\.org/.test(text);
  if (!copied && !upstreamNames.has(name)) return [];
  return [
    { path, message: "looks like upstream's: Lua's sources are provisioned, never committed" },
  ];
};

const generated: Rule = ({ path }) =>
  /\.(?:wasm|o|a|tar|gz|tgz|zip|whl)$/.test(path)
    ? [{ path, message: "a generated or fetched file is not committed" }]
    : [];

/** Spaces, `#` and `%` in the path of a checkout are other characters in a URL. */
const urlAsPath: Rule = ({ path, text }) => {
  const message = "a path is no URL: fileURLToPath and pathToFileURL turn one into the other";
  const wrong = /\bimport\.meta\.url\)\s*\.pathname\b|file:\/\/(?:\$\{|["'`]\s*\+)/g;
  return [...text.matchAll(wrong)].map(({ index }) => ({
    path,
    line: lineAt(text, index),
    message,
  }));
};

/** Hashes and positions are of bytes. */
const lineEnds: Rule = ({ path, text }) => {
  const at = text.indexOf("\r\n");
  if (at < 0) return [];
  const line = lineAt(text, at);
  return [{ path, line, message: "ends in CR LF; .gitattributes asks for LF: git checkout again" }];
};

function isCode(path: string): boolean {
  return /\.(?:ts|zig|c|h)$/.test(path);
}

/** Of any text file, and of TypeScript alone. */
const textRules: readonly Rule[] = [length, words, opening, upstream, generated, lineEnds];
const typeScriptRules: readonly Rule[] = [urlAsPath];

export function checkFile(file: SourceFile): readonly Violation[] {
  const rules = file.path.endsWith(".ts") ? [...textRules, ...typeScriptRules] : textRules;
  return rules.flatMap((rule) => rule(file));
}
