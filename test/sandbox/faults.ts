import { errorAnswer, jsonAnswer, textAnswer, type Answer } from './http/answer';
import { bytesOf } from './http/bytes';
import { isJsonObject, parseJson, type Json } from './json';
import type { HostName, LoggedRequest } from './requestLog';

/** Which requests a fault meets. A field that is left out matches everything. */
export interface FaultMatch {
	readonly host?: HostName;
	readonly method?: string;
	/** A text that the path contains, or an expression that it matches (without the query). */
	readonly path?: string | RegExp;
	/** Only from the nth matching request on, counted from 1 since the fault was added. */
	readonly nth?: number;
	/** Only requests for which this holds, such as those with a certain body. */
	readonly where?: (request: LoggedRequest) => boolean;
}

interface FaultFrame {
	readonly match?: FaultMatch;
	/** How many requests it meets; 1 by default, Infinity for all. */
	readonly times?: number;
}

interface ReplacedAnswer {
	/** Whether the server processes the request before the answer is replaced. */
	readonly acts?: boolean;
	readonly status?: number;
}

/** What goes wrong. The comment says what is done before it does. */
export type FaultBehaviour =
	/** Not acted by default: this status, body (an object becomes JSON) and headers instead. */
	| (ReplacedAnswer & {
			readonly kind: 'status';
			readonly status: number;
			readonly body?: Json;
			readonly headers?: Readonly<Record<string, string>>;
	  })
	/** Never acted: the socket is reset. */
	| { readonly kind: 'reset-before' }
	/** Acted: the socket is reset instead of an answer. */
	| { readonly kind: 'reset-after' }
	/** Not acted by default: no answer until the sandbox is closed or reset. */
	| { readonly kind: 'timeout'; readonly acts?: boolean }
	/** Acted: the true answer comes in so many drips (20) over this long, 1000 ms by default. */
	| { readonly kind: 'slow'; readonly overMs?: number; readonly drips?: number }
	/** Not acted by default: a web page, with 200 by default. */
	| (ReplacedAnswer & { readonly kind: 'html' })
	/** Acted: the true answer breaks off in the middle of its body. */
	| { readonly kind: 'cut-body' }
	/** Acted by default: JSON of another shape; a string is sent as it is, so it can be broken JSON. */
	| (ReplacedAnswer & { readonly kind: 'wrong-json'; readonly body?: Json })
	/** Acted: the true answer's JSON object with fields of other types, but for those kept. */
	| { readonly kind: 'wrong-types'; readonly keep?: readonly string[] }
	/** Acted by default: the true status, or the given one, and no body at all. */
	| (ReplacedAnswer & { readonly kind: 'empty' })
	/** Not acted by default: a redirect to another place, with 302 by default. */
	| (ReplacedAnswer & { readonly kind: 'redirect'; readonly location: string })
	/** Not acted by default: an error envelope of 10 MB, with 500 by default. */
	| (ReplacedAnswer & { readonly kind: 'huge-error'; readonly bytes?: number });

export type Fault = FaultFrame & FaultBehaviour;

export type FaultKind = Fault['kind'];

/** A fault in place, with its counters. */
export interface ActiveFault {
	readonly fault: Fault;
	seen: number;
	fired: number;
}

/** How a faulty request is served. */
export interface FaultPlan {
	readonly acts: boolean;
	/** The answer to give in place of the true one, which is null when nothing was done. */
	readonly answer: (truth: Answer | null) => Answer | null;
	readonly wire: 'whole' | 'drip' | 'cut' | 'reset' | 'hold';
	readonly overMs: number;
	readonly drips: number;
}

const HUGE_BYTES = 10 * 1024 * 1024;
const DRIP_MS = 1000;
const DRIPS = 20;

const HTML_PAGE =
	'<!DOCTYPE html><html><head><title>Just a moment</title></head><body><h1>Gateway</h1></body></html>';

/**
 * In: the faults in place and a request. Out: the one that it meets, or null; counters move on.
 * All faults count the request, the first one due meets it: so faults added one after another make a sequence.
 */
export function takeFault(faults: readonly ActiveFault[], request: LoggedRequest): Fault | null {
	const matching = faults.filter(({ fault }) => matches(fault.match ?? {}, request));
	for (const active of matching) active.seen += 1;
	const due = matching.find(
		({ fault, seen, fired }) => seen >= (fault.match?.nth ?? 1) && fired < (fault.times ?? 1),
	);
	if (due === undefined) return null;
	due.fired += 1;
	return due.fault;
}

