import { buildScanConfig } from '@n8n/scan-community-package/scanner/scanner.mjs';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const SHIPPED = ['nodes/**/*.ts', 'credentials/**/*.ts'];
const TESTS = ['test/**/*.ts'];

// n8n's own gate, on what it looks at. `npm run lint:gate` runs the same rules with inline disables off.
const gate = (await buildScanConfig()).map((config) => ({
	...config,
	...(config.files ? {} : { files: [...SHIPPED, 'nodes/**/*.json', 'package.json'] }),
	ignores: [...(config.ignores ?? []), 'test/**'],
}));

export default defineConfig(
	globalIgnores(['dist/', 'coverage/', '.n8n-app/', 'test/n8n/app/', '.stryker/']),
	{ linterOptions: { noInlineConfig: true } },
	...gate,
	{
		files: [...SHIPPED, ...TESTS],
		extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
		languageOptions: {
			parserOptions: { project: 'test/tsconfig.json', tsconfigRootDir: import.meta.dirname },
		},
		rules: {
			'@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
		},
	},
);
