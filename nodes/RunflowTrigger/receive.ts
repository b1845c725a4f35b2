import type { INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';

import { readRunId } from '../shared/api/run';
import { verify, type VerifiedCallback } from '../shared/webhook/verify';
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
import { readAcceptUnsigned, readSettings, type Settings } from './settings';
import { triggerKey } from './deduplication/triggerKey';
import { isBatch, filter } from './filter';

/** A start that n8n is to make. */
export interface Start {
	start: INodeExecutionData[];
	deliveryLog: DeliveryLog;
	pending: Pending;
	/** When the request came, and with it n8n's copy of the workflow's static data. */
	cameAt: number;
}

/** What becomes of a request. */
export type Decision = Start | { ignore: string; log?: string } | { refuse: Refusal };

/**
 * How long it may take altogether to fetch the run and its files, in milliseconds. The sender has given up
 * long before; the workflow is started all the same.
 */
const PREPARATION_TIMEOUT = 5 * 60_000;

/** The longest event that goes into a line of the log as it is, in characters: the body may be all event. */
const MAX_EVENT = 100;

/** What a callback that is being dealt with needs. */
interface VerifiedDelivery extends Omit<VerifiedCallback, 'baseUrl'> {
	cameAt: number;
	settings: Settings;
	api: Api;
	deliveryLog: DeliveryLog;
	digest: string;
}

/**
 * Decides about a request, cheap questions first. It may throw where n8n itself fails (an expression, the
 * credential, its database).
 */
export async function receive(context: IWebhookFunctions): Promise<Decision> {
	const cameAt = Date.now();
	const key = triggerKey(context);
	const deliveryLog = deliveryLogOf(key);
	const verification = await verify(context, {
		acceptUnsigned: readAcceptUnsigned(context),
		readCredentials: async () => await readCredentials(context, key),
	});
	if ('refuse' in verification) return verification;
	const { baseUrl, ...verified } = verification;
	const { callback, rawBody } = verified;
	if (typeof callback.event !== 'string') {
		return { refuse: { status: 400, reason: 'The body names no event' } };
	}

	const settings = readSettings(context);
	const result = filter(callback, settings);
	if (!result.passes) {
		return {
			ignore: result.why,
			...(result.unknownEvent && {
				log: `this version of the node does not know the event ${JSON.stringify(callback.event.slice(0, MAX_EVENT))}`,
			}),
		};
	}

	const api = { baseUrl, stopped: AbortSignal.timeout(PREPARATION_TIMEOUT) };
	const digest = digestOf(rawBody);
	return await deduplicate(context, { ...verified, cameAt, settings, api, deliveryLog, digest });
}

const REPEAT = { ignore: 'Delivery already taken' };

/** A delivery that Runflow refuses to say anything about: far more are copies than were asked for. */
function asRepeat({ problem }: Unread): Decision {
	return { ...REPEAT, log: `taken for a copy, since Runflow refused its deliveries (${problem})` };
}

function notNow(problem: string): Decision {
	return {
		refuse: { status: 503, reason: 'Not everything could be fetched yet', detail: problem },
	};
}

/**
 * How long a copy of a delivery waits for the start that another one is making, in milliseconds: longer than
 * Runflow waits for an answer.
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
		// A copy of a delivery whose start is being made goes the way of that one: should it fail, Runflow must
		// not have been told that all is well.
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
			// Meanwhile another copy may have begun.
			if (pendingStart(deliveryLog, digest) !== undefined) continue;
			if (typeof due !== 'number') return due.isFinal ? asRepeat(due) : notNow(due.problem);
			if (countStarts(deliveryLog, digest) >= due) return REPEAT;
		}
		return await begin(context, delivery);
	}
}

/** Begins a start; up to the note of it nothing may come in between. */
async function begin(context: IWebhookFunctions, delivery: VerifiedDelivery): Promise<Decision> {
	const { cameAt, callback, requestId, settings, api, deliveryLog, digest } = delivery;
	const pending = openStart(deliveryLog, digest, answering(context));
	if (!needsMore(callback, settings)) {
		const start = toItems({ callback, requestId }, settings);
		return { start, deliveryLog, pending, cameAt };
	}
	// The sender is kept waiting until all is there. An answer before that would be a promise that nobody
	// keeps when the fetching fails; as it is, Runflow tries again. Where it gives up waiting and repeats, the
	// copy joins this one, and the workflow is started once.
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
 * How often the workflow is to be started for a delivery that came before; 0 where nothing can be asked about it.
 * Where Runflow does not say, why: a redelivery must not be lost for what passes.
 */
async function dueStarts(
	context: IWebhookFunctions,
	{ callback, rawBody, api }: VerifiedDelivery,
): Promise<number | Unread> {
	// In a test every delivery that comes while the node listens is one and the same.
	if (isTest(context)) return 0;
	const kind = isBatch(callback) ? 'batches' : 'runs';
	const id = readRunId({ run_id: callback.run_id ?? callback.batch_id ?? null });
	if (id === undefined) return 0;
	const read = await readHistory(context, kind, id, api);
	return 'problem' in read ? read : countDue(read.history, rawBody, callback);
}

/**
 * How old n8n's copy of the static data may be to be written back, in milliseconds. All of it is written, and
 * what other nodes have saved since would be lost.
 */
const MAX_AGE = 5000;

/**
 * Keeps the start in mind once n8n has made it, over a restart of n8n too.
 * @returns to be called when n8n has made the execution and is about to save the workflow's static data: marks
 * that as changed
 */
export function recordStart(
	context: IWebhookFunctions,
	{ deliveryLog, pending, cameAt }: Omit<Start, 'start'>,
): () => void {
	const mayWrite = (): boolean => Date.now() - cameAt <= MAX_AGE;
	const turn = queueForSaving(deliveryLog);
	const response = answering(context);
	// No other request may wait for one that will not write.
	if (!mayWrite()) turn.end();
	// Where the sender has left while something was fetched, the event came before.
	if (response.closed || response.destroyed) turn.end();
	else {
		response.once('close', () => {
			turn.end();
			// Without an answer the sender has left, which says nothing of the start.
			if (response.writableFinished && response.statusCode >= 400) {
				failStart(deliveryLog, pending, 'failed');
			}
		});
	}
	const saved = isTest(context) ? undefined : context.getWorkflowStaticData('node');
	return () => {
		confirmStart(deliveryLog, pending);
		// The list itself, not a copy: n8n writes what is in it by then, other requests' starts too.
		if (saved !== undefined && turn.isDue(mayWrite())) saved.startedDeliveries = deliveryLog.starts;
	};
}

function isTest(context: IWebhookFunctions): boolean {
	return context.getMode() === 'manual';
}
