// `npm run check`, which CI runs: every test, and beside them what can be said without running the program, two of it at a
// time: tests wait more than they work, and the linter uses one processor only. What one of these says is printed when it has
// ended, so that the output of two is never mixed, and what failed again at the end. Arguments go to vitest.
import { spawn } from "node:child_process";

process.chdir(import.meta.dirname);
const tests = run(["test:all", "--", ...process.argv.slice(2)], "inherit");
const chains = [["check:lint"], ["check:types", "check:imports", "check:format"]];
const results = (await Promise.all(chains.map(inTurn))).flat();
const { code } = await tests;
const failed = results.filter((result) => result.code !== 0);
for (const { text } of failed) console.log(text);
process.exit(failed.length > 0 ? 1 : code);

async function inTurn(names) {
  const results = [];
  for (const name of names) results.push(await checked(name));
  return results;
}

async function checked(name) {
  const startedMs = performance.now();
  const { code, output } = await run([name], "pipe");
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0);
  const text = `${code === 0 ? "passed" : "FAILED"}  ${name} (${seconds} s)\n${output}`.trimEnd();
  console.log(text);
  return { code, text };
}

/** An npm script; its output is empty when it goes straight to the terminal. */
function run(args, stdio) {
  const child = spawn("npm", ["run", "--silent", ...args], {
    stdio: ["ignore", stdio, stdio],
    shell: process.platform === "win32",
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text) => (output += text));
  return new Promise((resolve) => {
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
