import vitest from '@vitest/eslint-plugin';
import compat from 'eslint-plugin-compat';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** The clock module is the only place that reads the time; the browser's own code has no server clock. */
const noClock = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Ask app/kernel/clock for the time.' },
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: 'Ask app/kernel/clock for the time.' },
];

export default tseslint.config(
  { ignores: ['build/', '.tmp/', 'data/', 'node_modules/', '.dependency-cruiser.cjs'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['*.js', '.dependency-cruiser.cjs'] }, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/only-throw-error': 'off', // Remix: responses are thrown.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      // An interface may ask for a promise that this implementation has no need to wait for.
      '@typescript-eslint/require-await': 'off',
      // Our interfaces are plain objects of functions; none of them uses `this`.
      '@typescript-eslint/unbound-method': 'off',
      // Chinese text is split by code points, which is right for it.
      '@typescript-eslint/no-misused-spread': 'off',
      // `json` stays until single fetch, which the oldest browsers cannot read (docs/decisions/006).
      '@typescript-eslint/no-deprecated': ['error', { allow: [{ from: 'package', name: ['json', 'SerializeFrom'], package: '@remix-run/node' }, { from: 'package', name: ['json', 'SerializeFrom'], package: '@remix-run/server-runtime' }] }],
      // A third of the time of all rules; there is no enum here, and what classes there are keep their fields private.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  { files: ['app/**/*.{ts,tsx}', 'jobs/**/*.ts'], ignores: ['app/kernel/clock.ts', 'app/ui/**'], rules: { 'no-restricted-syntax': ['error', ...noClock] } },
  // Tables, not code: one line for each statement, wording or error.
  { files: ['app/db/migrations/*.ts', 'app/text/*.ts', 'app/kernel/errors.ts', 'test/support/access-table.ts'], rules: { 'max-lines': 'off' } },
  // What one promise needs in tests stays together, with its set-up.
  { files: ['test/**/*.test.ts'], rules: { 'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }] } },
  // What runs in the browser must run in the oldest one (`browserslist` in package.json, docs/browsers.md).
  { files: ['app/ui/**/*.{ts,tsx}', 'app/text/**/*.{ts,tsx}', 'app/root.tsx', 'app/entry.client.tsx', 'app/routes/**/*.tsx', 'app/kernel/own.ts'], ignores: ['**/*.server.ts'], ...compat.configs['flat/recommended'] },
  { files: ['app/**/*.tsx'], ...jsxA11y.flatConfigs.strict },
  { files: ['app/**/*.tsx'], plugins: { 'react-hooks': reactHooks }, rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' } },
  { files: ['test/**/*.{ts,tsx}'], plugins: { vitest }, rules: { 'vitest/valid-expect': 'error', 'vitest/no-focused-tests': 'error', 'vitest/no-identical-title': 'error', 'vitest/expect-expect': ['error', { assertFunctionNames: ['expect*', 'fc.assert', '**.expect*', 'until', 'agree*', 'check*'] }], '@typescript-eslint/no-unsafe-assignment': 'off' } },
  { files: ['**/*.{js,mjs,cjs}'], ...tseslint.configs.disableTypeChecked },
);
