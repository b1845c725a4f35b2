import { readFileSync } from 'node:fs';
import path from 'node:path';

import { REPOSITORY } from '../n8n/folders';
import { ownBlock } from './profile';

const BUILT = path.join(REPOSITORY, 'dist/index.js');

/** The first source that is named in the built file, and its line there, counted from 0. */
function firstSource(): { line: number; name: string } {
	const lines = readFileSync(BUILT, 'utf8').split('\n');
	const line = lines.findIndex((text) => text.startsWith('// nodes/'));
	return { line, name: lines[line]?.slice(3) ?? '' };
}

const frame = (functionName: string, url: string, lineNumber = 0) => ({
	functionName,
	scriptId: '1',
	url,
	lineNumber,
	columnNumber: 0,
});

const CORE = 'file:///a/node_modules/n8n-core/dist/b.js';

/** The root, code of ours, n8n's that ours has called, and n8n's alone; a sample each 10 ms. */
const PROFILE = {
	nodes: [
		{ id: 1, callFrame: frame('(root)', ''), children: [2, 4] },
		{ id: 2, callFrame: frame('ours', `file://${BUILT}`, firstSource().line + 1), children: [3] },
		{ id: 3, callFrame: frame('theirs', CORE) },
		{ id: 4, callFrame: frame('theirs', CORE) },
	],
	startTime: 1_000_000,
	endTime: 1_070_000,
	samples: [4, 2, 3, 3, 4, 2, 4],
	timeDeltas: [10_000, 10_000, 10_000, 10_000, 10_000, 10_000, 10_000],
};

describe('ownBlock', () => {
	it('adds up what ran in a block with a function of ours on the stack', () => {
		expect(ownBlock(PROFILE, [{ from: 1005, to: 1045 }], 15).own).toBe(30);
	});

	it('takes the longest of several blocks, each separately', () => {
		const blocks = [
			{ from: 1005, to: 1025 },
			{ from: 1035, to: 1065 },
		];
		expect(ownBlock(PROFILE, blocks, 15).own).toBe(20);
	});

	it('is nothing where nothing was blocked', () => {
		expect(ownBlock(PROFILE, [], 15)).toEqual({ own: 0, functions: [] });
	});

	it('names the functions of that block, the most expensive below code of ours first', () => {
		expect(ownBlock(PROFILE, [{ from: 1005, to: 1055 }], 15).functions).toEqual([
			{ name: 'theirs', file: 'n8n-core/dist/b.js', self: 40, own: 20 },
			{ name: 'ours', file: firstSource().name, self: 10, own: 10 },
		]);
	});

	it('names no more than requested', () => {
		const { functions } = ownBlock(PROFILE, [{ from: 1005, to: 1055 }], 1);
		expect(functions.map(({ name }) => name)).toEqual(['theirs']);
	});
});
