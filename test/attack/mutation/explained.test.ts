import { readFileSync } from 'node:fs';
import path from 'node:path';

import { REPOSITORY } from '../../n8n/folders';
import { keyOf } from './mutant';
import { readExplained } from './score';

const explained = readExplained();

it('refers to existing code', () => {
	const missing = explained.filter(({ file, line, original }) => {
		const text = readFileSync(path.join(REPOSITORY, file), 'utf8');
		const lines = text.split('\n').map((one) => one.trim());
		return !lines.includes(line) || !text.includes(original);
	});
	expect(missing).toEqual([]);
});

it('explains each change once', () => {
	expect(explained.filter(({ why }) => why === '')).toEqual([]);
	expect(new Set(explained.map(keyOf)).size).toBe(explained.length);
});
