import { limits } from '../../api/limits';
import { pause } from '../../async/pause';

/** Milliseconds between the attempts; the last one holds for all further ones. */
const PAUSES = [250, 750, 2000, 4000, 8000, 15_000];
/** The pauses after which a fault is taken to last that is none of the connection or of a server's load. */
const FEW = 2;

/** Whether another attempt may succeed. */
export interface Again {
	/** Whether to try for a minute, since the fault is one that passes; otherwise three attempts are made. */
	isPassing: boolean;
	/** How long the server asks to wait, in milliseconds. */
	retryAfter: number | undefined;
}

/**
 * Makes further attempts at something that is paid for: for a minute (`limits.patience`), counted from the first failure,
 * and never sooner than the server asks. A longer Retry-After than that ends it.
 * @param judge says of a result whether to try again; undefined if it is good, or no attempt will help
 * @param over aborted once the result is no longer needed
 */
export async function tryPatiently<Result>(
	attempt: () => Promise<Result>,
	judge: (result: Result) => Again | undefined,
	over: AbortSignal,
): Promise<Result> {
	const isOver = (): boolean => over.aborted;
	let failedAt: number | undefined;
	for (let tries = 0; ; tries++) {
		const result = await attempt();
		const again = judge(result);
		if (again === undefined || isOver()) return result;
		if (!again.isPassing && tries >= FEW) return result;
		failedAt ??= Date.now();
		const usual = PAUSES[Math.min(tries, PAUSES.length - 1)] ?? 0;
		const wait = Math.max(usual, again.retryAfter ?? 0);
		if (Date.now() + wait > failedAt + limits.patience) return result;
		await pause(wait, over);
		if (isOver()) return result;
	}
}
