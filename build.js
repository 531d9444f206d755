// `npm run build`: dist, as rolldown.config.ts says. rolldown's own command would list its files before every demo.
import { chmodSync } from "node:fs";
import { build } from "rolldown";
import { loadConfig } from "rolldown/config";

process.chdir(import.meta.dirname);
await build(await loadConfig("rolldown.config.ts"));
chmodSync("dist/cli/main.js", 0o755);
