import {
	claimRun,
	countInDoubt,
	countInFlight,
	isClaimed,
	whileInDoubt,
	whileInFlight,
} from '../../../../nodes/Wan27/behaviour/claims';

it('knows ten thousand runs, and forgets the oldest first', () => {
	claimRun('first');
	claimRun('second');
	for (let index = 0; index < 9_998; index++) claimRun(`run ${index}`);
	expect([isClaimed('first'), isClaimed('second')]).toEqual([true, true]);
	claimRun('one more');
	expect([isClaimed('first'), isClaimed('second')]).toEqual([false, true]);
	expect([isClaimed('one more'), isClaimed('nobody’s')]).toEqual([true, false]);
});

describe.each([
	['without an answer', whileInFlight, countInFlight, countInDoubt],
	['with an unclear answer', whileInDoubt, countInDoubt, countInFlight],
] as const)('requests %s', (_what, during, count, other) => {
	it('are counted by their body until each has ended, however it ends', async () => {
		const ends: (() => void)[] = [];
		const send = async () =>
			await new Promise<string>((resolve) => {
				ends.push(() => {
					resolve('answer');
				});
			});
		const [one, two] = [during('body', send), during('body', send)];
		const third = during('another', async () => await Promise.reject(new Error('lost')));
		expect(['body', 'another', 'none'].map(count)).toEqual([2, 1, 0]);
		expect(other('body')).toBe(0);
		await expect(third).rejects.toThrow('lost');
		expect(count('another')).toBe(0);
		ends[0]?.();
		expect(await one).toBe('answer');
		expect(count('body')).toBe(1);
		ends[1]?.();
		await two;
		expect(count('body')).toBe(0);
	});
});
