import {
	inTurn,
	isResuming,
	progressOf,
	type Found,
} from '../../../../nodes/Wan27/behaviour/callbackProgress';

describe('progressOf', () => {
	it('is the same for a suspension, and another one for each', () => {
		progressOf('a').ended.add('run');
		expect(progressOf('a').ended).toEqual(new Set(['run']));
		expect(progressOf('b').ended).toEqual(new Set());
	});

	it('forgets the oldest of very many', () => {
		progressOf('oldest').ended.add('run');
		for (let index = 0; index < 10_000; index++) progressOf(`suspension ${index}`);
		expect(progressOf('oldest').ended).toEqual(new Set());
	});
});

describe('isResuming', () => {
	const clear = Promise.resolve(true);
	const progress = { ended: new Set<string>(), asking: false };

	it('holds while a callback is at work, a minute after n8n was given the items, and for who came before', () => {
		expect(isResuming(progress, 0)).toBe(false);
		expect(isResuming({ ...progress, resuming: { clear } }, 10 ** 9)).toBe(true);
		const handedOver = { ...progress, resuming: { clear, handedOver: 1000 } };
		expect(isResuming(handedOver, 60_999)).toBe(true);
		expect(isResuming(handedOver, 61_000)).toBe(false);
		expect(isResuming(handedOver, 0)).toBe(true);
	});
});

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
		const progress = { ended: new Set<string>(), asking: false };
		const { ends, look } = looks();
		const first = inTurn(progress, look);
		await turn();
		const others = [inTurn(progress, look), inTurn(progress, look)];
		await turn();
		expect(ends).toHaveLength(1);
		ends[0]?.('unfinished');
		expect(await first).toBe('unfinished');
		await turn();
		expect(ends).toHaveLength(2);
		const late = inTurn(progress, look);
		ends[1]?.('all ended');
		expect(await Promise.all(others)).toEqual(['all ended', 'all ended']);
		await turn();
		ends[2]?.('unclear');
		expect(await late).toBe('unclear');
		expect(ends).toHaveLength(3);
	});

	it('goes on after a look that fails', async () => {
		const progress = { ended: new Set<string>(), asking: false };
		const failing = inTurn(progress, async () => await Promise.reject(new Error('no')));
		const next = inTurn(
			{ ended: new Set<string>(), asking: false },
			async () => await Promise.resolve('all ended'),
		);
		await expect(failing).rejects.toThrow('no');
		expect(await next).toBe('all ended');
		expect(await inTurn(progress, async () => await Promise.resolve('all ended'))).toBe(
			'all ended',
		);
	});
});
