// Tables fit what they are shown on and cannot be abused by what they show.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayWidth, printable, printRecord, printTable, wrap } from "../../../src/cli/frame/table.ts";
import type { Column } from "../../../src/cli/frame/table.ts";

const columns: readonly Column[] = [{ title: "id" }, { title: "reason", wraps: true }];

function shown(rows: readonly (readonly string[])[], outColumns: number | null): string[] {
  const lines: string[] = [];
  const out = (text: string): void => void lines.push(...text.split("\n"));
  printTable({ out, outColumns, paint: (_colour, text) => text }, columns, rows);
  return lines;
}

describe("a table", () => {
  it("fits every terminal that is wide enough for its ids, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.stringMatching(/^[a-z0-9]{1,12}$/), fc.string({ unit: "grapheme", maxLength: 200 })),
        ),
        fc.integer({ min: 30, max: 120 }),
        (rows, width) => shown(rows, width).every((line) => displayWidth(line) <= width),
      ),
    );
  });

  it("has one line per row in a pipe, however long and broken the text", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", maxLength: 300 }), { minLength: 1 }), (texts) => {
        expect(
          shown(
            texts.map((text) => ["1", text]),
            null,
          ),
        ).toHaveLength(texts.length + 1);
      }),
    );
  });

  it("becomes records where the terminal is too narrow, and never cuts an id", () => {
    const id = "0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11";
    expect(shown([[id, "broken"]], 30)).toEqual([
      `id      ${id.slice(0, 22)}`,
      `        ${id.slice(22)}`,
      "reason  broken",
    ]);
    expect(shown([[id, "a b c d e f g h i j k l m n"]], 52).join("")).toContain(id);
  });

  it("lines up umlauts, emoji and Chinese", () => {
    expect([
      displayWidth("Müller"),
      displayWidth("u\u0308"),
      displayWidth("👍🏽"),
      displayWidth("漢字"),
    ]).toEqual([6, 1, 2, 4]);
  });
});

describe("text from a sender", () => {
  it("cannot move the cursor, colour the terminal or turn the reading direction", () => {
    expect(printable("a\u001b[31mb\u202ec\u0000d\u009be\nf")).toBe("a\ufffd[31mb\ufffdc\ufffdd\ufffde f");
  });

  it("keeps every character that is visible", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Za-zÄÖÜäöüß0-9 ]{0,80}$/),
        fc.integer({ min: 1, max: 40 }),
        (text, width) => {
          expect(wrap(text, width).join("").replace(/ /g, "")).toBe(text.replace(/ /g, ""));
        },
      ),
    );
  });
});

describe("a record", () => {
  it("leaves out what is not known", () => {
    const lines: string[] = [];
    const terminal = {
      out: (text: string) => void lines.push(text),
      outColumns: null,
      paint: (_: string, text: string) => text,
    };
    printRecord(terminal, [
      ["a", 1],
      ["longer", null],
      ["b", ""],
    ]);
    expect(lines).toEqual(["a  1"]);
  });
});
