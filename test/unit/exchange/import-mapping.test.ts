// From columns to leads: nested places, numbers, keys; what does not fit is a reason that names the column.
import { describe, expect, it } from "vitest";
import { rowFaultTexts } from "../../../src/exchange/import-faults.ts";
import {
  columnNames,
  leadOfCells,
  mappingFault,
  parseColumnMapping,
} from "../../../src/exchange/import-mapping.ts";
import type { ImportMapping } from "../../../src/exchange/import-mapping.ts";
import { keyOfJsonLine, refusedLine, splitRefusedLine } from "../../../src/exchange/import-json-lines.ts";

function mapping(maps: readonly string[], keyColumns: readonly string[] = []): ImportMapping {
  const columns = maps.map((text) => parseColumnMapping(text));
  return { columns: new Map(columns.filter((each) => each !== null)), keyColumns };
}

const header = ["Lead-ID", "E-Mail", "PLZ", "Ort", "Umsatz", "Notiz", "Kunde"];
const whole = mapping(
  [
    "E-Mail=email",
    "PLZ=/address/zip",
    "Ort=/address/city",
    "Umsatz=revenue:number",
    "Notiz=",
    "Kunde=known:boolean",
  ],
  ["Lead-ID"],
);

describe("a row", () => {
  it("becomes a lead with everything in its place, exact, and its key", () => {
    const cells = [
      "17",
      "a@example.com",
      '="01067"',
      "Dresden",
      "12.345.678.901.234.567.890,10",
      "geheim",
      "ja",
    ];
    expect(leadOfCells(header, cells, whole, "comma")).toEqual({
      ok: true,
      key: "17",
      body: '{"Lead-ID":"17","email":"a@example.com","address":{"zip":"01067","city":"Dresden"},"revenue":12345678901234567890.10,"known":true}',
    });
  });

  it("leaves out what is empty", () => {
    expect(leadOfCells(header, ["1", "", " ", "", "", "", ""], whole, "comma")).toMatchObject({
      body: '{"Lead-ID":"1"}',
    });
  });

  it.each([
    [["1", "a"], "has 2 cells where the header has 7"],
    [["1", "a", "", "", "viel", "", ""], 'column "Umsatz" is no number'],
    [["1", "a", "", "", "", "", "vielleicht"], 'column "Kunde" is no boolean'],
    [["", "a", "", "", "", "", ""], 'the key column "Lead-ID" is empty'],
  ])("%j is refused with a reason", (cells, reason) => {
    const mapped = leadOfCells(header, cells, whole, "comma");
    expect(mapped.ok ? null : rowFaultTexts(mapped.fault).en).toBe(reason);
  });

  it("cannot put two columns into one place", () => {
    const clash = mapping(["a=x", "b=/x/y"]);
    expect(leadOfCells(["a", "b"], ["1", "2"], clash, "point")).toMatchObject({ ok: false });
    expect(leadOfCells(["__proto__"], ["x"], mapping([]), "point")).toMatchObject({ ok: false });
  });

  it("keeps the key under which it was refused before, and none of what was said about it", () => {
    const columns = ["email", "leadledger_key", "leadledger_row", "leadledger_reason"];
    expect(
      leadOfCells(columns, ["a@example.com", "k-9", "12", "no phone"], mapping([], ["email"]), "point"),
    ).toEqual({
      ok: true,
      key: "k-9",
      body: '{"email":"a@example.com"}',
    });
  });

  it("is compared with the header first", () => {
    expect(mappingFault(header, mapping(["Mail=email"], ["Nr"]))).toEqual({
      kind: "no_column",
      missing: ["Mail", "Nr"],
      header,
    });
    expect(mappingFault(header, whole)).toBeNull();
  });

  it.each([
    [
      ["a", "b", "", " ", ""],
      ["a", "b"],
    ],
    [
      [" Name ", "Name", "Name 2", "Name"],
      ["Name", "Name 3", "Name 2", "Name 4"],
    ],
    [
      ["a", "", "b"],
      ["a", "", "b"],
    ],
    [["", ""], []],
  ])("has the columns of its header: %j", (cells, names) => {
    expect(columnNames(cells)).toEqual(names);
  });

  it("may have empty cells where the header has no name, at the right end and between, and no others", () => {
    const names = columnNames(["a", "", "b", "", ""]);
    const read = (...cells: string[]) => leadOfCells(names, cells, mapping([]), "point");
    expect(read("1", "", "2", "", "")).toMatchObject({ body: '{"a":"1","b":"2"}' });
    expect(read("1", " ", "2")).toMatchObject({ body: '{"a":"1","b":"2"}' });
    expect(read("1", "x", "2")).toEqual({ ok: false, fault: { kind: "value_without_column", column: 2 } });
    expect(read("1", "", "2", "x", "")).toEqual({
      ok: false,
      fault: { kind: "cell_count", cells: 5, columns: 3 },
    });
    expect(read("1", "")).toEqual({ ok: false, fault: { kind: "cell_count", cells: 2, columns: 3 } });
  });
});

describe("a mapping", () => {
  it.each(["email", "=email", "a=/x~2", "a=/__proto__/x"])("%j is none", (text) => {
    expect(parseColumnMapping(text)).toBeNull();
  });
  it("may have an equals sign in the column's name", () => {
    expect(parseColumnMapping("a=b=c")).toEqual(["a=b", { to: ["c"], type: "text" }]);
  });
});

describe("a line of JSON", () => {
  it("has its key at a name or a pointer, exact", () => {
    const line = '{"id":12345678901234567890,"a":{"b":"x"}}';
    expect(keyOfJsonLine(line, ["id"])).toBe("12345678901234567890");
    expect(keyOfJsonLine(line, ["/a/b", "id"])).toBe("x|12345678901234567890");
    expect(keyOfJsonLine(line, ["none"])).toBeUndefined();
    expect(keyOfJsonLine(line, [])).toBeNull();
    expect(keyOfJsonLine("[1]", ["id"])).toBeUndefined();
  });

  it("comes back from the file of refused rows as it was", () => {
    const line = '{"n":12345678901234567890.10,"t":"ä"}';
    expect(splitRefusedLine(refusedLine(line, { row: 3, key: "k", reason: "r" }))).toEqual({
      body: line,
      key: "k",
    });
    expect(splitRefusedLine(refusedLine("{broken", { row: 3, key: null, reason: "r" }))).toEqual({
      body: "{broken",
      key: null,
    });
    expect(splitRefusedLine(line)).toEqual({ body: line, key: null });
  });
});
