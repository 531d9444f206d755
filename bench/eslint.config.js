// The product's rules, for the bench: apart from it, because the bench's own dependencies need not be installed there.
import product from "../eslint.config.js";

export default [
  ...product.filter((rules) => !("ignores" in rules)),
  { ignores: ["dist/", "node_modules/", "results/", "start.mjs", "eslint.config.js"] },
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
];
