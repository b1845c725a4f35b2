import { createSignal } from '../../../../../nodes/shared/async/abortSignal';
import { Waiter } from '../../../../../nodes/shared/run/wait/waiter';

/** Longer than a test may take. */
const LONG_MS = 3_600_000;

it('does not sleep while there is an update', async () => {
	const waiter = new Waiter('run', true);
	waiter.update = { id: 'run' };
	expect(await waiter.next(LONG_MS, createSignal())).toBe(true);
	expect(waiter.takeUpdate()).toEqual({ id: 'run' });
	expect(waiter.takeUpdate()).toBeUndefined();
	expect(await waiter.next(0, createSignal())).toBe(false);
});

it('ends its sleep when it is woken, or when its result is no longer needed', async () => {
	const waiter = new Waiter('run', true);
	const woken = waiter.next(LONG_MS, createSignal());
	waiter.wake();
	expect(await woken).toBe(true);
	const over = createSignal();
	const ended = waiter.next(LONG_MS, over);
	over.abort();
	expect(await ended).toBe(false);
});
