/** The quota of external tables: refused before it is passed, with nothing changed. */

import { equal, fails, matches, succeeded, succeeds, throws } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { QuotaExceededError } from "../../runtime/check/errors.ts";

export const quota = [
  defineCase({
    id: "hosts/quota-entries",
    title: "One entry over maxEntries is a Lua error that says quota; the table is as it was",
    run: async ({ load }) => {
      const core = await load({ quota: { maxEntries: 3 } });
      succeeds(core.compute("_home.a = 1 _home.b = 2 ext.table('t').c = 3"), [], "three entries");
      const { error } = fails(core.compute("_home.d = 4"), "RUNTIME_FAILED", "a fourth");
      matches(error, /quota exceeded/, "the message");
      equal([...core.tables.home.keys()], ["a", "b"], "keys");
      const code =
        "_home.a = 10 _home.b = nil _home.e = 5 return pcall(function() _home.f = 6 end)";
      const [ok, message] = succeeded(core.compute(code), "within the quota").values;
      equal(ok, false, "pcall beyond the quota");
      matches(message, /quota exceeded/, "caught in Lua");
      equal([...core.tables.home.keys()], ["a", "e"], "keys afterwards");
    },
  }),
  defineCase({
    id: "hosts/quota-bytes",
    title: "maxBytes counts keys and values as they are encoded, and what keeping them takes",
    run: async ({ load }) => {
      // "k" is 6 bytes as a key; a value of n bytes is n + 5. Above 64 bytes it is an array.
      // A table that has entries takes 512.
      const full = 6 + 105 + 112 + 192 + 512;
      const core = await load({ quota: { maxBytes: full } });
      succeeds(core.compute("_home.k = ('x'):rep(100)"), [], "just full");
      equal(core.tables.used, { bytes: full, entries: 1 }, "in use");
      fails(core.compute("_home.k = ('x'):rep(101)"), "RUNTIME_FAILED", "one byte more");
      fails(core.compute("ext.table('u').x = 1"), "RUNTIME_FAILED", "in another table");
      succeeds(core.compute("return #_home.k"), [100], "the value");
      succeeds(core.compute("_home.k = nil ext.table('u').x = 1"), [], "after deleting it");
      equal(core.tables.used, { bytes: 6 + 9 + 112 + 512, entries: 1 }, "in use afterwards");
    },
  }),
  defineCase({
    id: "hosts/quota-javascript",
    title: "JavaScript's set throws QuotaExceededError for the same limit",
    run: async ({ load }) => {
      const core = await load({ quota: { maxEntries: 1 } });
      core.tables.home.set(1, 1);
      const error = throws(QuotaExceededError, () => core.tables.home.set(2, 2), "a second entry");
      matches(error.message, /1 of 1 entries/, "the message");
      equal(core.tables.home.size, 1, "entries");
    },
  }),
];
