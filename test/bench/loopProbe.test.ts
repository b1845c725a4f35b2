import { watchLoop } from './loopProbe';

function spin(ms: number): void {
	const until = performance.now() + ms;
	while (performance.now() < until);
}

/** Blocks at once, as a node does that reads the parameters of all its items. */
async function blockFor120(): Promise<void> {
	spin(120);
	await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('watchLoop', () => {
	it('sees a block, and that it is not of our making', async () => {
		const { longest, own } = await watchLoop(blockFor120, true);
		expect(longest).toBeGreaterThanOrEqual(110);
		expect(own).toEqual({ own: 0, functions: [] });
	});

	it('sees a block without a profile, and does not say whose it is', async () => {
		const { longest, own } = await watchLoop(blockFor120, false);
		expect(longest).toBeGreaterThanOrEqual(110);
		expect(own).toBeUndefined();
	});
});
