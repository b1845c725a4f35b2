import type { IExecutePaginationFunctions } from 'n8n-workflow';

import { asText, isObject } from '../../runflow/json';
import { oneOf, positiveNumber } from '../fields/rules';
import { isRefusal, type Rule } from '../fields/verdict';
import { paceFor, type Pace } from './pace';
import type { NamedRefusal } from './refusals';
import type { AssetForm } from './uploadFile';

/** What the user chose for an item besides what is sent. */
export interface Settings {
	/** Whether the item waits for its run. */
	wait: boolean;
	simplify: boolean;
	/** The binary field that the first output goes into; undefined where none is downloaded. */
	downloadInto: string | undefined;
	/** How the model is told of uploaded files. */
	assetForm: AssetForm;
	pace: Pace;
}

/** What n8n calls a file's field unless told otherwise. */
export const DEFAULT_FIELD = 'data';

/**
 * The settings of the item at hand. Read before anything is sent: an expression among them that fails
 * must not cost the result of a run that is already paid for.
 */
export function readSettings(context: IExecutePaginationFunctions, pace: Pace): Settings {
	const options: unknown = context.getNodeParameter('options', {});
	const completion = context.getNodeParameter('completion', 'polling');
	// Hidden where nothing is there to download yet, but then it may still hold what was set before.
	const download =
		completion !== 'immediately' && context.getNodeParameter('downloadOutputs', false) === true;
	const field = asText(isObject(options) ? options.binaryPropertyName : undefined).trim();
	return {
		wait: completion !== 'immediately',
		simplify: context.getNodeParameter('simplify', true) === true,
		downloadInto: download ? field || DEFAULT_FIELD : undefined,
		assetForm: isObject(options) && options.assetReference === 'signedUrl' ? 'signedUrl' : 'asset',
		pace: paceFor(pace, {
			longestIntervalSeconds: isObject(options) ? options.pollingInterval : undefined,
			maxWaitMinutes: isObject(options) ? options.maximumWait : undefined,
		}),
	};
}

/** Why an item's settings cannot be followed, if there is a reason. */
export function refusalOfSettings(context: IExecutePaginationFunctions): NamedRefusal | undefined {
	const read = (name: string): unknown => context.getNodeParameter(name, null);
	for (const [name, title, rule] of SETTINGS) {
		const verdict = rule(read(name), read);
		if (isRefusal(verdict)) return { parameter: title, ...verdict };
	}
	return undefined;
}

const SETTINGS: [string, string, Rule][] = [
	['completion', 'Completion', oneOf('immediately', 'polling')],
	['options.pollingInterval', 'Polling Interval (Seconds)', positiveNumber],
	['options.maximumWait', 'Maximum Wait (Minutes)', positiveNumber],
];
