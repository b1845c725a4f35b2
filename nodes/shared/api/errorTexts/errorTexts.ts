import { asText, isObject } from '../../values/json';
import { isRunflows, readEnvelope, type Envelope } from '../result/envelope';
import { describeForeignAnswer } from './foreignAnswer';
import { CANCELED, type NetworkError } from '../result/networkError';
import { describeNetworkError } from './networkErrorText';
import { quote, quoteBody } from '../result/quote';
import { isAccepted, mayHaveActed, type ApiAnswer, type ApiError } from '../result/result';

/** The error text for a request that failed. */
export interface ApiErrorText {
	/** What happened, in Runflow's own words where there are some. */
	message: string;
	/** What to do, then the details that Runflow's support needs. */
	description: string;
	/** The code of Runflow's error envelope, such as INSUFFICIENT_CREDIT. */
	code?: string;
	requestId?: string;
}

/** What the failed request was for: it decides what a 404 or a missing response means. */
export type Purpose = 'start' | 'read' | 'upload' | OtherPurpose;

/** A request that starts no run and belongs to none that was started, so that it costs nothing. */
export interface OtherPurpose {
	/** The expected answer, after "could not be read as", such as "a balance". */
	what: string;
	/** The scope that the API key needs for it. */
	scope: string;
	/** What a 404 means, and what to do then. */
	notFound: string;
	/** What a 409 or 422 means, and what to do then. */
	invalid?: string;
	/** What to do where it is not known whether Runflow has acted; left out where that makes no difference. */
	unclear?: string;
}

const NOT_STARTED = 'No run was started.';
const MAYBE_STARTED =
	'It is not known whether the run was started. Look at Runs in Runflow before you run this item again, so that you do not pay twice.';

const STILL_RUNNING =
	'The run continues at Runflow. Do not start it again: retry this execution, and the node looks it up, or find it under Runs in Runflow.';

/** The text about the run if Runflow refused the request. */
const REFUSED = {
	start: NOT_STARTED,
	read: STILL_RUNNING,
	upload: NOT_STARTED,
};

/** The text about the run if there was no clear response. */
const UNTOLD = {
	start: MAYBE_STARTED,
	read: STILL_RUNNING,
	upload: `${NOT_STARTED} Run the item again.`,
};

/** The text about the run of an item whose request was refused. Empty if the request belongs to no run. */
export function refusedText(purpose: Purpose): string {
	return typeof purpose === 'string' ? REFUSED[purpose] : '';
}

function unclearText(purpose: Purpose): string {
	return typeof purpose === 'string' ? UNTOLD[purpose] : (purpose.unclear ?? 'Run the item again.');
}

/** What a response should have held. */
function expectedText(purpose: Purpose): string {
	if (typeof purpose !== 'string') return purpose.what;
	return purpose === 'upload' ? 'an upload' : 'a run';
}

/** @see docs/runflow-api.md, "HTTP statuses" */
const FORBIDDEN_ADVICE: ReadonlyMap<string, string> = new Map([
	[
		'PERMISSION_DENIED',
		'The API key lacks a scope. It needs runs:create and runs:read: make a new key in Runflow under Settings → API Keys.',
	],
	['EMAIL_NOT_VERIFIED', 'Verify the email address of your Runflow account, then try again.'],
	[
		'ORGANIZATION_MEMBERSHIP_REQUIRED',
		'The account is not a member of this organization. Check the Organization ID in the Runflow API credential, or leave it empty.',
	],
]);

const LACKS_UPLOAD_SCOPE =
	'The API key lacks the scope assets:create, which binary files need: make a new key in Runflow under Settings → API Keys, or give the file by a URL.';

/** The error text for a request that failed. */
export function explainError(error: ApiError, purpose: Purpose): ApiErrorText {
	return error.kind === 'network'
		? explainNetworkError(error, purpose)
		: explainAnswer(error.answer, purpose);
}

/**
 * What to log about a request of the trigger that failed, in one line: what happened, and what to change. It is about no
 * item, and the user cannot set Request Options there.
 */
