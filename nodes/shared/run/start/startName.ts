import { createHash } from 'node:crypto';
import type { IDataObject, IExecutePaginationFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { assetReference } from '../../api/files/asset';
import { nodeExecution } from '../../n8n/nodeExecution';
import { isTool, thisNode } from '../../n8n/thisNode';
import { bodyValue, setBodyValue } from '../../properties/body';
import { isBinaryFile, type BinaryFile } from '../../validation/media/binaryFile';
import { withoutSignature } from '../../values/address';
import { digest } from '../../values/digest';
import { asText, isObject } from '../../values/json';
import type { SoughtStart } from './findStart';
import { toolCallOf, type StartRecord } from './startLedger';

/** An item whose run must be started. */
export interface ItemStart {
	/** The request in its final form, apart from its files and its name. */
	request: IHttpRequestOptions;
	/** What the item has started so far; kept up to date. */
	startRecord: StartRecord;
	/** What {@link describeInput} gives. */
	input: string;
	/** The user's own Idempotency Key. */
	ownKey: string | undefined;
}

/** What a start is found by, and a hash of its {@link describeInput}. */
export type NamedStart = SoughtStart & { inputHash: string };

/**
 * Names the start in the request: by the user's own Client Reference and Idempotency Key where they are given, otherwise
 * by a hash of everything that identifies the start. The user's own key means the same run in every execution, so the
 * reference must be the same too.
 */
export function nameStart(context: IExecutePaginationFunctions, item: ItemStart): NamedStart {
	const { request, startRecord, input, ownKey } = item;
	const itemIndex = context.getItemIndex();
	const hash =
		ownKey === undefined
			? hashStart(identityOf(context, startRecord, input))
			: hashStart({ key: ownKey, input });
	request.headers = { ...request.headers, 'Idempotency-Key': ownKey ?? hash };
	const inputHash = digest(input);
	const own = asText(bodyValue(request, 'client_ref'));
	// A reference made by the node is made again, since the attempt may be another one.
	if (own !== '' && own !== startRecord.reference) {
		return { reference: own, input: comparableInput(request), inputHash };
	}
	const name = ownKey === undefined ? (context.getWorkflow().name ?? '') : '';
	const reference = referenceOf(name, ownKey === undefined ? itemIndex : undefined, hash);
	startRecord.reference = reference;
	setBodyValue(request, 'client_ref', reference);
	return { reference, hash, input: undefined, inputHash };
}

function identityOf(
	context: IExecutePaginationFunctions,
	{ failedRuns = [], finishedRuns = 0, parallelCall }: StartRecord,
	input: string,
): StartIdentity {
	const { identity, nodeRunIndex } = nodeExecution(context);
	const place = isTool(context)
		? [toolCallOf(context) ?? '', finishedRuns, ...(parallelCall ? [parallelCall] : [])].join(' ')
		: `${nodeRunIndex}.${context.getItemIndex()}`;
	const nodeId = thisNode(context).id;
	return { execution: identity, nodeId, place, input, attempt: failedRuns.length };
}

/** The input in the form in which it can be compared with a record's before its files are uploaded. */
export function comparableInput(request: IHttpRequestOptions): unknown {
	return JSON.parse(
		JSON.stringify(inputOf(request), (_name, value: unknown) =>
			isBinaryFile(value) ? assetReference('not-uploaded-yet') : value,
		),
	);
}

/** The `input` of a request's body. */
export function inputOf(request: IHttpRequestOptions): IDataObject {
	const input = bodyValue(request, 'input');
	return isObject(input) ? input : {};
}

/** What makes one start different from every other one, and the same whenever the same start is meant. */
export interface StartIdentity {
	/** n8n's secret token of the execution, or a random text that is kept with it. Only a hash of it may leave n8n. */
	execution: string;
	nodeId: string;
	/** Which run of the node and which item, or which call of a tool. */
	place: string;
	/** What {@link describeInput} gives. */
	input: string;
	/** How many runs of the item have ended without a result. */
	attempt: number;
}

/** How many hex digits the hash of a start has. */
export const HASH_DIGITS = 32;

/** The hash that names a start. Nothing can be read back from it. */
export function hashStart(identity: StartIdentity | { key: string; input: string }): string {
	return digest(JSON.stringify(Object.entries(identity).sort())).slice(0, HASH_DIGITS);
}

/** The most characters of a workflow's name that a reference repeats. */
const MAX_NAME_CHARACTERS = 60;

/**
 * The `client_ref` of a start for which the user gave none: readable in front, exact at the end. Only letters, digits
 * and hyphens, since Runflow's filters have their own syntax.
 */
export function referenceOf(workflow: string, itemIndex: number | undefined, hash: string): string {
	const name = workflow
		.normalize('NFKD')
		.replace(/\p{Mark}/gu, '')
		.replace(/[^A-Za-z0-9]+/g, '-')
		.slice(0, MAX_NAME_CHARACTERS)
		.replace(/^-+|-+$/g, '');
	const item = itemIndex === undefined ? '' : `item-${itemIndex}`;
	return ['n8n', name, item, hash].filter((part) => part !== '').join('-');
}

/**
 * The model and its input as one text that is the same whenever the same is meant: files by what they hold, since a retry
 * reads them again, and links without their signature, since a retry signs them again.
 * @param endpoint the path of the model's endpoint: the same input to another model is another start
 * @returns the text, or the file that n8n cannot read
 */
export async function describeInput(
	context: IExecutePaginationFunctions,
	endpoint: string,
	input: IDataObject,
): Promise<string | { unreadable: BinaryFile }> {
	const described: [string, unknown[]][] = [];
	for (const [name, value] of Object.entries(input)) {
		const parts: unknown[] = [];
		for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
			if (isBinaryFile(one)) {
				const hash = await hashContent(context, one);
				if (hash === undefined) return { unreadable: one };
				parts.push(hash);
			} else {
				parts.push(typeof one === 'string' ? withoutSignature(one) : one);
			}
		}
		described.push([name, parts]);
	}
	return JSON.stringify([endpoint, described.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** A hash of what a file holds; undefined where n8n cannot read it. */
async function hashContent(
	{ helpers }: IExecutePaginationFunctions,
	{ id, base64 }: BinaryFile,
): Promise<string | undefined> {
	if (id === undefined) return digest(Buffer.from(base64, 'base64'));
	const hash = createHash('sha256');
	try {
		for await (const chunk of await helpers.getBinaryStream(id)) hash.update(chunk as Buffer);
	} catch {
		return undefined;
	}
	return hash.digest('hex');
}
