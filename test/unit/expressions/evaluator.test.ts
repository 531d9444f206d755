// Expressions of experts: what they give, and that whatever they do to their process harms nobody else. What JSONata could
// do to one is done here by a program of ours, under the same flags.
import { execFile } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { Evaluated } from "../../../src/domain/destinations/expression.ts";
import { parseWithExactNumbers, writeExactly } from "../../../src/domain/values/exact-json.ts";
import { createEvaluator, evaluatorLimits } from "../../../src/expressions/evaluator.ts";
import type { Evaluator, EvaluatorLimits } from "../../../src/expressions/evaluator.ts";
import { addScript, compileSource } from "../../support/compiled-source.ts";
import { until } from "../../support/until.ts";

const open: Evaluator[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

// A machine that does much else may take its time, but where a limit is what is tested.
const patient = { ...evaluatorLimits, requestMs: 20_000, startMs: 60_000 };

function evaluator(limits: Partial<EvaluatorLimits> = {}, program?: string): Evaluator {
  const made = createEvaluator(
    { ...patient, ...limits },
    program === undefined ? undefined : { code: program, library: "" },
  );
  open.push(made);
  return made;
}

function ask(made: Evaluator, expression: string, document: unknown = {}, destination = "crm") {
  return made.evaluate({ destination, expression, document });
}

describe("An expression", () => {
  const lead = parseWithExactNumbers(
    '{"lead":{"name":"Anna Groß","email":"a@b.example"},"data":{"id":12345678901234567890,"price":1.10,"n":2}}',
  );
  it.each<[string, string, Evaluated]>([
    [
      "makes an object",
      '{ "Name": $uppercase(lead.name) }',
      { kind: "value", value: { Name: "ANNA GROSS" } },
    ],
    ["makes a list", "[lead.name, data.n + 1]", { kind: "value", value: ["Anna Groß", 3] }],
    ["gives a number of 20 digits as it is", "data", expect.objectContaining({ kind: "value" }) as never],
    ["gives nothing", "lead.shoe_size", { kind: "nothing" }],
    ["gives a text, which is no message", "lead.name", { kind: "nothing" }],
    ["gives a function", "function($x) { $x }", { kind: "nothing" }],
    ["leaves functions out", '{ "a": 1, "f": $sum }', { kind: "value", value: { a: 1 } }],
    ["refuses a lead", '$error("no phone")', { kind: "refused", words: "no phone" }],
    ["asserts something", '$assert(false, "no phone")', { kind: "refused", words: "no phone" }],
    [
      "calculates with a number that it would change",
      "[data.id + 1]",
      expect.objectContaining({ kind: "thrown", code: "T2001" }) as never,
    ],
    [
      "cannot be read",
      "lead.name &",
      expect.objectContaining({ kind: "unreadable", code: "S0207" }) as never,
    ],
    [
      "repeats nothing of a lead in what it throws",
      "$number(lead.email)",
      {
        kind: "thrown",
        code: "D3030",
        detail: "Unable to cast value to a number: …, at character 8",
      },
    ],
    [
      "looks into the surroundings",
      '{ "p": $lookup($, "process"), "e": process.env, "c": $string.constructor }',
      { kind: "value", value: {} },
    ],
    ["goes over a large range", '{ "n": $sum([1..200000]) }', { kind: "value", value: { n: 20000100000 } }],
  ])("(it %s)", async (_what, expression, expected) => {
    const evaluated = await ask(evaluator(), expression, lead);
    expect(evaluated).toEqual(expected);
    if (expression === "data" && evaluated.kind === "value")
      expect(writeExactly(evaluated.value)).toBe('{"id":12345678901234567890,"price":1.1,"n":2}');
  });

  it("is checked without being evaluated", async () => {
    const made = evaluator();
    expect(await made.reject('$error("never")')).toBeNull();
    expect(await made.reject("a.b +")).toContain("(S0207)");
  });

  it("gives every number as exactly as it came, and every text, whatever characters are in it", async () => {
    const made = evaluator();
    const digits = fc
      .tuple(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.nat({ max: 30 }))
      .map(([whole, places]) => (places === 0 ? String(whole) : `${whole}.${"1".padStart(places, "0")}`));
    const text = fc.string({
      unit: fc.constantFrom("a", "\ue000", "\ue001", "\ue002", "7", "ß"),
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(digits, { minLength: 1 }), fc.array(text), async (numbers, texts) => {
        const json = `{"numbers":[${numbers.join(",")}],"texts":${JSON.stringify(texts)}}`;
        const evaluated = await ask(made, "$merge([$, {}])", parseWithExactNumbers(json));
        const value = evaluated.kind === "value" ? (evaluated.value as Record<string, unknown[]>) : {};
        expect(value["numbers"]?.map((each) => plain(writeExactly(each)))).toEqual(numbers.map(plain));
        expect(value["texts"]).toEqual(texts);
      }),
      { numRuns: 60 },
    );
  });

  it("has the digits of such a number in longer texts and in names", async () => {
    const document = parseWithExactNumbers('{"id":9007199254740993}');
    expect(await ask(evaluator(), '{ $string(id): "Nr. " & id & "!" }', document)).toEqual({
      kind: "value",
      value: { "9007199254740993": "Nr. 9007199254740993!" },
    });
  });
});

/** `1.10` is 1.1: of a number that JavaScript can hold, its value counts. */
/** Another way of writing the same number is as good: `1.10` and `1.1`, 0.0000001 and `1e-7`. */
function plain(number: string): string {
  const [digits = "", exponent = "0"] = number.toLowerCase().split("e");
  const [, sign = "", whole = "", decimals = ""] = /^(-?)(\d+)\.?(\d*)$/.exec(digits) ?? [];
  const places = decimals.length - Number(exponent);
  const value = BigInt(whole + decimals + "0".repeat(Math.max(-places, 0)));
  if (value === 0n) return "0";
  const written = String(value).padStart(Math.max(places, 0) + 1, "0");
  const point = written.length - Math.max(places, 0);
  return `${sign}${written.slice(0, point)}.${written.slice(point).replace(/0+$/, "")}`;
}

/** Answers by what the expression names. */
const own = `
let waiting = "", isReady = false;
const answer = (json) => process.stdout.write(JSON.stringify({ kind: "value", json: JSON.stringify(json) }) + "\\n");
const tried = (act) => { try { act(); return "done"; } catch (error) { return error.code ?? error.message; } };
const acts = {
  pid: () => answer({ pid: process.pid }),
  sleep: () => { for (;;); },
  hang: () => undefined,
  allocate: () => { const all = []; for (;;) all.push(Array.from({ length: 10_000 }, (_, place) => ({ place }))); },
  crash: () => process.exit(7),
  large: () => answer({ text: "x".repeat(400_000) }),
  flood: () => process.stdout.write("x".repeat(4_000_000)),
  noise: () => process.stdout.write("no JSON\\n"),
  environment: () => answer({ environment: { ...process.env } }),
  reach: () => answer({
    file: tried(() => require("node:fs").readFileSync("/etc/hostname")),
    folder: tried(() => require("node:fs").readdirSync("/")),
    write: tried(() => require("node:fs").writeFileSync("/tmp/left-behind", "x")),
    process: tried(() => require("node:child_process").spawnSync("true")),
    thread: tried(() => new (require("node:worker_threads").Worker)("1", { eval: true })),
    code: tried(() => new Function("return 1")),
  }),
};
process.stdin.setEncoding("utf8").on("data", (more) => {
  waiting += more;
  for (let end = waiting.indexOf("\\n"); end >= 0; end = waiting.indexOf("\\n")) {
    const said = JSON.parse(waiting.slice(0, end));
    waiting = waiting.slice(end + 1);
    if (isReady) acts[said.expression]();
    else { isReady = true; process.stdout.write('{"kind":"ready"}\\n'); }
  }
});`;

async function pidOf(made: Evaluator, destination = "crm"): Promise<number> {
  const evaluated = await ask(made, "pid", {}, destination);
  if (evaluated.kind !== "value") throw new Error(evaluated.kind);
  return (evaluated.value as { pid: number }).pid;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("The process of an expression", () => {
  it.each<[string, string, Partial<EvaluatorLimits>, Evaluated]>([
    ["takes too long", "sleep", { requestMs: 300 }, { kind: "stopped", why: "deadline" }],
    ["never answers", "hang", { requestMs: 300 }, { kind: "stopped", why: "deadline" }],
    ["takes too much memory", "allocate", { heapMb: 24 }, { kind: "stopped", why: "memory" }],
    ["gives too much", "large", {}, { kind: "stopped", why: "output" }],
    ["floods", "flood", {}, { kind: "stopped", why: "output" }],
    ["answers with what is no answer", "noise", {}, { kind: "stopped", why: "crash" }],
    ["ends each time", "crash", {}, { kind: "stopped", why: "crash" }],
  ])("is killed when it %s, and the next lead has a fresh one", async (_what, act, limits, expected) => {
    const made = evaluator(limits, own);
    const before = await pidOf(made);
    expect(await ask(made, act)).toEqual(expected);
    const after = await pidOf(made);
    expect(after).not.toBe(before);
    await until("the killed process to be gone", () => Promise.resolve(!isAlive(before)));
    expect(made.pids).toEqual([after]);
  });

  it("has no environment, no files, no processes, no threads, and turns no text into code", async () => {
    const made = evaluator({}, own);
    expect(await ask(made, "environment")).toEqual({ kind: "value", value: { environment: {} } });
    const denied = "ERR_ACCESS_DENIED";
    expect(await ask(made, "reach")).toEqual({
      kind: "value",
      value: {
        file: denied,
        folder: denied,
        write: denied,
        process: denied,
        thread: denied,
        code: "Code generation from strings disallowed for this context",
      },
    });
  });

  it("is replaced after so many leads", async () => {
    const made = evaluator({ requestsPerProcessMax: 2 }, own);
    const pids = [await pidOf(made), await pidOf(made), await pidOf(made)];
    expect(pids[1]).toBe(pids[0]);
    expect(pids[2]).not.toBe(pids[0]);
  });

  it("is there only while there is something to evaluate, and a while longer", async () => {
    const made = evaluator({ idleMs: 50 }, own);
    expect(made.pids).toEqual([]);
    const pid = await pidOf(made);
    await until("the idle process to be gone", () => Promise.resolve(!isAlive(pid)));
    expect(made.pids).toEqual([]);
  });

  it("that somebody else ended is replaced without a lead noticing", async () => {
    const made = evaluator({}, own);
    const pid = await pidOf(made);
    process.kill(pid, "SIGKILL");
    expect(await pidOf(made)).not.toBe(pid);
  });

  it("of one destination keeps no other waiting", async () => {
    const made = evaluator({ requestMs: 3_000 }, own);
    await pidOf(made, "other");
    let isSlowDone = false;
    const slow = Promise.all([ask(made, "hang"), ask(made, "hang")]).then(() => (isSlowDone = true));
    for (let count = 0; count < 20; count += 1) await pidOf(made, "other");
    expect(isSlowDone).toBe(false);
    expect(made.pids).toHaveLength(2);
    await made.close();
    await slow;
  });

  it("answers many leads of many destinations, each with its own", async () => {
    const made = evaluator();
    const asked = Array.from({ length: 200 }, (_, place) => place);
    const values = await Promise.all(
      asked.map((place) => ask(made, '{ "is": place * 2 }', { place }, `crm-${place % 7}`)),
    );
    expect(values).toEqual(asked.map((place) => ({ kind: "value", value: { is: place * 2 } })));
    expect(made.pids.length).toBeLessThanOrEqual(evaluatorLimits.processesMax);
  });

  it("is gone when the node stops, and what waited is given back", async () => {
    const made = evaluator({}, own);
    const pid = await pidOf(made);
    const waiting = [ask(made, "hang"), ask(made, "pid")];
    await pause(0);
    await made.close();
    expect(await Promise.all(waiting)).toEqual([{ kind: "closed" }, { kind: "closed" }]);
    expect(isAlive(pid)).toBe(false);
    expect(await ask(made, "pid")).toEqual({ kind: "closed" });
  });

  it.each(["await made.close();", ""])("keeps no command from ending (%s)", async (ending) => {
    const compiled = await compileSource("expressions/evaluator");
    const script = await addScript(
      compiled,
      `ends-${ending === "" ? "open" : "closed"}.mjs`,
      `import { createEvaluator } from "./expressions/evaluator.js";
       const made = createEvaluator();
       const { kind } = await made.evaluate({ destination: "crm", expression: "{}", document: {} });
       ${ending}
       console.log(kind);`,
    );
    const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 60_000 });
    expect(stdout).toBe("value\n");
  });

  it("that cannot be started is said to be, and the lead is not at fault", async () => {
    const made = evaluator({}, "process.exit(3)");
    expect(await ask(made, "pid")).toMatchObject({ kind: "unavailable" });
  });

  it("gets no lead beyond 256 kB", async () => {
    const made = evaluator({}, own);
    expect(await ask(made, "pid", { text: "x".repeat(256_001) })).toEqual({ kind: "too_large" });
    expect(made.pids).toEqual([]);
  });
});