export function explainForLog(error: ApiError): string {
	if (error.kind === 'network') {
		const { message, advice } = describeNetworkError(error, { hasOptions: false });
		const code = error.code === '' ? '' : ` [${error.code}]`;
		return [message, advice].filter((part) => part !== '').join('. ') + code;
	}
	const { answer } = error;
	if (isAccepted(answer.status) || isRunflows(answer)) return explainAnswer(answer, 'read').message;
	const { message, quoted } = describeForeignAnswer(answer);
	return quoted === '' ? message : `${message}. ${quoted}`;
}

/**
 * The error text for a refusal, or for a success that cannot be used: it is not JSON, or holds
 * no run. Only what has the form of Runflow's errors is taken for Runflow's own.
 * @see docs/runflow-api.md, "Error body"
 */
export function explainAnswer(answer: ApiAnswer, purpose: Purpose): ApiErrorText {
	if (isAccepted(answer.status)) return explainUnreadable(answer, purpose);
	return isRunflows(answer) ? explainRefusal(answer, purpose) : explainForeign(answer, purpose);
}

function explainForeign(answer: ApiAnswer, purpose: Purpose): ApiErrorText {
	const { message, advice, quoted } = describeForeignAnswer(answer);
	const known = mayHaveActed(answer) ? unclearText(purpose) : refusedText(purpose);
	return withRequestId(answer, { message, description: [`${advice} ${known}`.trim(), quoted] });
}

function explainRefusal(answer: ApiAnswer, purpose: Purpose): ApiErrorText {
	const envelope = readEnvelope(answer.body);
	const text = withRequestId(answer, {
		message: envelope.message ?? `Runflow answered with HTTP status ${answer.status}`,
		description: [
			advise(answer, purpose, envelope).trim(),
			...envelope.fields.map((field) => `• ${field}`),
			unlisted(answer, envelope),
			envelope.code === undefined ? '' : `Code: ${envelope.code}`,
		],
	});
	return envelope.code === undefined ? text : { ...text, code: envelope.code };
}

/** What a refused input's body says beyond its message, where no field could be listed. */
function unlisted({ status, body }: ApiAnswer, { fields }: Envelope): string {
	if ((status !== 400 && status !== 422) || fields.length > 0 || !isObject(body)) return '';
	const more = Object.entries(body).filter(
		([name, value]) => !UNDERSTOOD.has(name) && value !== null && value !== '',
	);
	return more.length === 0 ? '' : `The answer says: ${quoteBody(Object.fromEntries(more))}`;
}

/** The fields of an error body that are shown anyway. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
	'code',
	'message',
	'request_id',
	'status',
	'type',
]);

/** The text with the lines that say something, and the request id where there is one. */
function withRequestId(
	answer: ApiAnswer,
	{ message, description }: { message: string; description: string[] },
): ApiErrorText {
	const requestId = readRequestId(answer);
	const lines = [...description, requestId === undefined ? '' : `Request ID: ${requestId}`];
	return {
		message,
		description: lines.filter((line) => line !== '').join('\n'),
		...(requestId === undefined ? {} : { requestId }),
	};
}

function explainUnreadable(answer: ApiAnswer, purpose: Purpose): ApiErrorText {
	const { status, body } = answer;
	const said = quoteBody(body);
	const isPage = typeof body === 'string' && said !== '';
	return withRequestId(answer, {
		message: isPage
			? describeForeignAnswer(answer).message
			: `Runflow's answer could not be read as ${expectedText(purpose)} (HTTP status ${status})`,
		description: [
			'Check that the Base URL in the Runflow API credential leads to the Runflow API and not to a proxy or a login page.',
			unclearText(purpose),
			said === '' ? '' : `Its answer: ${said}`,
		],
	});
}

/** The error text for a request without a response. */
export function explainNetworkError(error: NetworkError, purpose: Purpose): ApiErrorText {
	if (error.code === CANCELED) {
		return { message: 'The request was canceled', description: unclearText(purpose) };
	}
	const { message, advice } = describeNetworkError(error, { hasOptions: true });
	const lines = [
		advice,
		error.neverSent ? refusedText(purpose) : unclearText(purpose),
		error.code === '' ? '' : `Network error: ${error.code}`,
	];
	return { message, description: lines.filter((line) => line !== '').join('\n') };
}

