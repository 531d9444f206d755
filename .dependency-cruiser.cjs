// Who may import whom: the code map of ARCHITECTURE.md, read from there, so that it is true. Stages meet in the ledger,
// never by importing each other; a folder that is not in the table may not import anything of ours.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const row = /^\| `src\/([\w-]+)\/` \| .+ \| ([\w, -]+) \|$/gm;
const codeMap = readFileSync(join(__dirname, "ARCHITECTURE.md"), "utf8");
const mayImport = Object.fromEntries(
  [...codeMap.matchAll(row)].map(([, folder, allowed]) => [
    folder,
    allowed === "nothing" ? [] : allowed.split(", "),
  ]),
);
if (mayImport.domain === undefined) throw new Error("The code map of ARCHITECTURE.md is not to be read.");

/** What the browser runs of the program, too: tables and pure functions. */
const pure =
  "^src/domain/(log/.+|attention/state-words|figures/sla-kinds|sla/sla-words|destinations/(held|receipt-words|remote-field|target-map)|leads/(distribution|map-rules|test-person|vocabulary)|sources/source-label|values/(call-address|exact-json|folded-letters|json-pointer))\\.ts$";

/** The command line starts the whole program, and knows the contract of the API; a node serves it. */
const alsoKnown = { cli: "|^src/(app|api)\\.ts$|^src/http/api/", node: "|^src/api\\.ts$" };

const folderRules = Object.entries(mayImport).map(([folder, allowed]) => ({
  name: `${folder}-imports-only-${allowed.join("-") || "itself"}`,
  severity: "error",
  from: { path: `^src/${folder}/` },
  to: {
    path: "^src/",
    pathNot: `^src/(${[folder, ...allowed].join("|")})/${alsoKnown[folder] ?? ""}`,
  },
}));

module.exports = {
  forbidden: [
    ...folderRules,
    {
      name: "sql-only-in-the-ledger",
      comment:
        "pg is imported in src/ledger and nowhere else; but for destinations in somebody's PostgreSQL, which is no ledger",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(ledger|kinds/destinations/postgres)/" },
      to: { path: "node_modules/(@types/)?(pg|pg-pool)/" },
    },
    {
      name: "dashboard-knows-types-and-words",
      comment:
        "web/ is built for the browser; of the program it takes the types of the API's calls, and nothing that runs but tables and pure functions: what is declared of events, words of states",
      severity: "error",
      from: { path: "^web/" },
      to: { path: "^(src|test|bench)/", pathNot: pure, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "what-the-browser-runs-is-pure",
      severity: "error",
      from: { path: pure },
      to: { pathNot: `${pure}|node_modules/lossless-json/`, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "commands-know-the-contract-of-the-api",
      comment: "of calls their types, of filters their members, from which options are made",
      severity: "error",
      from: { path: "^src/cli/" },
      to: {
        path: "^src/http/",
        pathNot: "^src/http/api/.+-filter\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "program-knows-no-dashboard",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^web/" },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "no-cycles-of-folders", severity: "error", scope: "folder", from: {}, to: { circular: true } },
    {
      name: "every-file-has-a-place",
      comment: "only the two composition roots stand beside the folders of the table above",
      severity: "error",
      from: { path: "^src/", pathNot: `^src/(${Object.keys(mayImport).join("|")})/|^src/(app|api)\\.ts$` },
      to: {},
    },
    {
      name: "commands-load-the-program-when-called",
      comment: "app.ts and api.ts bring everything with them: `--help` must not wait for that",
      severity: "error",
      from: { path: "^src/cli/" },
      to: { path: "^src/(app|api)\\.ts$", dependencyTypesNot: ["dynamic-import", "type-only"] },
    },
    {
      name: "tests-stay-outside",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(test|bench)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".js"], conditionNames: ["import", "node", "default"] },
  },
};
