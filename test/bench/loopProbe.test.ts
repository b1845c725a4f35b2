import { REPOSITORY } from '../n8n/folders';
import { longestOwn, watchLoop } from './loopProbe';

function spin(ms: number): void {
	const until = performance.now() + ms;
	while (performance.now() < until);
}

const frame = (url: string) => ({
	functionName: 'f',
	scriptId: '1',
	url,
	lineNumber: 0,
	columnNumber: 0,
});

/** The root, code of ours, n8n's that ours has called, and n8n's alone; a sample each 10 ms. */
const PROFILE = {
	nodes: [
		{ id: 1, callFrame: frame(''), children: [2, 4] },
		{ id: 2, callFrame: frame(`file://${REPOSITORY}/dist/index.js`), children: [3] },
		{ id: 3, callFrame: frame('file:///n8n-core/dist/b.js') },
		{ id: 4, callFrame: frame('file:///n8n-core/dist/c.js') },
	],
	startTime: 1_000_000,
	endTime: 1_070_000,
	samples: [4, 2, 3, 3, 4, 2, 4],
	timeDeltas: [10_000, 10_000, 10_000, 10_000, 10_000, 10_000, 10_000],
};

describe('longestOwn', () => {
	it('adds up what ran in a block with a function of ours on the stack', () => {
		expect(longestOwn(PROFILE, [{ from: 1005, to: 1045 }])).toBe(30);
	});

	it('takes the longest of several blocks, each by itself', () => {
		const blocks = [
			{ from: 1005, to: 1025 },
			{ from: 1035, to: 1065 },
		];
		expect(longestOwn(PROFILE, blocks)).toBe(20);
	});

	it('is nothing where nothing was blocked', () => {
		expect(longestOwn(PROFILE, [])).toBe(0);
	});
});

describe('watchLoop', () => {
	it('sees a block, and that it is not of our making', async () => {
		const work = async (): Promise<void> => {
			await new Promise((resolve) => setTimeout(resolve, 20));
			spin(120);
			await new Promise((resolve) => setTimeout(resolve, 20));
		};
		const { longest, longestOwn: own } = await watchLoop(work, true);
		expect(longest).toBeGreaterThanOrEqual(110);
		expect(own).toBe(0);
	});
});