function matches(match: FaultMatch, request: LoggedRequest): boolean {
	if (match.host !== undefined && match.host !== request.host) return false;
	if (match.method !== undefined && match.method.toUpperCase() !== request.method) return false;
	if (match.where?.(request) === false) return false;
	if (match.path === undefined) return true;
	// search() leaves lastIndex alone, so an expression with the g flag matches the same way each time.
	return typeof match.path === 'string'
		? request.path.includes(match.path)
		: request.path.search(match.path) >= 0;
}

/**
 * In: a fault. Out: whether the server acts, what it answers and how the answer travels.
 */
export function planFault(fault: Fault): FaultPlan {
	const replaced = (acts: boolean, answer: (truth: Answer | null) => Answer): FaultPlan => ({
		acts,
		answer,
		wire: 'whole',
		overMs: 0,
		drips: DRIPS,
	});
	const truth = (wire: FaultPlan['wire'], acts: boolean, overMs = 0, drips = DRIPS): FaultPlan => ({
		acts,
		answer: (answer) => answer,
		wire,
		overMs,
		drips,
	});
	switch (fault.kind) {
		case 'status':
			return replaced(fault.acts ?? false, () =>
				statusAnswer(fault.status, fault.body, fault.headers),
			);
		case 'reset-before':
			return truth('reset', false);
		case 'reset-after':
			return truth('reset', true);
		case 'timeout':
			return truth('hold', fault.acts ?? false);
		case 'slow':
			return truth('drip', true, fault.overMs ?? DRIP_MS, fault.drips);
		case 'html':
			return replaced(fault.acts ?? false, () =>
				textAnswer(fault.status ?? 200, 'text/html; charset=utf-8', HTML_PAGE),
			);
		case 'cut-body':
			return truth('cut', true);
		case 'wrong-json':
			return replaced(fault.acts ?? true, (answer) =>
				statusAnswer(fault.status ?? answer?.status ?? 200, fault.body ?? { unexpected: true }, {
					'content-type': 'application/json',
				}),
			);
		case 'wrong-types':
			return replaced(true, (answer) => withWrongTypes(answer, fault.keep ?? []));
		case 'empty':
			return replaced(fault.acts ?? true, (answer) => ({
				status: fault.status ?? answer?.status ?? 200,
				headers: {},
				body: bytesOf(Buffer.alloc(0)),
			}));
		case 'redirect':
			return replaced(fault.acts ?? false, () =>
				textAnswer(fault.status ?? 302, 'text/plain', 'Moved', { location: fault.location }),
			);
		case 'huge-error':
			return replaced(fault.acts ?? false, () =>
				errorAnswer(fault.status ?? 500, 'INTERNAL_ERROR', 'x'.repeat(fault.bytes ?? HUGE_BYTES)),
			);
	}
}

function statusAnswer(
	status: number,
	body: Json | undefined,
	headers: Readonly<Record<string, string>> = {},
): Answer {
	if (body === undefined)
		return errorAnswer(status, `HTTP_${status}`, `Injected ${status}.`, headers);
	if (typeof body === 'string') return textAnswer(status, 'text/plain', body, headers);
	return jsonAnswer(status, body, headers);
}

/** In: a true answer. Out: the same, its JSON's fields turned into something else each; any other body stays. */
function withWrongTypes(answer: Answer | null, keep: readonly string[]): Answer {
	if (answer === null) return statusAnswer(200, { unexpected: true });
	const body = Buffer.concat([...answer.body.slice(0, answer.body.length)]);
	const json = parseJson(body.toString());
	if (!isJsonObject(json)) return answer;
	const turned = Object.entries(json).map(
		([name, value]) => [name, keep.includes(name) ? value : ofAnotherType(value)] as const,
	);
	return { ...answer, body: bytesOf(Buffer.from(JSON.stringify(Object.fromEntries(turned)))) };
}

function ofAnotherType(value: Json): Json {
	if (typeof value === 'string') return 7;
	if (typeof value === 'number' || typeof value === 'boolean') return 'seven';
	if (Array.isArray(value)) return { 0: 'seven' };
	return value === null ? [7] : [value];
}
