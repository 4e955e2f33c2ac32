import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["dist/", "node_modules/"] },
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    rules: {
      complexity: ["error", 10] /* `??` and `?.` count as branches here */,
      "max-lines": ["error", 300],
      "no-console": "error",
      eqeqeq: "error",
      // State is replaced as a whole ($state.raw) and never changed in place.
      "svelte/prefer-svelte-reactivity": "off",
      // Hash routes of one page: there is no router whose resolve() could be called.
      "svelte/no-navigation-without-resolve": "off",
    },
  },
);
