import type { IExecutePaginationFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { isPrivateAddress, originOf } from '../../values/address';
import { flag, oneOf, proxyUrl, wholeNumber } from '../../validation/rules';
import { invalid, isInvalid, type InvalidParameter, type Rule } from '../../validation/result';
import { byPath, readSettings, type SettingsTable } from '../../validation/settings';
import { ASSET_REFERENCES, COMPLETIONS } from '../../properties/runParameters';
import {
	OUTPUT_SETTINGS,
	outputSettings,
	WAIT_SETTINGS,
	type OutputSettings,
	type StoredOutputSettings,
	type StoredWaitSettings,
} from './outputSettings';
import { CALLBACK_WAIT, policyFor, type PollingPolicy } from './pollingPolicy';
import { nodeExecution } from '../../n8n/nodeExecution';
import { callbackAddress } from '../../webhook/callbackAddress';
import { canSuspend } from '../../n8n/suspendedExecution';
import { isSubWorkflow, isTool } from '../../n8n/thisNode';
import type { AssetForm } from '../../api/files/asset';

/** How the run comes back. @see docs/architecture.md, "How a run comes back" */
export type Completion = (typeof COMPLETIONS)[number]['value'];

/** The user's choices for an item that are not sent to Runflow. */
export interface Settings extends OutputSettings {
	completion: Completion;
	/** The address that the run calls when it ends, so that the suspended execution resumes. */
	callbackTo: string | undefined;
	/** How uploaded files are referenced in the request. */
	assetForm: AssetForm;
	policy: PollingPolicy;
	/** How long a request may take, in milliseconds; undefined for n8n's own time. */
	timeout: number | undefined;
	/** Whether any certificate is accepted. */
	ignoreSslIssues: boolean;
}

/** What a workflow stores of the settings. */
interface Stored extends RequestSettings, StoredOutputSettings, StoredWaitSettings {
	completion: Completion;
	assetReference: AssetForm;
}

/** What a workflow stores under Request Options. */
interface RequestSettings {
	batchSize: number | undefined;
	batchInterval: number | undefined;
	ignoreSslIssues: boolean;
	proxy: string | undefined;
	timeout: number | undefined;
}

/** The longest time that a timer can measure, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** A number that n8n itself goes by: it can read less. */
function readByN8n(rule: Rule<number>): Rule<number> {
	return (value, read) => {
		const result = rule(value, read);
		if (isInvalid(result) || result.accepted === undefined || Number(value) === result.accepted) {
			return result;
		}
		return invalid('has invisible characters', 'Type the number in again.');
	};
}

const BATCH = 'requestOptions.batching.batch';

/** How requests are sent. n8n itself reads these too, but judges only the proxy. */
export const REQUEST_SETTINGS: SettingsTable<RequestSettings> = {
	batchSize: {
		path: `${BATCH}.batchSize`,
		title: 'Items per Batch',
		rule: readByN8n(wholeNumber(1, Number.MAX_SAFE_INTEGER)),
		otherwise: undefined,
	},
	batchInterval: {
		path: `${BATCH}.batchInterval`,
		title: 'Batch Interval (Milliseconds)',
		rule: readByN8n(wholeNumber(0, LONGEST_TIMER)),
		otherwise: undefined,
	},
	ignoreSslIssues: {
		path: 'requestOptions.allowUnauthorizedCerts',
		title: 'Ignore SSL Issues (Insecure)',
		rule: flag,
		otherwise: false,
	},
	proxy: { path: 'requestOptions.proxy', title: 'Proxy', rule: proxyUrl, otherwise: undefined },
	timeout: {
		path: 'requestOptions.timeout',
		title: 'Timeout (Milliseconds)',
		rule: wholeNumber(1, LONGEST_TIMER),
		otherwise: undefined,
	},
};

/** Every parameter of the node that is not sent. */
const SETTINGS: SettingsTable<Stored> = {
	completion: {
		path: 'completion',
		title: 'Completion',
		rule: oneOf(...COMPLETIONS),
		otherwise: 'polling',
	},
	...OUTPUT_SETTINGS,
	assetReference: {
		path: 'options.assetReference',
		title: 'Asset Reference',
		rule: oneOf(...ASSET_REFERENCES),
		otherwise: 'asset',
	},
	...WAIT_SETTINGS,
	...REQUEST_SETTINGS,
};

/**
 * The settings of the item, and the first one that could not be read. Read before anything is sent: if an expression in
 * them fails, no paid run may be lost.
 */
export function readItemSettings(
	context: IExecutePaginationFunctions,
	policy: PollingPolicy,
): { settings: Settings; problem: InvalidParameter | undefined } {
	const { values, problem } = readSettings(
		SETTINGS,
		byPath((name) => context.getNodeParameter(name, null)),
	);
	const completion = possibleCompletion(context, values.completion);
	const output = outputSettings(context, values);
	// Hidden with Immediately, but they may still have their earlier values.
	const noOutputs = completion === 'immediately' && {
		splitOutputs: false,
		downloadInto: undefined,
	};
	const onCallback = completion === 'callback';
	const settings: Settings = {
		completion,
		callbackTo: onCallback ? callbackAddress(nodeExecution(context).resumeUrl) : undefined,
		...output,
		...noOutputs,
		assetForm: values.assetReference,
		policy: policyFor(onCallback ? { ...policy, maxWait: CALLBACK_WAIT } : policy, {
			longestIntervalSeconds: values.pollingInterval,
			maxWaitMinutes: values.maximumWait,
		}),
		timeout: values.timeout,
		ignoreSslIssues: values.ignoreSslIssues,
	};
	return { settings, problem };
}

/** The completion of an item. One that cannot be read counts as polling here: the item is refused for it. */
export function readCompletion(context: IExecutePaginationFunctions): Completion {
	const { values } = readSettings({ completion: SETTINGS.completion }, () =>
		context.getNodeParameter('completion', null),
	);
	return possibleCompletion(context, values.completion);
}

/**
 * The chosen completion, or polling if n8n cannot suspend here. If the node is a tool, suspending would stop the whole
 * agent. In a sub-workflow that its parent calls for each item, the parent would resume with the first one that ends, and
 * lose the items of the others. An execution without an ID could not be resumed.
 * @see docs/n8n-engine.md, "Suspending a sub-workflow"
 */
function possibleCompletion(context: IExecutePaginationFunctions, chosen: Completion): Completion {
	if (chosen !== 'callback') return chosen;
	const executionId: unknown = context.getExecutionId();
	const suspends =
		!isTool(context) &&
		!isSubWorkflow(context) &&
		typeof executionId === 'string' &&
		canSuspend(context);
	return suspends ? 'callback' : 'polling';
}

/** What n8n takes where nothing is filled in, in milliseconds. A blank text is something to n8n. */
export const USUAL_TIMEOUT = 300_000;

/** Puts the settings into a request for which n8n has taken them as they were entered, such as "false" for true. */
export function applyToRequest(
	request: IHttpRequestOptions,
	{ timeout, ignoreSslIssues }: Pick<Settings, 'timeout' | 'ignoreSslIssues'>,
): void {
	request.timeout = timeout ?? USUAL_TIMEOUT;
	request.skipSslCertificateValidation = ignoreSslIssues;
}

/** Why items cannot be combined, if so: an execution is suspended for all of its items or for none. */
export function mixtureProblem(own: Completion, common: Completion): InvalidParameter | undefined {
	if (own === common || (own !== 'callback' && common !== 'callback')) return undefined;
	return {
		parameter: 'Completion',
		problem: 'must be the same for all items',
		advice:
			'Choose a fixed value instead of an expression, or split the items up before this node.',
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
				problem: `"When Finished, on Callback" needs an n8n that Runflow can reach, but the address of this one is ${originOf(address)}`,
				advice: `${setUp}, or choose When Finished, Polling.`,
			}
		: {
				parameter: 'Callback URL',
				problem: `leads to ${originOf(address)}, which Runflow cannot reach`,
				advice: `${setUp}, and copy the URL again.`,
			};
}
