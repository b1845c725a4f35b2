import { watchLoop } from './loopProbe';

function spin(ms: number): void {
	const until = performance.now() + ms;
	while (performance.now() < until);
}

describe('watchLoop', () => {
	it('sees a block, and that it is not of our making', async () => {
		const work = async (): Promise<void> => {
			await new Promise((resolve) => setTimeout(resolve, 20));
			spin(120);
			await new Promise((resolve) => setTimeout(resolve, 20));
		};
		const { longest, own } = await watchLoop(work, true);
		expect(longest).toBeGreaterThanOrEqual(110);
		expect(own).toEqual({ own: 0, functions: [] });
	});
});
