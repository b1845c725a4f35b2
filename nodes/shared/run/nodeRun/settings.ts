import type { IExecutePaginationFunctions } from 'n8n-workflow';

import { isPrivateAddress, originOf } from '../../values/address';
import { DEFAULT_FIELD } from '../../api/files/artifactFile';
import { asText, isObject } from '../../values/json';
import { oneOf, duration } from '../../validation/rules';
import { isInvalid, type InvalidParameter, type Rule } from '../../validation/result';
import { CALLBACK_WAIT, policyFor, type PollingPolicy } from './pollingPolicy';
import { nodeExecution } from '../../n8n/nodeExecution';
import { callbackAddress } from '../../webhook/callbackAddress';
import { canSuspend } from '../../n8n/suspendedExecution';
import { isSubWorkflow, isTool } from '../../n8n/thisNode';
import type { AssetForm } from '../../api/files/asset';

/** How the run comes back. @see docs/architecture.md, "How a run comes back" */
export type Completion = 'immediately' | 'polling' | 'callback';

/** The user's choices for an item, apart from what is sent. */
export interface Settings {
	completion: Completion;
	/** The address that the run calls when it ends, so that the suspended execution resumes. */
	callbackTo: string | undefined;
	simplify: boolean;
	/** The binary field for the first output; undefined if no output is downloaded. */
	downloadInto: string | undefined;
	/** How uploaded files are referenced in the request. */
	assetForm: AssetForm;
	policy: PollingPolicy;
}

/** The settings of the item. Read before anything is sent: if an expression in them fails, no paid run may be lost. */
export function readSettings(
	context: IExecutePaginationFunctions,
	policy: PollingPolicy,
): Settings {
	const given: unknown = context.getNodeParameter('options', {});
	const options = isObject(given) ? given : {};
	const completion = readCompletion(context);
	// The parameter is hidden with Immediately, but may still have its earlier value.
	const download =
		completion !== 'immediately' && context.getNodeParameter('downloadOutputs', false) === true;
	const field = asText(options.binaryPropertyName).trim();
	const onCallback = completion === 'callback';
	return {
		completion,
		callbackTo: onCallback ? callbackAddress(nodeExecution(context).resumeUrl) : undefined,
		simplify: context.getNodeParameter('simplify', true) === true,
		downloadInto: download ? field || DEFAULT_FIELD : undefined,
		assetForm: options.assetReference === 'signedUrl' ? 'signedUrl' : 'asset',
		policy: policyFor(onCallback ? { ...policy, maxWait: CALLBACK_WAIT } : policy, {
			longestIntervalSeconds: options.pollingInterval,
			maxWaitMinutes: options.maximumWait,
		}),
	};
}

/**
 * The chosen completion, or polling if n8n cannot suspend here. If the node is a tool, suspending would stop the whole
 * agent. In a sub-workflow that its parent calls for each item, the parent would resume with the first one that ends, and
 * lose the items of the others. An execution without an ID could not be resumed.
 * @see docs/n8n-engine.md, "Suspending a sub-workflow"
 */
export function readCompletion(context: IExecutePaginationFunctions): Completion {
	const chosen = context.getNodeParameter('completion', 'polling');
	if (chosen === 'immediately') return 'immediately';
	const executionId: unknown = context.getExecutionId();
	const suspends =
		!isTool(context) &&
		!isSubWorkflow(context) &&
		typeof executionId === 'string' &&
		canSuspend(context);
	return chosen === 'callback' && suspends ? 'callback' : 'polling';
}

/** Why items cannot be combined, if so: an execution is suspended for all of its items or for none. */
export function mixtureProblem(own: Completion, common: Completion): InvalidParameter | undefined {
	if (own === common || (own !== 'callback' && common !== 'callback')) return undefined;
	return {
		parameter: 'Completion',
		problem: 'must be the same for all items',
		advice:
			'Choose one of the list instead of an expression, or split the items up before this node.',
	};
}

/**
 * Why Runflow could not call back, if so. Without its public address in WEBHOOK_URL, n8n gives a private one, which only
 * a private API reaches.
 * @param address the callback address that is sent to Runflow
 * @param isOwn whether it is the execution's address, not one from the user
 * @param apiUrl the Base URL of the credential
 */
export function addressProblem(
	address: string,
	isOwn: boolean,
	apiUrl: string,
): InvalidParameter | undefined {
	if (address === '' || !isPrivateAddress(address) || isPrivateAddress(apiUrl)) return undefined;
	const setUp =
		'Set the environment variable WEBHOOK_URL of n8n to its public address (or that of a tunnel)';
	return isOwn
		? {
				parameter: 'Completion',
				problem: `"When Finished, on Callback" needs an n8n that Runflow can reach, and this one calls itself ${originOf(address)}`,
				advice: `${setUp}, or choose When Finished, Polling.`,
			}
		: {
				parameter: 'Callback URL',
				problem: `leads to ${originOf(address)}, which Runflow cannot reach`,
				advice: `${setUp}, and copy the URL again.`,
			};
}

/** Why an item's settings are invalid, if so. */
export function settingsProblem(
	context: IExecutePaginationFunctions,
): InvalidParameter | undefined {
	const read = (name: string): unknown => context.getNodeParameter(name, null);
	for (const [name, title, rule] of SETTINGS) {
		const result = rule(read(name), read);
		if (isInvalid(result)) return { parameter: title, ...result };
	}
	return undefined;
}

const SETTINGS: [string, string, Rule][] = [
	['completion', 'Completion', oneOf('immediately', 'polling', 'callback')],
	['options.pollingInterval', 'Polling Interval (Seconds)', duration],
	['options.maximumWait', 'Maximum Wait (Minutes)', duration],
];
