// Builds the program into a few files: finding and linking the thousand modules of src and its libraries takes a process
// longer than all that it does at start. Types are checked elsewhere (`npm run check:types`).
import type { RolldownOptions } from "rolldown";

/** Modules of src that somebody starts or imports by name. */
const entries = [
  ...["cli/main", "cli/serving-thread"],
  // bench/machine/built-product.ts
  ...["ledger/accept-leads", "ledger/database", "ledger/kpi-daily", "ledger/migrate"],
  "runtime/embedded-postgres",
];

export default {
  input: Object.fromEntries(entries.map((entry) => [entry, `src/${entry}.ts`])),
  platform: "node",
  // Native, or they read files beside their own.
  external: [/^@node-rs\/argon2/, /^@fastify\/swagger/, /^node-pg-migrate/, "pg-native"],
  output: {
    dir: "dist",
    cleanDir: true,
    // As deep as in src: what looks for ../../migrations or ../../package.json finds it from every file.
    entryFileNames: "[name].js",
    chunkFileNames: "parts/[name].js",
    sourcemap: true,
  },
} satisfies RolldownOptions;
