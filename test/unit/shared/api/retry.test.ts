import { tryAgain } from '../../../../nodes/shared/api/retry';

/** An attempt that counts, and gives back its number. */
function counting() {
	let attempts = 0;
	return { attempt: () => Promise.resolve(++attempts), count: () => attempts };
}

it('stops after a good result', async () => {
	const { attempt, count } = counting();
	expect(await tryAgain(attempt, () => undefined, undefined)).toBe(1);
	expect(count()).toBe(1);
});

it('tries three times at the most, after 250 and 750 ms', async () => {
	const { attempt } = counting();
	const startedAt = Date.now();
	expect(await tryAgain(attempt, () => 0, undefined)).toBe(3);
	expect(Date.now() - startedAt).toBeGreaterThanOrEqual(990);
});

it('waits longer where the answer says so', async () => {
	const { attempt } = counting();
	const startedAt = Date.now();
	await tryAgain(attempt, (result) => (result === 1 ? 600 : undefined), undefined);
	expect(Date.now() - startedAt).toBeGreaterThanOrEqual(590);
});

it('stops once the wait is cancelled', async () => {
	const { attempt, count } = counting();
	await tryAgain(attempt, () => 0, AbortSignal.abort());
	expect(count()).toBe(1);
});
