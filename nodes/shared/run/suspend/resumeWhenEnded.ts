import type { ApiContext } from '../../api/client';
import { idle } from '../../async/pause';
import { postToResumeUrl, type OwnCallback } from './postToResumeUrl';

/** What a check of the runs leads to: a callback, another check after the next delay, or nothing more. */
export type Check = 'all ended' | 'later' | 'stop';

export interface ResumeAttempts {
	/** Milliseconds before each check. */
	delays: Iterable<number>;
	check: () => Promise<Check>;
	/** Where n8n resumes the execution. */
	callbackTo: string;
	callback: OwnCallback;
	/** Whether nothing is left to do after this status of n8n's answer. */
	isFinal: (status: number | undefined) => boolean;
}

/**
 * Checks the runs of a suspended execution again and again. Once all have ended, it sends the callback from here.
 * @returns the final status of n8n's answer; undefined if the checks stopped before
 */
export async function resumeWhenEnded(
	context: ApiContext,
	{ delays, check, callbackTo, callback, isFinal }: ResumeAttempts,
): Promise<{ status: number | undefined } | undefined> {
	for (const delay of delays) {
		await idle(delay);
		const next = await check();
		if (next === 'stop') return undefined;
		if (next === 'later') continue;
		const status = await postToResumeUrl(context, callbackTo, callback);
		if (isFinal(status)) return { status };
	}
	return undefined;
}
