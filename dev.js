// `npm run dev`: a node that is built and started again when src, migrations or sql change, and the dashboard with hot
// reload before it. Whatever the environment says to `serve` (PORT, LEADLEDGER_DATA_DIR, DATABASE_URL …) holds here too.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { watch as watchFolder } from "node:fs";
import { watch } from "rolldown";
import { loadConfig } from "rolldown/config";
import { createServer } from "vite";

process.chdir(import.meta.dirname);
const nodePort = process.env.PORT ?? "8080";
const dashboardPort = Number(process.env.DASHBOARD_PORT ?? 5173);
const nodeUrl = `http://127.0.0.1:${nodePort}`;
/** `npm run dev -- --inspect`: for the node alone, see CONTRIBUTING.md. */
const nodeOptions = process.argv.slice(2);

/** What a node answers itself; everything else is the dashboard's, whose own folder `api` must not be meant. */
const answeredByNode = [
  "/api/v1",
  "/api/docs",
  "/api/openapi.json",
  "/webhook",
  "/health",
  "/livez",
  "/readyz",
  "/metrics",
  "/setup",
];

let node = null;
let starting = Promise.resolve();

/** One after the other: two nodes do not share a data folder. */
function startAgain() {
  starting = starting.then(async () => {
    if (node !== null && node.exitCode === null && node.signalCode === null) {
      const over = once(node, "exit");
      node.kill("SIGTERM");
      await over;
    }
    node = spawn(process.execPath, [...nodeOptions, "--enable-source-maps", "dist/cli/main.js", "serve"], {
      stdio: "inherit",
      env: { ...process.env, PORT: nodePort },
    });
  });
}

const bundling = watch(await loadConfig("rolldown.config.ts"));
bundling.on("event", async (event) => {
  if (event.code === "ERROR") console.error(event.error);
  if (event.code === "BUNDLE_END") {
    await event.result.close();
    startAgain();
  }
});

/** A node reads these when it starts. */
let restart = null;
for (const folder of ["migrations", "sql"]) {
  watchFolder(folder, () => {
    clearTimeout(restart);
    // An editor saves in several steps; without a node the first build is still to come.
    if (node !== null) restart = setTimeout(startAgain, 200);
  });
}

/** The page is at every path of a view, so what it loads is asked for from the root. */
const pageAtRoot = {
  name: "page-at-root",
  transformIndexHtml: (html) => html.replaceAll(/(?<=(?:href|content)=")\.\//g, "/"),
};

const dashboard = await createServer({
  configFile: "web/vite.config.ts",
  base: "/",
  plugins: [pageAtRoot],
  server: {
    host: "127.0.0.1",
    port: dashboardPort,
    strictPort: true,
    proxy: Object.fromEntries(answeredByNode.map((path) => [path, { target: nodeUrl }])),
  },
});
await dashboard.listen();
dashboard.printUrls();

// Vite ends this process at a signal; the node finishes what it accepted.
process.on("exit", () => node?.kill("SIGTERM"));
