// The dashboard's build: everything in dist/web, so that the program serves it without asking anybody else for anything.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import type { Plugin } from "vite";

const outDir = join(import.meta.dirname, "../dist/web");

export default defineConfig({
  root: import.meta.dirname,
  // Files find each other by where they are: below a path that a proxy has put before it, too.
  base: "./",
  plugins: [react(), compressed()],
  build: {
    outDir,
    emptyOutDir: true,
    // Without this, small files would become data: URLs, which the content security policy refuses.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // The limit that counts is that of what is sent, compressed; a browser test measures it.
    chunkSizeWarningLimit: 1_000,
    target: ["chrome111", "edge111", "firefox115", "safari16.4"],
  },
});

/** Beside each asset the same one compressed: done once here instead of for every answer. */
function compressed(): Plugin {
  return {
    name: "compressed-assets",
    closeBundle() {
      const assets = join(outDir, "assets");
      for (const name of readdirSync(assets)) {
        const path = join(assets, name);
        if (/\.(?:js|css)$/.test(name)) writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path)));
      }
    },
  };
}
