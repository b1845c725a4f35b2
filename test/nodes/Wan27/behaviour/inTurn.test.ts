import type { Found } from '../../../../nodes/Wan27/behaviour/callbackProgress';
import { inTurn, type Turns } from '../../../../nodes/Wan27/behaviour/inTurn';

describe('inTurn', () => {
	/** Looks whose end each test decides. */
	function looks() {
		const ends: ((found: Found) => void)[] = [];
		const look = async () =>
			await new Promise<Found>((resolve) => {
				ends.push(resolve);
			});
		return { ends, look };
	}
	const turn = async () => {
		await new Promise(setImmediate);
	};

	it('has those that come during a look share the next one, which begins when that has ended', async () => {
		const turns: Turns<Found> = {};
		const { ends, look } = looks();
		const first = inTurn(turns, look);
		await turn();
		const others = [inTurn(turns, look), inTurn(turns, look)];
		await turn();
		expect(ends).toHaveLength(1);
		ends[0]?.('unfinished');
		expect(await first).toBe('unfinished');
		await turn();
		expect(ends).toHaveLength(2);
		const late = inTurn(turns, look);
		ends[1]?.('all ended');
		expect(await Promise.all(others)).toEqual(['all ended', 'all ended']);
		await turn();
		ends[2]?.('unclear');
		expect(await late).toBe('unclear');
		expect(ends).toHaveLength(3);
	});

	it('goes on after a look that fails', async () => {
		const turns: Turns<Found> = {};
		const failing = inTurn(turns, async () => await Promise.reject(new Error('no')));
		await expect(failing).rejects.toThrow('no');
		expect(await inTurn(turns, async () => await Promise.resolve('all ended'))).toBe('all ended');
	});
});
