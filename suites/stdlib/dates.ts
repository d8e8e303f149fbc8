/** Cases on os.date, os.time, os.clock: every conversion, the calendar's ends, what is refused. */
import { equal, fails, matches, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";

/** 2024-02-29 13:05:09, a Thursday. */
const leapDay = 1_709_211_909;

/** Conversion, and its text for the leap day. */
const conversions: readonly (readonly [conversion: string, text: string])[] = [
  ["%a %A %b %B %h", "Thu Thursday Feb February Feb"],
  ["%c", "Thu Feb 29 13:05:09 2024"],
  ["%C %d %e %D %F", "20 29 29 02/29/24 2024-02-29"],
  ["%g %G %V %u %w", "24 2024 09 4 4"],
  ["%H %I %j %m %M %p", "13 01 060 02 05 PM"],
  ["%r %R %S %T", "01:05:09 PM 13:05 09 13:05:09"],
  ["%U %W %x %X %y %Y", "08 09 02/29/24 13:05:09 24 2024"],
  ["%z %Z", "+0000 UTC"],
  ["%n%t%%", "\n\t%"],
  ["%Ec|%EC|%Ex|%EX|%Ey|%EY", "Thu Feb 29 13:05:09 2024|20|02/29/24|13:05:09|24|2024"],
  ["%Od %Oe %OH %OI %Om %OM %OS", "29 29 13 01 02 05 09"],
  ["%Ou %OU %OV %Ow %OW %Oy", "4 08 09 4 09 24"],
  ["plain text", "plain text"],
  ["", ""],
];

/** Format, time, text: other years, and where weeks belong to another year. */
const instants: readonly (readonly [format: string, instant: string, text: string])[] = [
  ["!%F %T", "0", "1970-01-01 00:00:00"],
  ["!%F %T", "-1", "1969-12-31 23:59:59"],
  ["!%G-W%V-%u %g", "os.time{year=2021,month=1,day=3}", "2020-W53-7 20"],
  ["!%G-W%V-%u", "os.time{year=2018,month=12,day=31}", "2019-W01-1"],
  ["!%G-W%V-%u", "os.time{year=2025,month=12,day=29}", "2026-W01-1"],
  ["!%U %W %j", "os.time{year=2023,month=1,day=1}", "01 00 001"],
  ["!%j", "os.time{year=2000,month=12,day=31}", "366"],
  ["!%j", "os.time{year=1900,month=12,day=31}", "365"],
  ["!%I%p", "0", "12AM"],
  ["!%I%p", "43200", "12PM"],
  ["!%Y %C %y", "253402300800", "+10000 100 00"],
  ["!%Y", "-62135596800", "0001"],
  ["!%Y", "-62198755200", "-001"],
  ["!%Y", "67768036191676799", "+2147485547"],
  ["!%F", "os.time{year=2023,month=14,day=-1}", "2024-01-30"],
  ["!%T", "os.time{year=2023,month=1,day=1,hour=0,min=0,sec=-1}", "23:59:59"],
];

/** Code that fails, and the message. */
const refused: readonly (readonly [code: string, message: RegExp])[] = [
  ["os.date('%Ez')", /bad argument #1 to 'date' \(invalid conversion specifier '%Ez'\)/],
  ["os.date('%O')", /invalid conversion specifier '%O'/],
  ["os.date('%Q')", /invalid conversion specifier '%Q'/],
  ["os.date('%')", /invalid conversion specifier '%'/],
  ["os.date('%Y', 1.5)", /number has no integer representation/],
  ["os.date('%Y', 67768036191676800)", /date result cannot be represented in this installation/],
  ["os.date('*t', math.mininteger)", /date result cannot be represented in this installation/],
  ["os.time{}", /field 'year' missing in date table/],
  ["os.time{year=2000, month=1}", /field 'day' missing in date table/],
  ["os.time{year=2000, month='x', day=1}", /field 'month' is not an integer/],
  ["os.time{year=2000, month=1.5, day=1}", /field 'month' is not an integer/],
  ["os.time{year=1<<40, month=1, day=1}", /field 'year' is out-of-bound/],
  ["os.time{year=2000, month=1, day=1<<31}", /field 'day' is out-of-bound/],
  ["os.time{year=2000, month=-(1<<31), day=1}", /field 'month' is out-of-bound/],
  [
    "os.time{year=(1<<31) + 1899, month=13, day=1}",
    /time result cannot be represented in this installation/,
  ],
  [
    "os.time{year=1969, month=12, day=31, hour=23, min=59, sec=59}",
    /time result cannot be represented in this installation/,
  ],
  ["os.time('x')", /table expected, got string/],
  ["os.difftime(1)", /bad argument #2 to 'difftime'/],
];

const fields = `local t = {year=2023, month=14, day=31, hour=-1, min=61, sec=3600, isdst=true}
  local instant = os.time(t)
  return instant, t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday, t.isdst`;

export const dates = [
  defineCase({
    id: "stdlib/date-conversions",
    title: "os.date knows every conversion that Lua allows, with E and O, in UTC",
    run: async ({ load }) => {
      const core = await load({ time: () => leapDay + 0.9 });
      for (const [format, text] of conversions) {
        succeeds(core.call("os.date", format), [text], format);
        succeeds(core.call("os.date", `!${format}`), [text], `!${format}`);
      }
      for (const [format, instant, text] of instants) {
        succeeds(core.compute(`os.date('${format}', ${instant})`), [text], `${format} ${instant}`);
      }
    },
  }),
  defineCase({
    id: "stdlib/time-fields",
    title: "os.time brings fields into range, and gives back what os.date takes apart",
    run: async ({ load }) => {
      const core = await load({ time: () => leapDay + 0.9, clock: () => 1.25 });
      succeeds(core.compute("os.time(), os.clock()"), [leapDay, 1.25], "the host's clocks");
      succeeds(core.compute(fields), [1_709_341_260, 2024, 3, 2, 1, 1, 0, 7, 62, false], "fields");
      const there = "os.time(os.date('!*t', instant)) == instant";
      const code = `for i = -400, 400 do
        local instant = i * 98765432 + i
        if instant ~= -1 and not (${there}) then return instant end
      end`;
      succeeds(core.compute(code), [], "there and back");
      succeeds(
        core.compute("os.difftime(5, 3) == 2, os.date('!*t', 0).isdst"),
        [true, false],
        "others",
      );
    },
  }),
  defineCase({
    id: "stdlib/time-refusals",
    title: "os.date and os.time refuse what they can't tell, and say what",
    run: async ({ load }) => {
      const core = await load();
      for (const [code, message] of refused) {
        matches(fails(core.compute(code), "RUNTIME_FAILED", code).error, message, code);
      }
    },
  }),
  defineCase({
    id: "stdlib/no-clock",
    title: "Where the host has no clock, os.time, os.date and os.clock say so; given times work",
    run: async ({ load }) => {
      for (const nothing of [Number.NaN, Number.POSITIVE_INFINITY, -1e300]) {
        const core = await load({ time: () => nothing, clock: () => nothing });
        for (const name of ["time", "date", "clock"]) {
          const { error } = fails(core.call(`os.${name}`), "RUNTIME_FAILED", name);
          equal(error, `os.${name} is not available: the host has no clock`, name);
        }
        succeeds(core.compute("os.date('!%Y', -1)"), ["1969"], "a given time");
        const given = "os.time{year=1970, month=1, day=2, hour=0}";
        succeeds(core.compute(given), [86_400], "given fields");
      }
    },
  }),
];