function advise(answer: ApiAnswer, purpose: Purpose, { code, fields }: Envelope): string {
	const { status } = answer;
	const refused = refusedText(purpose);
	switch (status) {
		case 400:
			if (purpose !== 'start') break;
			return `Runflow did not understand the request. Check the parameters, especially Additional Input. ${refused}`;
		case 401:
			return `The API key was not accepted. Open the Runflow API credential and paste a valid key. ${refused}`;
		case 402:
			return `The credit of your Runflow organization is used up. Add credit in Runflow${purpose === 'start' || purpose === 'upload' ? ', then run again' : ''}. ${refused}`;
		case 403:
			return `${forbiddenAdvice(code, purpose)} ${refused}`;
		case 404:
			if (typeof purpose !== 'string') return purpose.notFound;
			if (purpose === 'upload') {
				return `Runflow does not accept files at this address. Check the Base URL in the Runflow API credential. ${NOT_STARTED}`;
			}
			return purpose === 'start'
				? 'Runflow has no such model. Check the ID of the model if you gave one, and the Base URL in the Runflow API credential. No run was started.'
				: 'Runflow has no run with this ID, or it belongs to another organization. Check the API key and the Organization ID in the Runflow API credential.';
		case 409:
			if (typeof purpose !== 'string') return purpose.invalid ?? 'Run the item again.';
			if (purpose !== 'start') break;
			return 'A run with this Idempotency Key already exists with a different request, or is being started now. Look at Runs in Runflow first: it may be the run of this item, which is already paid for. Use another key for another run.';
		case 413:
			return `Give large files by a URL or as Binary, not within the text. ${refused}`;
		case 422:
			if (typeof purpose !== 'string') return purpose.invalid ?? correctionText(fields);
			if (purpose === 'read') break;
			return `Runflow does not accept the ${purpose === 'upload' ? 'file' : 'input'}. ${correctionText(fields)} ${refused}`;
		case 429:
			return `Too many requests at once. ${retryAfter(answer)} Add Batching to the Request Options in the Settings of the node to send fewer at a time. ${refused}`;
		case 408:
			return `Runflow timed out. ${unclearText(purpose)}`;
		case 503:
			return `The model or Runflow itself is not available now. Try again in a few minutes. ${refused}`;
		default:
			break;
	}
	if (status >= 300 && status < 400) {
		return `Check the Base URL in the Runflow API credential: it redirects to another address (${quote(asText(answer.headers.location)) || 'no address given'}); the API key was not sent there. ${refused}`;
	}
	if (status >= 500) {
		return `Runflow had an internal error. ${unclearText(purpose)}`;
	}
	return `Runflow refused the request. ${purpose === 'start' ? `Check the parameters. ${refused}` : unclearText(purpose)}`;
}

function correctionText(fields: string[]): string {
	return fields.length > 0 ? 'Correct what is listed here.' : 'Correct what Runflow reports.';
}

function forbiddenAdvice(code: string | undefined, purpose: Purpose): string {
	if (code === 'PERMISSION_DENIED') {
		if (purpose === 'upload') return LACKS_UPLOAD_SCOPE;
		if (typeof purpose !== 'string') {
			return `The API key lacks the scope ${purpose.scope}: make a new key in Runflow under Settings → API Keys.`;
		}
	}
	return (
		FORBIDDEN_ADVICE.get(code ?? '') ??
		'The API key is not allowed to do this. Check its scopes in Runflow under Settings → API Keys.'
	);
}

function retryAfter(answer: ApiAnswer): string {
	const asked = asText(answer.headers['retry-after']).trim();
	if (asked === '') return 'Wait a moment, then try again.';
	return Number.isNaN(Number(asked))
		? `Runflow asks to wait until ${quote(asked)}.`
		: `Runflow asks to wait ${quote(asked)} seconds.`;
}

function readRequestId(answer: ApiAnswer): string | undefined {
	const id =
		answer.headers['runflow-request-id'] ??
		answer.headers['x-request-id'] ??
		(isObject(answer.body) ? answer.body.request_id : undefined);
	return typeof id === 'string' && id !== '' ? quote(id) : undefined;
}
