import { pause, whenAborted } from '../../../../nodes/shared/async/pause';
import { createSignal } from '../../../../nodes/shared/async/abortSignal';

// The clock is stopped: a pause ends by its signal or not at all.
beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('notifies all listeners, once', () => {
	const over = createSignal();
	const notified: string[] = [];
	over.addEventListener('abort', () => notified.push('one'));
	over.addEventListener('abort', () => notified.push('another'));
	expect(over.aborted).toBe(false);
	over.abort();
	over.abort();
	expect(over.aborted).toBe(true);
	expect(notified).toEqual(['one', 'another']);
});

it('does not notify removed listeners', () => {
	const over = createSignal();
	const listener = jest.fn();
	over.addEventListener('abort', listener);
	over.removeEventListener('abort', listener);
	over.abort();
	expect(listener).not.toHaveBeenCalled();
});

it('ends a pause, and what waits for it', async () => {
	const over = createSignal();
	const ended = Promise.all([pause(1, over), whenAborted(over)]);
	over.abort();
	await ended;
	// Who comes later does not wait at all.
	await Promise.all([pause(1, over), whenAborted(over)]);
});
