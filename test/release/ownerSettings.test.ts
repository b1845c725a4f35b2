import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { repositoryFiles, ROOT } from '../repositoryFiles';
import { OWNER_SETTINGS, PLACEHOLDER } from './ownerSettings';

/** Where placeholders are spoken of, not used. */
const SPEAKS_OF_THEM = /^(docs\/releasing\.md|test\/release\/)/;

const files = repositoryFiles()
	.filter((file) => /\.(ts|js|json|md|ya?ml|mjs)$|LICENSE|CODEOWNERS/.test(file))
	.filter((file) => !SPEAKS_OF_THEM.test(file));

describe('what only the owner can set', () => {
	it('is searched for in all files', () => {
		expect(files).toEqual(
			expect.arrayContaining(['package.json', 'LICENSE', '.github/workflows/publish.yml']),
		);
	});

	it('is a placeholder only where the list says so', () => {
		const found = files.flatMap((file) =>
			readFileSync(join(ROOT, file), 'utf8')
				.split('\n')
				.filter((line) => PLACEHOLDER.test(line))
				.map((line) => ({ file, line })),
		);
		const listed = (file: string, line: string) =>
			OWNER_SETTINGS.some((setting) => setting.file === file && line.includes(setting.placeholder));
		expect(found.filter(({ file, line }) => !listed(file, line))).toEqual([]);
	});

	it('is in the list of docs/releasing.md, with its file and its placeholder', () => {
		const rows = readFileSync(join(ROOT, 'docs/releasing.md'), 'utf8')
			.split('\n')
			.filter((line) => line.startsWith('| '));
		for (const { name, file, placeholder } of OWNER_SETTINGS) {
			const row = rows.find((line) => line.includes(`**${name}**`));
			expect(row).toContain(`\`${file}\``);
			expect(row).toContain(`\`${placeholder}\``);
		}
	});

	it('is recognized by its form', () => {
		for (const { placeholder } of OWNER_SETTINGS) expect(placeholder).toMatch(PLACEHOLDER);
	});
});
