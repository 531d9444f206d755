// Lint rules: everything typescript-eslint's strict type-checked set finds, above all the promise nobody awaited.
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";
import { kindNames, kindsIn } from "./lint/kind-names.js";

export default tseslint.config(
  {
    ignores: [
      "dist/",
      "examples/",
      "node_modules/",
      "data/",
      "bench/",
      ".dependency-cruiser.cjs",
      "build.js",
      "check.js",
      "dev.js",
      "eslint.config.js",
      "lint/",
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  { files: ["web/**/*.tsx", "web/**/*.ts"], ...reactHooks.configs.flat.recommended },
  {
    files: ["src/**/*.ts", "web/**/*.ts", "web/**/*.tsx"],
    plugins: { leadledger: { rules: { "kind-names": kindNames } } },
    rules: { "leadledger/kind-names": ["error", kindsIn(import.meta.dirname)] },
  },
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      // They cannot fire: the compiler refuses enums (erasableSyntaxOnly).
      "@typescript-eslint/no-unsafe-enum-assignment": "off",
      "@typescript-eslint/no-unsafe-enum-comparison": "off",
      // Ten seconds, for classes that are shapes by chance: ours are errors, which are thrown and not assigned.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      "no-restricted-syntax": [
        "error",
        {
          selector: "ObjectExpression > SpreadElement > ObjectExpression",
          message: "Write the members plainly: spread, TypeScript does not check for excess ones.",
        },
      ],
    },
  },
);
