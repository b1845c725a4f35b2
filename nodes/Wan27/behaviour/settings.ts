import type { IExecutePaginationFunctions } from 'n8n-workflow';

import { isObject } from '../../runflow/json';
import { paceFor, type Pace } from './pace';

/** What the user chose for an item besides what is sent. */
export interface Settings {
	/** Whether the item waits for its run. */
	wait: boolean;
	simplify: boolean;
	pace: Pace;
}

/**
 * The settings of the item at hand. Read before anything is sent: an expression among them that fails
 * must not cost the result of a run that is already paid for.
 */
export function readSettings(context: IExecutePaginationFunctions, pace: Pace): Settings {
	const options: unknown = context.getNodeParameter('options', {});
	return {
		wait: context.getNodeParameter('completion', 'polling') === 'polling',
		simplify: context.getNodeParameter('simplify', true) === true,
		pace: paceFor(pace, {
			longestIntervalSeconds: isObject(options) ? options.pollingInterval : undefined,
			maxWaitMinutes: isObject(options) ? options.maximumWait : undefined,
		}),
	};
}
