import { sleep } from 'n8n-workflow';

import type { Signal } from './abortSignal';

/** Sleeps for `ms` milliseconds, or until one of the signals aborts. */
export async function pause(ms: number, ...signals: Signal[]): Promise<void> {
	if (signals.some(({ aborted }) => aborted)) return;
	let wake: () => void = () => undefined;
	const ended = new Promise<void>((resolve) => {
		wake = resolve;
	});
	for (const signal of signals) signal.addEventListener('abort', wake, { once: true });
	await Promise.race([sleep(ms), ended]);
	for (const signal of signals) signal.removeEventListener('abort', wake);
}

/** Sleeps for `ms` milliseconds without keeping n8n from shutting down. */
export async function idle(ms: number): Promise<void> {
	await whenAborted(AbortSignal.timeout(Math.ceil(ms)));
}

/** Resolves once the signal is aborted. */
export async function whenAborted(signal: Signal): Promise<void> {
	if (signal.aborted) return;
	await new Promise<void>((resolve) => {
		signal.addEventListener(
			'abort',
			() => {
				resolve();
			},
			{ once: true },
		);
	});
}
