import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import codex from '../../nodes/Wan27/Wan27.node.json';
import { ENTRIES } from '../attack/property-based/entry';
import { ROOT } from '../repositoryFiles';
import { MODELS as SANDBOX_MODELS } from '../sandbox/models';
import { modelOf } from './models';

function says(file: string, words: string): boolean {
	return readFileSync(join(ROOT, file), 'utf8').includes(words);
}

/** What an operation still lacks outside its own file. @see docs/adding-a-model.md */
export function missingOf(name: string, value: string): string[] {
	const [, id = ''] = /^\/v1\/models\/(.+)\/runs$/.exec(modelOf(value).endpoint) ?? [];
	const fieldTable = `test/engine-tests/validation/${value}.test.ts`;
	const needed: [boolean, string][] = [
		[
			says('docs/runflow-api.md', `| \`${id}\` `),
			`the price of ${id} in docs/runflow-api.md, "Models"`,
		],
		[
			says('docs/runflow-api.md', `\n### ${name}: input\n`),
			`the table of the model's page in docs/runflow-api.md, "${name}: input"`,
		],
		[
			SANDBOX_MODELS.some((model) => model.id === id),
			'a file in test/sandbox/models and its line in index.ts',
		],
		[existsSync(join(ROOT, fieldTable)), `the field table as a test, ${fieldTable}`],
		[value in ENTRIES, 'entries in ENTRIES of test/attack/property-based/entry.ts'],
		[
			codex.resources.primaryDocumentation.some(({ url }) => url.endsWith(`/models/${id}`)),
			"the model's page in primaryDocumentation of nodes/Wan27/Wan27.node.json",
		],
		[says('README.md', name), 'its name in README.md'],
		[says('CHANGELOG.md', name), 'its name in CHANGELOG.md'],
	];
	return needed.filter(([isThere]) => !isThere).map(([, what]) => what);
}
