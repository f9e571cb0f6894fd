// What may be wrong in the scripts without a type being wrong. Every rule of eslint's own set is on;
// what is switched off says why.
import js from "@eslint/js";
import globals from "globals";

const ours = {
  "no-unused-vars": ["error", { caughtErrors: "none", ignoreRestSiblings: true }],
  eqeqeq: "error",
  "no-var": "error",
  "prefer-const": "error",
  "no-implicit-globals": "error",
  "no-shadow": ["error", { builtinGlobals: false, hoist: "functions" }],
  "no-eval": "error",
  "no-implied-eval": "error",
  "no-new-func": "error",
  "no-script-url": "error",
  "no-promise-executor-return": "off", // `(resolve) => setTimeout(resolve, ms)` is read at once
  "no-self-compare": "error",
  "no-template-curly-in-string": "error",
  "no-unmodified-loop-condition": "off", // what a loop awaits changes it
  "no-unreachable-loop": "error",
  "no-control-regex": "off", // masking looks for them on purpose
  "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
  "array-callback-return": "error",
  "consistent-return": "off", // `return close();` ends a handler early; the types check the rest
  "default-case-last": "error",
  "no-else-return": "off", // branches of equal rank read better side by side
  "no-throw-literal": "error",
  "object-shorthand": "error",
  "prefer-template": "off", // a text with one part added reads as well with +
  yoda: "error",
};

export default [
  { ignores: [".venv*/", "var/", "node_modules/", "web/**/templates/", "**/*.d.ts"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  { files: ["**/*.js", "**/*.mjs"], rules: ours },
  { files: ["web/**/static/*.js"], languageOptions: { sourceType: "module", globals: globals.browser } },
  {
    // Written into the page as it stands, for the oldest web views: no module, no let, no arrows.
    files: ["web/widget/static/app.js"],
    languageOptions: { sourceType: "script", ecmaVersion: 2020 },
    rules: { "no-var": "off", "object-shorthand": "off" },
  },
  { files: ["web/widget/static/letter.js"], languageOptions: { sourceType: "script" } },
  { files: ["tests/**/*.mjs", "*.config.js"], languageOptions: { globals: globals.node } },
];
