import type { FaultBehaviour, Json } from '../../sandbox';
import type { PackageRequest } from './requests';

/** Something that goes wrong with a request. */
export interface FaultKind {
	id: string;
	title: string;
	/** How the sandbox does it; `refused`: nothing listens. */
	of: (request: PackageRequest, foreignUrl: string) => FaultBehaviour | 'refused';
	/** Why it cannot meet that request, if it cannot. */
	notFor?: (request: PackageRequest) => string | undefined;
}

const READS = 'the request only reads: the same as before Runflow acted';
const NO_JSON = 'the answer is no JSON';
const NO_BODY = 'the true answer has no body either';

const readsOnly = ({ acts }: PackageRequest): string | undefined => (acts ? undefined : READS);
const noJson = ({ answers }: PackageRequest): string | undefined =>
	answers === 'JSON' ? undefined : NO_JSON;
const noBody = ({ answers }: PackageRequest): string | undefined =>
	answers === 'nothing' ? NO_BODY : undefined;

/** A refusal as the API words it, or the storage. */
function refusal(
	{ host }: PackageRequest,
	status: number,
	code: string,
	message: string,
	more: { acts?: boolean; headers?: Record<string, string>; errors?: Json } = {},
): FaultBehaviour {
	const { errors = null, ...rest } = more;
	const body: Json =
		host === 'storage'
			? `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`
			: { code, message, errors };
	return { kind: 'status', status, body, ...rest };
}

function status(
	id: string,
	title: string,
	code: string,
	message: string,
	more: Parameters<typeof refusal>[4] = {},
): FaultKind {
	return {
		id,
		title,
		of: (request) => refusal(request, parseInt(id, 10), code, message, more),
	};
}

/** A list of runs without a single run that can be read. */
const WRONG_LIST: Json = { items: [null, 1, [], { id: 7, status_code: {} }], next: 5 };

/** Every fault, as the page lists them. */
export const FAULTS: readonly FaultKind[] = [
	{ id: 'refused', title: 'connection refused', of: () => 'refused' },
	{
		id: 'reset-before',
		title: 'connection reset before Runflow acted',
		of: () => ({ kind: 'reset-before' }),
	},
	{
		id: 'reset-after',
		title: 'connection reset after Runflow acted',
		of: () => ({ kind: 'reset-after' }),
		notFor: readsOnly,
	},
	{ id: 'timeout', title: 'no answer in time', of: () => ({ kind: 'timeout' }) },
	{
		id: 'timeout-acted',
		title: 'no answer in time after Runflow acted',
		of: () => ({ kind: 'timeout', acts: true }),
		notFor: readsOnly,
	},
	{
		id: 'slow',
		title: 'the answer drips in',
		of: () => ({ kind: 'slow', overMs: 1000 }),
		notFor: noBody,
	},
	{
		id: 'timeout-drip',
		title: 'the answer drips in without an end',
		of: () => ({ kind: 'slow', overMs: 600_000, drips: 300 }),
		notFor: (request) =>
			request.host === 'storage'
				? (noBody(request) ?? 'a file may take 15 minutes: see downloadOutputs.test.ts')
				: request.id === 'trigger-history'
					? 'so short an answer does not drip for long'
					: undefined,
	},
	status('401', '401', 'UNAUTHORIZED', 'Missing or invalid API key.'),
	status('402', '402', 'INSUFFICIENT_CREDIT', 'Your organization is out of credit.'),
	{
		...status('403', '403 for lack of a scope', 'PERMISSION_DENIED', 'Missing scope.'),
		notFor: ({ host }) =>
			host === 'storage' ? 'that is how the storage says that a link has expired' : undefined,
	},
	{
		...status('expired', '403 for an expired link', 'AccessDenied', 'Request has expired'),
		of: (request) => refusal(request, 403, 'AccessDenied', 'Request has expired'),
		notFor: ({ host }) => (host === 'api' ? 'no link is used' : undefined),
	},
	status('404', '404', 'NOT_FOUND', 'Not found.'),
	status('409', '409', 'CONFLICT', 'Conflict.'),
	status('422', '422', 'VALIDATION_ERROR', 'Request validation failed.', {
		errors: [{ loc: ['body', 'input', 'prompt'], msg: 'is not allowed', type: 'value_error' }],
	}),
	status('429-after', '429 with Retry-After', 'RATE_LIMITED', 'Too many requests.', {
		headers: { 'retry-after': '1' },
	}),
	status('429', '429 without Retry-After', 'RATE_LIMITED', 'Too many requests.'),
	status('500', '500', 'INTERNAL_ERROR', 'Something went wrong.'),
	{
		...status('500-acted', '500 after Runflow acted', 'INTERNAL_ERROR', 'Something went wrong.', {
			acts: true,
		}),
		notFor: readsOnly,
	},
	{
		id: '502',
		title: '502 with a web page',
		of: () => ({ kind: 'html', status: 502 }),
	},
	{
		id: '502-acted',
		title: '502 with a web page after Runflow acted',
		of: () => ({ kind: 'html', status: 502, acts: true }),
		notFor: readsOnly,
	},
	status('503', '503', 'MODEL_UNAVAILABLE', 'The model is not available now.'),
	{ id: 'page', title: '200 with a web page', of: () => ({ kind: 'html' }) },
	{ id: 'cut', title: 'the answer breaks off', of: () => ({ kind: 'cut-body' }), notFor: noBody },
	{
		id: 'broken-json',
		title: 'broken JSON',
		of: () => ({ kind: 'wrong-json', body: '{"id": "' }),
		notFor: noJson,
	},
	{
		id: 'wrong-json',
		title: 'other JSON',
		of: () => ({ kind: 'wrong-json' }),
		notFor: ({ answers }) =>
			answers === 'nothing' ? 'any answer that says yes will do' : undefined,
	},
	{ id: 'empty', title: 'no body', of: () => ({ kind: 'empty' }), notFor: noBody },
	{
		id: 'wrong-types',
		title: 'fields of wrong types',
		of: ({ sent }) =>
			sent === 'GET /v1/runs'
				? { kind: 'wrong-json', body: WRONG_LIST }
				: { kind: 'wrong-types', keep: ['id', 'asset_id'] },
		notFor: noJson,
	},
	{
		id: 'wrong-id',
		title: 'all fields of wrong types',
		of: () => ({ kind: 'wrong-types' }),
		notFor: (request) =>
			noJson(request) ?? (request.id === 'trigger-history' ? 'the answer has no id' : undefined),
	},
	{
		id: 'redirect',
		title: 'redirect to another host',
		of: (_request, location) => ({ kind: 'redirect', location }),
	},
	{
		id: 'huge',
		title: '500 with 10 MB',
		of: () => ({ kind: 'huge-error' }),
	},
	{
		id: 'huge-refusal',
		title: '400 with 10 MB',
		of: () => ({ kind: 'huge-error', status: 400 }),
	},
];

const REFUSALS: ReadonlySet<string> = new Set([
	...['401', '402', '403', '404', '409', '422'],
	...['redirect', 'huge-refusal'],
]);

/** Whether an immediate retry would get the same answer, so that none is needed. */
export function isRefusal({ id }: FaultKind): boolean {
	return REFUSALS.has(id);
}

/** Faults that last as long as the package is ready to wait for an answer. */
export function isTimeout({ id }: FaultKind): boolean {
	return id.startsWith('timeout');
}

/** Whether an answer of megabytes comes. */
export function isHuge({ id }: FaultKind): boolean {
	return id.startsWith('huge');
}
