import type { INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';

import { readRunId } from '../shared/api/run';
import { verify, type VerifiedCallback } from '../shared/webhook/verify';
import type { InvalidParameter } from '../shared/validation/result';
import { answering, type Refusal } from '../shared/webhook/respond';
import { readCredentials } from './credentials';
import { countDue } from './deduplication/history';
import { toItems } from './items';
import {
	countStarts,
	digestOf,
	deliveryLogOf,
	queueForSaving,
	mergeSaved,
	type DeliveryLog,
	type Pending,
} from './deduplication/deliveryLog';
import {
	confirmStart,
	failStart,
	openStart,
	outcomeOf,
	pendingStart,
} from './deduplication/pending';
import { needsMore, prepareItems } from './prepareItems';
import { readHistory, type Api, type Unread } from './readApi';
import { readAcceptUnsigned, readTriggerSettings, type Settings } from './settings';
import { triggerKey } from './deduplication/triggerKey';
import { isBatch, filter } from './filter';

/** A start that n8n must make. */
export interface Start {
	start: INodeExecutionData[];
	deliveryLog: DeliveryLog;
	pending: Pending;
	/** When the request came (ms since 1970). n8n copied the workflow's static data at this time. */
	cameAt: number;
}

/** What to do with a request. */
export type Decision = Start | Ignored | { refuse: Refusal };

/** A valid callback that starts nothing. */
export interface Ignored {
	/** Why, in the answer. */
	ignore: string;
	/** Which filter it does not match. */
	because?: string;
	/** What the user must know of it. */
	log?: string;
}

/**
 * How long fetching the run and its files may take in total, in milliseconds. The sender stops waiting long before that,
 * but the workflow still starts.
 */
const PREPARATION_TIMEOUT = 5 * 60_000;

/** The longest part of an event that is logged, in characters. An event can be as long as the body. */
const MAX_EVENT = 100;

/** A verified callback, and the data to handle it. */
interface VerifiedDelivery extends Omit<VerifiedCallback, 'baseUrl'> {
	cameAt: number;
	settings: Settings;
	api: Api;
	deliveryLog: DeliveryLog;
	digest: string;
}

/**
 * Decides what to do with a request. The cheap checks come first. It may throw if n8n itself fails (an expression, the
 * credential, its database).
 */
export async function receive(context: IWebhookFunctions): Promise<Decision> {
	const cameAt = Date.now();
	const key = triggerKey(context);
	const deliveryLog = deliveryLogOf(key);
	const { acceptUnsigned, problem: unreadable } = readAcceptUnsigned(context);
	if (unreadable !== undefined) return cannotRead(unreadable);
	const verification = await verify(context, {
		acceptUnsigned,
		readCredentials: async () => await readCredentials(context, key),
	});
	if ('refuse' in verification) return verification;
	const { baseUrl, ...verified } = verification;
	const { callback, rawBody } = verified;
	if (typeof callback.event !== 'string') {
		return { refuse: { status: 400, reason: 'The body names no event' } };
	}

	const { settings, problem } = readTriggerSettings(context);
	if (problem !== undefined) return cannotRead(problem);
	const result = filter(callback, settings);
	if (!result.passes) {
		return {
			ignore: result.why,
			because: result.filter,
			...(result.unknownEvent && {
				log: `this version of the node does not know the event ${JSON.stringify(callback.event.slice(0, MAX_EVENT))}`,
			}),
		};
	}

	const api = { baseUrl, stopped: AbortSignal.timeout(PREPARATION_TIMEOUT) };
	const digest = digestOf(rawBody);
	return await deduplicate(context, { ...verified, cameAt, settings, api, deliveryLog, digest });
}

/**
 * For settings that cannot be read: a filter must never count as none, and once the user has corrected them, Runflow's
 * next try succeeds. The value is not logged: it may be a part of the body.
 */
function cannotRead({ parameter, advice }: InvalidParameter): Decision {
	const reason = 'The settings of the trigger cannot be read';
	return { refuse: { status: 503, reason, detail: `${parameter} cannot be read. ${advice}` } };
}

const REPEAT = { ignore: 'Delivery already received' };

/** For a delivery whose history Runflow refuses to show: it is far more likely a copy than a redelivery by hand. */
function asRepeat({ problem }: Unread): Decision {
	return {
		...REPEAT,
		log: `treated as a repeated delivery, since Runflow refused the list of deliveries (${problem})`,
	};
}

function notNow(problem: string): Decision {
	return {
		refuse: { status: 503, reason: 'Not everything could be fetched yet', detail: problem },
	};
}

/**
 * How long a copy of a delivery waits for the start by another copy, in milliseconds. This is longer than Runflow waits
 * for an answer.
 */
const DUPLICATE_TIMEOUT = 30_000;

/** Starts the workflow unless it was started for this delivery before. */
async function deduplicate(
	context: IWebhookFunctions,
	delivery: VerifiedDelivery,
): Promise<Decision> {
	const { deliveryLog, digest } = delivery;
	if (!isTest(context))
		mergeSaved(deliveryLog, context.getWorkflowStaticData('node').startedDeliveries);

	for (;;) {
		// While another copy of the delivery makes the start, this copy waits and gets the same result: if the start fails,
		// no copy may have been answered with success.
		const duplicate = pendingStart(deliveryLog, digest);
		if (duplicate !== undefined) {
			const outcome = await outcomeOf(deliveryLog, duplicate, DUPLICATE_TIMEOUT);
			if (outcome === 'unfetched')
				return notNow('another copy of this delivery met the same problem');
			if (outcome === 'open') return notNow('another copy of this delivery is still being started');
			continue;
		}
		if (countStarts(deliveryLog, digest) > 0) {
			const due = await dueStarts(context, delivery);
			// Another copy may have begun a start meanwhile.
			if (pendingStart(deliveryLog, digest) !== undefined) continue;
			if (typeof due !== 'number') return due.isFinal ? asRepeat(due) : notNow(due.problem);
			if (countStarts(deliveryLog, digest) >= due) return REPEAT;
		}
		return await begin(context, delivery);
	}
}

/** Begins a start. The code before openStart must be synchronous, so that no other copy begins one too. */
async function begin(context: IWebhookFunctions, delivery: VerifiedDelivery): Promise<Decision> {
	const { cameAt, callback, requestId, settings, api, deliveryLog, digest } = delivery;
	const pending = openStart(deliveryLog, digest, answering(context));
	if (!needsMore(callback, settings)) {
		const start = toItems({ callback, requestId }, settings);
		return { start, deliveryLog, pending, cameAt };
	}
	// The sender waits until everything is fetched, so that it tries again if the fetching fails. If it stops waiting and
	// repeats the callback, the copy waits for this start, and the workflow starts once.
	let items: Awaited<ReturnType<typeof prepareItems>> | undefined;
	try {
		items = await prepareItems(context, delivery, settings, api);
	} finally {
		if (!Array.isArray(items)) failStart(deliveryLog, pending, 'unfetched');
	}
	return Array.isArray(items)
		? { start: items, deliveryLog, pending, cameAt }
		: notNow(items.problem);
}

/**
 * How often the workflow should be started for a delivery that came before; 0 if it cannot be looked up. If Runflow does
 * not answer, returns why: a transient failure must not lose a redelivery.
 */
async function dueStarts(
	context: IWebhookFunctions,
	{ callback, rawBody, api }: VerifiedDelivery,
): Promise<number | Unread> {
	// While the node listens in a test, equal deliveries count as one.
	if (isTest(context)) return 0;
	const kind = isBatch(callback) ? 'batches' : 'runs';
	const id = readRunId({ run_id: callback.run_id ?? callback.batch_id ?? null });
	if (id === undefined) return 0;
	const read = await readHistory(context, kind, id, api);
	return 'problem' in read ? read : countDue(read.history, rawBody, callback);
}

/**
 * The maximum age at which n8n's copy of the static data is written back, in milliseconds. All of it is written, so what
 * other nodes have saved since would be lost.
 */
const MAX_AGE = 5000;

/**
 * Records a start once n8n has made it, so that it is known after a restart of n8n too.
 * @returns a function to call when n8n has created the execution and is about to save the workflow's static data. It
 * marks that data as changed
 */
export function recordStart(
	context: IWebhookFunctions,
	{ deliveryLog, pending, cameAt }: Omit<Start, 'start'>,
): () => void {
	const mayWrite = (): boolean => Date.now() - cameAt <= MAX_AGE;
	const turn = queueForSaving(deliveryLog);
	const response = answering(context);
	// No other request may rely on one that will not write.
	if (!mayWrite()) turn.end();
	// If the sender left while something was fetched, the event has already been emitted.
	if (response.closed || response.destroyed) turn.end();
	else {
		response.once('close', () => {
			turn.end();
		});
	}
	const saved = isTest(context) ? undefined : context.getWorkflowStaticData('node');
	return () => {
		confirmStart(deliveryLog, pending);
		// The list itself, not a copy: n8n writes its contents at that time, with the starts of other requests.
		if (saved !== undefined && turn.isDue(mayWrite())) saved.startedDeliveries = deliveryLog.starts;
	};
}

function isTest(context: IWebhookFunctions): boolean {
	return context.getMode() === 'manual';
}
