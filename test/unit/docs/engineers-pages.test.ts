// What the pages for engineers say about names: links, headings, files and npm scripts exist, and so does every heading
// of the contract that a comment points to.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { anchors } from "../../support/documentation.ts";

const root = join(import.meta.dirname, "../../..");
const files = ["src", "web", "test", "bench", "migrations", "sql", "docs", "examples"]
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap(filesBelow);
const pages = [
  ...readdirSync(root).filter(
    (name) => /^[A-Z]+\.md$/.test(name) && !["README.md", "CHANGELOG.md"].includes(name),
  ),
  ...files.filter((path) => /^docs\/(decisions\/)?[^/]+\.md$/.test(path)),
];
const sources = files.filter((path) => /\.(ts|tsx|mjs|sql|md)$/.test(path));
const fileNames = new Set(files.map((path) => basename(path)));

describe.each(pages)("%s", (name) => {
  const text = readFileSync(join(root, name), "utf8");

  it("links only to what exists", () => {
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? "");
    expect(targets.filter((target) => !leadsSomewhere(name, target))).toEqual([]);
  });

  it("names only files and folders that exist", () => {
    const named = [...text.matchAll(/`([\w./-]+)`/g)].map(([, path]) => path ?? "");
    const paths = named.filter((path) => /^(src|web|test|docs|migrations|sql|bench|examples)\//.test(path));
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const bare = named.filter((path) => /^[\w-]+\.(ts|tsx|sql)$/.test(path));
    expect(bare.filter((file) => !fileNames.has(file))).toEqual([]);
  });

  it("names only npm scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
    const named = [...text.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, script]) => script ?? "");
    expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
  });
});

describe("comments that point to the contract", () => {
  const headings = [...read("docs/contract.md").matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading);
  const pointers = sources.flatMap((path) =>
    [...read(path).matchAll(/\(docs\/contract\.md,([^)]+)\)/g)].map(([, heading]) => ({
      path,
      heading: onOneLine(heading ?? ""),
    })),
  );

  it("name a heading that it has", () => {
    expect(pointers.length).toBeGreaterThan(20);
    expect(pointers.filter(({ heading }) => !headings.includes(heading))).toEqual([]);
  });

  it("are of that form everywhere: no other document is cited in its place", () => {
    const old = ["DES", "IGN"].join("");
    expect(sources.filter((path) => read(path).includes(old))).toEqual([]);
  });
});

/** A comment may break in the middle of a heading. */
function onOneLine(heading: string): string {
  return heading.replaceAll(/\s+(?:\/\/|\*|--)?\s*/g, " ").trim();
}

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

function leadsSomewhere(from: string, target: string): boolean {
  if (/^(https?|mailto):/.test(target)) return true;
  // Pages of the repository on its host, which has no file here.
  if (target.startsWith("../../")) return true;
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? join(root, from) : join(root, dirname(from), path);
  if (!existsSync(file)) return false;
  if (anchor === undefined) return true;
  return anchors(readFileSync(file, "utf8")).has(anchor);
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : filesBelow(path);
    return [path];
  });
}
