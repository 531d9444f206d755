// The pages of docs/, and the examples in them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const languages = ["en", "de"] as const;
export type DocumentationLanguage = (typeof languages)[number];

export const docsFolder = join(import.meta.dirname, "../../docs");

export interface Example {
  /** `audit-dlq-kpi.md:120` */
  readonly place: string;
  readonly code: string;
}

export function pagesOf(language: DocumentationLanguage): string[] {
  return readdirSync(join(docsFolder, language))
    .filter((name) => name.endsWith(".md"))
    .sort();
}

export function page(language: DocumentationLanguage, name: string): string {
  return readFileSync(join(docsFolder, language, name), "utf8");
}

/** The fenced examples of a page that are written in `syntax`. */
export function examples(language: DocumentationLanguage, name: string, syntax: string): Example[] {
  const text = page(language, name);
  return [...text.matchAll(/^```([a-z]*)\n([\s\S]*?)^```$/gm)]
    .filter((match) => match[1] === syntax)
    .map((match) => ({
      place: `${language}/${name}:${text.slice(0, match.index).split("\n").length}`,
      code: match[2] ?? "",
    }));
}

/** The first column of the tables that have `heading` there, without backticks. */
export function firstColumn(language: DocumentationLanguage, name: string, heading: string): string[] {
  return tables(language, name)
    .filter(([head]) => bare(head?.[0]) === heading)
    .flatMap(([, , ...rows]) => rows.map((row) => bare(row[0])));
}

/** Every table of a page, as rows of cells; the head and the line under it come first. */
export function tables(language: DocumentationLanguage, name: string): string[][][] {
  return [...page(language, name).matchAll(/(?:^\|.*\n)+/gm)].map((match) =>
    match[0]
      .trim()
      .split("\n")
      .map((line) =>
        line
          .slice(1, -1)
          .split("|")
          .map((cell) => cell.trim()),
      ),
  );
}

export function bare(cell: string | undefined): string {
  return (cell ?? "").replaceAll("`", "");
}

/** As GitHub makes the anchors of headings. */
export function anchors(text: string): Set<string> {
  const headings = [...text.replaceAll(/^```[\s\S]*?^```$/gm, "").matchAll(/^#+ (.+)$/gm)];
  return new Set(
    headings.map(([, heading]) =>
      (heading ?? "")
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}
