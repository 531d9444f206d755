// What a file is, whatever it is called: documents, archives and pictures are told from tables and JSON.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { binaryContent, textContent } from "../../../src/exchange/file-content.ts";
import { fileFaultTexts } from "../../../src/exchange/import-faults.ts";
import { unreadableFile } from "../../../src/cli/frame/file-trouble.ts";
import { inspectFile } from "../../../src/cli/import-export/import-source.ts";

const folder = mkdtempSync(join(tmpdir(), "leadledger-content-"));
afterAll(() => rmSync(folder, { recursive: true }));

const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
const zip = (name: string): Buffer =>
  Buffer.concat([Buffer.from("504b030414000000", "hex"), Buffer.from(name)]);
const table = "Name;E-Mail\nErika;erika@example.com\n";

async function inspected(content: string | Buffer, given: object = {}): Promise<string> {
  const path = join(folder, "file");
  writeFileSync(path, content);
  const file = await inspectFile(path, { columns: new Map(), keyColumns: [] }, given);
  if ("kind" in file) return file.kind;
  return `${file.format}${file.isList ? " list" : ""} ${file.encoding} ${file.dialect?.delimiter ?? ""}`.trim();
}

describe("a file", () => {
  it.each<[string, string | Buffer, string]>([
    ["a workbook", zip("xl/workbook.xml"), "xlsx"],
    ["a ZIP", zip("leads.csv"), "zip"],
    ["an empty ZIP", Buffer.from("504b0506", "hex"), "zip"],
    ["an old workbook", Buffer.from("d0cf11e0a1b11ae100", "hex"), "office"],
    ["RTF", "{\\rtf1\\ansi}", "office"],
    ["gzip", gzipSync(table), "gzip"],
    ["7z", Buffer.from("377abcaf271c0004", "hex"), "compressed"],
    ["Zstandard", Buffer.from("28b52ffd", "hex"), "compressed"],
    ["a PDF", "%PDF-1.7\n", "pdf"],
    ["PNG", png, "image"],
    ["JPEG", Buffer.from("ffd8ffe000104a464946", "hex"), "image"],
    ["a web page", "\uFEFF\n<!DOCTYPE html><html><body><table></table></body></html>", "html"],
    ["a table of a web page", '<table border="1"><tr><td>Name</td></tr></table>', "html"],
    ["XML", '<?xml version="1.0"?><leads/>', "xml"],
    ["XML without its declaration", "<leads><lead/></leads>", "xml"],
    ["contacts", "BEGIN:VCARD\r\nVERSION:3.0\r\n", "vcard"],
    ["SQLite", "SQLite format 3\0", "binary"],
    ["bytes", Buffer.from([1, 2, 3, 0, 255, 254]), "binary"],
    ["UTF-32", Buffer.from("4e0000006100000065000000", "hex"), "binary"],
    ["nothing", "", "empty"],
    ["blanks", "\uFEFF \r\n\t\n", "empty"],
    ["one object over several lines", '{\n  "data": [\n {"a":1}\n]}\n', "json_document"],
    ["objects over several lines", '{\n"a": 1\n}\n{\n"a": 2\n}\n', "json_document"],
    ["half a list", '[{"a":1},{"a"', "json_broken"],
    ["a list of numbers", "[1, 2]", "json_not_a_list"],
    ["an unknown separator", "sep=:\na:b\n", "unknown_separator"],
    ["a list", '\uFEFF[{"a":1},\n {"a":2}]\n', "ndjson list utf-8"],
    ["an empty list", "[]\n", "ndjson list utf-8"],
    ["lines of JSON", '{"a":1}\n{"a":2}\n', "ndjson utf-8"],
    [
      "lines of JSON as PowerShell writes them",
      Buffer.from('\uFEFF{"a":1}\r\n', "utf16le"),
      "ndjson utf-16le",
    ],
    ["a table", table, "csv utf-8 ;"],
    ["a table in UTF-16 without its mark", Buffer.from(table, "utf16le"), "csv utf-16le ;"],
    [
      "a table in big-endian UTF-16 without its mark",
      Buffer.from(table, "utf16le").swap16(),
      "csv utf-16be ;",
    ],
    [
      "a table in Windows-1252",
      Buffer.from("Name;Ort\nJ\u00fcrgen;K\u00f6ln\n", "latin1"),
      "csv windows-1252 ;",
    ],
    ["a table that says its separator", `sep=|\r\nName|Notiz\r\na|b;c;d\r\n`, "csv utf-8 |"],
    ["a table with an old end of file", `${table}\u001A`, "csv utf-8 ;"],
    ["a table whose header begins with a bracket", "[ID];Name\n1;a\n", "csv utf-8 ;"],
    ["a table with a comparison", "<18;Name\nja;a\n", "csv utf-8 ;"],
  ])("that is %s", async (_what, content, kind) => {
    expect(await inspected(content)).toBe(kind);
  });

  it("is what it was said to be, as long as it is text", async () => {
    expect(await inspected('{"a";b\n1;2\n', { format: "csv" })).toBe("csv utf-8 ;");
    expect(await inspected("not json\n", { format: "ndjson" })).toBe("ndjson utf-8");
    expect(await inspected(png, { format: "csv" })).toBe("image");
  });

  it("that is refused is refused in both languages, with what to do", () => {
    for (const head of [zip("xl/"), zip("a"), gzipSync("a"), png, Buffer.from("%PDF-")]) {
      const kind = binaryContent(head) ?? "binary";
      const { en, de } = fileFaultTexts({ kind });
      expect(en.length > 15 && de.length > 15 && en !== de).toBe(true);
    }
    expect(textContent(table)).toEqual({ kind: "csv" });
  });

  it("that is a folder, a pipe, missing or behind a file has words for it", async () => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    writeFileSync(join(folder, "plain"), "");
    const said = async (name: string): Promise<string> =>
      (await unreadableFile(join(folder, name)))?.de ?? "";
    expect(await said(".")).toContain("ist ein Ordner");
    expect(await said("pipe")).toContain("Pipe");
    expect(await said("none")).toContain("gibt es nicht");
    expect(await said("plain/leads.csv")).toContain("kein Ordner");
    expect(await said("plain")).toBe("");
    expect(readFileSync(join(folder, "plain")).length).toBe(0);
  });
});
