// A whole program under random bytes: it answers what is HTTP, closes what is not, takes leads all the time, and its memory
// and its log stay as they are.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { expect } from "vitest";
import { rawCase } from "./fuzz-bytes.ts";
import type { RawCase } from "./fuzz-bytes.ts";
import { compileSource } from "./compiled-source.ts";
import { fuzzSeed } from "./fuzz-cases.ts";
import { codeOf, openRaw } from "./raw-socket.ts";
import type { RawAnswer } from "./raw-socket.ts";
import { serveProcess } from "./served-process.ts";
import type { ServedProcess } from "./served-process.ts";
import { postLead } from "./webhook-client.ts";
import { until } from "./until.ts";

const batchCases = 250;
const connectionsAtOnce = 20;
/** Who has sent half a request waits in vain. */
const soonMs = 200;
const closedLimitMs = 15_000;
const megabyte = 1024 * 1024;
/** A heap that grows before it is swept is no leak; what is kept for each of 100,000 cases would be. */
const grownBytesMax = 256 * megabyte;
const documentedUnavailable = [
  "ledger_unavailable",
  "intake_overloaded",
  "source_paused",
  "role_without_intake",
];
const answerHeaders = new Set([
  ...["content-type", "content-length", "date", "connection", "keep-alive", "allow"],
  ...["www-authenticate", "accept-encoding", "retry-after"],
]);
/** Of the dashboard's page, on top of them. */
const pageHeaders = [
  ...["content-security-policy", "referrer-policy", "x-content-type-options", "cross-origin-opener-policy"],
  "cache-control",
];

/** Starts the program, tries that many connections, and stops it again. */
export async function fuzzProgram(cases: number): Promise<void> {
  const program = await compileSource();
  const folder = await mkdtemp(join(tmpdir(), "leadledger-fuzz-"));
  const configurationPath = join(folder, "leadledger.yaml");
  await writeFile(configurationPath, "open_intake: true\n");
  // At this level every lead's source is in the log, and under open intake that is whatever a sender calls it.
  const env = { LOG_LEVEL: "debug" };
  const served = await serveProcess(program, join(folder, "data"), configurationPath, { env });
  try {
    await fuzzServed(served, cases);
  } finally {
    const { code } = await served.end("SIGTERM");
    await rm(folder, { recursive: true, force: true });
    expect(code, served.output()).toBe(0);
  }
}

async function fuzzServed(served: ServedProcess, cases: number): Promise<void> {
  // It is told after the first lead could be taken, and ends with the link for the first admin.
  await until("the greeting", () => Promise.resolve(served.output().includes("/setup/")));
  const greeting = new Set(linesOf(served).filter((line) => !isLogLine(line)));
  // What every process needs once is not counted.
  await tryBatch(served, -1, batchCases);
  const beforeBytes = await residentBytes(served);
  let peakBytes = beforeBytes;
  const told = new Map<string, number>();
  for (let done = 0, batch = 0; done < cases; done += batchCases, batch += 1) {
    const answers = await tryBatch(served, batch, Math.min(batchCases, cases - done));
    expect(linesOf(served).filter((line) => !isLogLine(line) && !greeting.has(line))).toEqual([]);
    for (const answer of answers) {
      const name = [answer.status, codeOf(answer)].filter(Boolean).join(" ");
      told.set(name, (told.get(name) ?? 0) + 1);
    }
    peakBytes = Math.max(peakBytes, await residentBytes(served));
    expect(peakBytes - beforeBytes).toBeLessThan(grownBytesMax);
  }
  const afterBytes = await residentBytes(served);
  const inMegabytes = (bytes: number): string => (bytes / megabyte).toFixed(0);
  console.log(
    `fuzz over sockets: ${cases} connections (LEADLEDGER_SEED=${fuzzSeed}), answers ` +
      [...told]
        .map(([name, count]) => `${name}: ${count}`)
        .sort()
        .join(", ") +
      `; RSS before ${inMegabytes(beforeBytes)} MiB, after ${inMegabytes(afterBytes)} MiB, at most ${inMegabytes(peakBytes)} MiB`,
  );
}

async function tryBatch(served: ServedProcess, batch: number, count: number): Promise<RawAnswer[]> {
  const cases = fc.sample(rawCase, { seed: (fuzzSeed + batch) | 0, numRuns: count });
  const answers: RawAnswer[] = [];
  const waiting = [...cases];
  const worker = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      answers.push(...(await tryCase(served.url, next)));
    }
  };
  await Promise.all(Array.from({ length: connectionsAtOnce }, worker));
  const lead = await postLead(served.url, {
    path: "/webhook/lead/website",
    key: `after batch ${batch}`,
    body: { batch },
  });
  expect(lead.status, served.output()).toBe(202);
  expect(served.child.exitCode).toBeNull();
  // A line at the level of an error, a warning of the runtime, a stack: each would be of our own making.
  expect(served.output()).not.toMatch(/"level":50|\(node:\d+\)|^ {4}at /m);
  return answers;
}

async function tryCase(url: string, { pieces, ending }: RawCase): Promise<RawAnswer[]> {
  const raw = await openRaw(url);
  const sent = (): string =>
    `sent ${JSON.stringify(Buffer.concat(pieces).toString("latin1"))}, heard ${raw.said()}`;
  try {
    for (const piece of pieces) await raw.send(piece);
    if (ending === "reset") {
      raw.reset();
      return [];
    }
    if (ending === "half") await raw.answered(1, soonMs).catch(() => undefined);
    raw.socket.end();
    if (!(await raw.closed(closedLimitMs))) throw new Error("the server did not close");
    const answers = raw.answers();
    for (const answer of answers) checkAnswer(answer);
    return answers;
  } catch (error) {
    throw new Error(sent(), { cause: error });
  } finally {
    raw.socket.destroy();
  }
}

function checkAnswer(answer: RawAnswer): void {
  if (answer.status >= 500) {
    expect(answer.status).toBe(503);
    expect(documentedUnavailable).toContain(codeOf(answer));
  }
  const isPage = answer.headers.get("content-type")?.startsWith("text/html") === true;
  const documented = isPage ? new Set([...answerHeaders, ...pageHeaders]) : answerHeaders;
  for (const name of answer.headers.keys()) expect(documented).toContain(name);
}

/** Whole ones: the oldest may be cut off, the newest not written to its end. */
function linesOf(served: ServedProcess): string[] {
  return served.output().split("\n").slice(1, -1);
}

function isLogLine(line: string): boolean {
  try {
    return line.startsWith('{"level":') && typeof JSON.parse(line) === "object";
  } catch {
    return false;
  }
}

async function residentBytes({ child }: ServedProcess): Promise<number> {
  const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(child.pid)]);
  return Number(stdout) * 1024;
}
