// `npm run check`, which CI runs: what can be said without running the program, all at once, then every test. What one says
// is printed when it has ended, so that the output of two is never mixed. Arguments go to vitest.
import { spawn } from "node:child_process";

const checks = ["check:types", "check:lint", "check:format", "check:imports"];

process.chdir(import.meta.dirname);
const results = await Promise.all(checks.map(checked));
if (results.includes(false)) process.exit(1);
const { code } = await run(["test:all", "--", ...process.argv.slice(2)], "inherit");
process.exit(code);

async function checked(name) {
  const startedMs = performance.now();
  const { code, output } = await run([name], "pipe");
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0);
  console.log(`${code === 0 ? "passed" : "FAILED"}  ${name} (${seconds} s)\n${output}`.trimEnd());
  return code === 0;
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
