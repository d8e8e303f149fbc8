/** Cutting blocks by their anchors: whole lines, numbers kept, and never the wrong place. */
import { describe, expect, it } from "vitest";
import { AnchorError, cutBytes, cutText } from "./cut.ts";

const text = "first\nbegin A\ninside\nend\nbegin B\nend\nlast";
const cut = (from: string, to: string, instead?: string) => ({
  from,
  to,
  why: "a test",
  ...(instead === undefined ? {} : { instead }),
});

describe("cutText", () => {
  it("blanks whole lines from one anchor to the next of the other", () => {
    expect(cutText(text, [cut("gin A", "end")])).toBe("first\n\n\n\nbegin B\nend\nlast");
    expect(cutText(text, [cut("begin B\nend", "last")])).toBe("first\nbegin A\ninside\nend\n\n\n");
  });

  it("may end in the line in which it begins, and puts something in its place", () => {
    expect(cutText(text, [cut("inside", "in", "less")])).toBe(text.replace("inside", "less"));
  });

  it("takes several blocks in the order of the text", () => {
    const cuts = [cut("begin A", "end"), cut("begin B", "end", "do end")];
    expect(cutText(text, cuts)).toBe("first\n\n\n\ndo end\n\nlast");
    expect(() => cutText(text, cuts.toReversed())).toThrow(AnchorError);
  });

  it("refuses an anchor that is absent, ambiguous, or in the wrong order", () => {
    expect(() => cutText(text, [cut("begin C", "end")])).toThrow(/"begin C" stands nowhere/);
    expect(() => cutText(text, [cut("begin", "end")])).toThrow(/"begin" stands more than once/);
    expect(() => cutText(text, [cut("begin B", "inside")])).toThrow(/no line with "inside" comes/);
  });
});

describe("cutBytes", () => {
  it("keeps every byte outside of the blocks", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(cutBytes(bytes, [])).toEqual(bytes);
  });
});
