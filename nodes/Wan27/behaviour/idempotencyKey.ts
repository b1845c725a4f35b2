import { createHash } from 'node:crypto';

import { asText } from '../../runflow/json';
import { accept, isEmpty, NOTHING, refuse, type Rule } from '../fields/verdict';

/** What makes one run of one item different from every other, on every n8n there is. */
export interface RunOrigin {
	instanceId: string;
	executionId: string | undefined;
	nodeId: string;
	/** The run index of the node and the item's, or what a tool is asked for. */
	place: string;
	/** Runs of the item that have failed, or were cancelled and are retried: a further one is meant to be another. */
	failedRuns: number;
}

const PRINTABLE_ASCII = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const MAX_KEY_CHARACTERS = 255;

/**
 * The `Idempotency-Key` of an item for which the user gave none: the same at every try inside one
 * execution, another one everywhere else. Undefined where n8n gives the execution no id.
 * @see runflow-api.md section 2, "Idempotency"
 */
export function derivedIdempotencyKey(origin: RunOrigin): string | undefined {
	if (origin.executionId === undefined) return undefined;
	return createHash('sha256')
		.update(
			JSON.stringify([
				origin.instanceId,
				origin.executionId,
				origin.nodeId,
				origin.place,
				...(origin.failedRuns === 0 ? [] : [origin.failedRuns]),
			]),
		)
		.digest('hex');
}

/** A key of the user's own, such as an order number; it has to fit into an HTTP header. */
export const ownIdempotencyKey: Rule = (value) => {
	if (isEmpty(value)) return NOTHING;
	const key = asText(value).trim();
	return PRINTABLE_ASCII.test(key) && key.length <= MAX_KEY_CHARACTERS
		? accept(key)
		: refuse(
				`must be plain letters, digits and signs, at most ${MAX_KEY_CHARACTERS} of them`,
				'Use something like an order number, without line breaks or accents.',
			);
};
