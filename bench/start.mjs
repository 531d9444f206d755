// `npm run bench`: builds the product, installs what the bench needs where it is missing, compiles the bench, runs it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const bench = fileURLToPath(new URL(".", import.meta.url));
const product = fileURLToPath(new URL("..", import.meta.url));
const wanted = process.argv.slice(2);
/** For work on the bench itself: takes what is compiled already. */
const skipBuild = "--no-build";

const npm = process.platform === "win32" ? "npm.cmd" : "npm";

if (!existsSync(`${bench}/node_modules/pg-boss`)) {
  console.error("Installing what the bench compares with …");
  run(npm, ["ci", "--ignore-scripts"], bench);
}
if (!wanted.includes(skipBuild)) {
  console.error("Building …");
  run(npm, ["run", "--silent", "build"], product);
  const compiler = `${product}/node_modules/typescript/bin/tsc`;
  run(process.execPath, [compiler, "-p", "tsconfig.json"], bench);
}
const args = wanted.filter((argument) => argument !== skipBuild);
run(process.execPath, ["--enable-source-maps", `${bench}/dist/bench/main.js`, ...args], process.cwd());

function run(command, args, cwd) {
  // Ctrl-C reaches the child too, which tidies up; this process waits for it.
  process.on("SIGINT", () => undefined);
  const { status, error } = spawnSync(command, args, { cwd, stdio: "inherit" });
  process.removeAllListeners("SIGINT");
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
