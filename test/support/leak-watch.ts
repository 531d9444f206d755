// Watches over what the whole suite logs: values that tests put into leads and secrets must not appear in any log line.
// What was planted and what was logged is gathered in files, because tests run in several processes; the end of the run
// compares them.
import { appendFileSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";

const plantedFile = "planted.txt";
const loggedPrefix = "logged-";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where planted values and log lines are gathered. */
    leakFolder: string;
  }
}

/** Remembers the e-mail addresses and telephone numbers of a lead that is being sent. */
export function plantLead(body: unknown): void {
  if (typeof body !== "string" && (typeof body !== "object" || body === null)) return;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  // Where people stand; what is longer is long for other reasons.
  plant(text.slice(0, lookedAtCharacters).match(personal) ?? []);
}

/** Remembers values that no log may show. */
export function plant(values: readonly string[]): void {
  if (values.length > 0) appendFileSync(join(inject("leakFolder"), plantedFile), `${values.join("\n")}\n`);
}

/** Keeps a log line for the comparison at the end. */
export function keepLogLine(line: string): void {
  appendFileSync(join(inject("leakFolder"), `${loggedPrefix}${process.pid}.txt`), `${line}\n`);
}

export interface LeakReport {
  readonly linesRead: number;
  readonly valuesPlanted: number;
  /** The lines in which a planted value stands; the value itself is left out. */
  readonly leaks: readonly string[];
}

/** Called once, when all tests have ended. */
export function findLeaks(folder: string): LeakReport {
  const names = readdirSync(folder);
  const linesIn = (name: string): string[] =>
    names.includes(name) ? readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean) : [];
  const planted = [...new Set(linesIn(plantedFile))];
  const lines = names.filter((name) => name.startsWith(loggedPrefix)).flatMap(linesIn);
  const leaks = lines.flatMap((line) =>
    planted.filter((value) => line.includes(value)).map((value) => line.replaceAll(value, "<planted>")),
  );
  return { linesRead: lines.length, valuesPlanted: planted.length, leaks };
}

const lookedAtCharacters = 10_000;

/** Addresses, and numbers in international or German form that are long enough to be no count or time. */
const personal = /[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,100}|(?:\+\d|0\d)[\d ()/-]{7,20}\d/g;
