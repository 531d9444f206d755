// Builds the program into a few files: finding and linking the thousand modules of src and its libraries takes a process
// longer than all that it does at start. Types are checked elsewhere (`npm run check:types`).
import type { Plugin, RolldownOptions } from "rolldown";

/** Modules of src that somebody starts or imports by name. */
const entries = [
  ...["cli/main", "cli/serving-thread"],
  // bench/machine/built-product.ts
  ...[
    "ledger/intake/accept-leads",
    "ledger/connection/database",
    "ledger/figures/kpi-daily",
    "ledger/migrate",
  ],
  "runtime/embedded-postgres",
];

/**
 * V8 keeps the text of a file in memory, with two bytes a character as soon as one of them is beyond Latin-1. A few
 * dashes and quotation marks would cost 5 MB. (In the source map, what follows them on their line is off by some columns.)
 */
const oneByteTexts: Plugin = {
  name: "one-byte-texts",
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== "chunk") continue;
      if (/raw`[^`]*[^\0-\xff][^`]*`|\\[^\0-\xff]/.test(file.code))
        throw new Error(
          `${file.fileName}: keep to Latin-1 in String.raw and after \\, an escape means itself there`,
        );
      file.code = file.code.replaceAll(
        /[^\0-\xff]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
      );
    }
  },
};

export default {
  input: Object.fromEntries(entries.map((entry) => [entry, `src/${entry}.ts`])),
  platform: "node",
  plugins: [oneByteTexts],
  // Native, or they read files beside their own.
  external: [/^@node-rs\/argon2/, /^@fastify\/swagger/, "pg-native"],
  output: {
    dir: "dist",
    cleanDir: true,
    // As deep as in src: what looks for ../../migrations or ../../package.json finds it from every file.
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name].js",
    sourcemap: true,
  },
} satisfies RolldownOptions;
