import type { Met } from './client';
import type { FuzzCase } from './fuzzCase';

/** What an attack has found. Each entry of a list is a line with enough detail to investigate it. */
export interface Findings {
	sent: number;
	/** What has started or resumed an execution, or was taken, and must not have. */
	acceptedWrongly: string[];
	/** True callbacks that came to nothing. */
	refusedWrongly: string[];
	/** Answers 5xx where the documents name none. */
	faults: string[];
	hung: string[];
	/** Requests of n8n to the API for anything but to read a run, such as to start one. */
	strayed: string[];
	/** How often an execution was started or resumed rightly. */
	opened: number;
	/**
	 * How long answers of the package took, in milliseconds: those that opened, refusals, and what was taken without
	 * opening anything, such as a copy or a callback of another run, or must come again.
	 */
	acceptedMs: number[];
	refusedMs: number[];
	idleMs: number[];
	/** How many API requests were made on behalf of how many requests. */
	apiRequests: number;
	apiRequestsFor: number;
	/** How often each kind was answered with what. */
	answers: Record<string, Record<string, number>>;
}

/** What nothing has been found by yet. */
export function nothingFound(): Findings {
	return {
		sent: 0,
		acceptedWrongly: [],
		refusedWrongly: [],
		faults: [],
		hung: [],
		strayed: [],
		opened: 0,
		acceptedMs: [],
		refusedMs: [],
		idleMs: [],
		apiRequests: 0,
		apiRequestsFor: 0,
		answers: {},
	};
}

/** A request of an attack by its number, which makes it again with the same seed. */
export interface Numbered {
	index: number;
	fuzzCase: FuzzCase;
}

/**
 * Notes how a request was answered; what is wrong with that is decided by each endpoint.
 * @param opened whether an execution was started or resumed by it
 * @param allowed which answers 5xx the documents name for it
 */
export function note(
	findings: Findings,
	{ index, fuzzCase }: Numbered,
	met: Met,
	{ opened, allowed }: { opened: boolean; allowed: readonly number[] },
): void {
	findings.sent += 1;
	const how = met.kind === 'answered' ? String(met.status) : met.kind;
	const kind = (findings.answers[fuzzCase.kind] ??= {});
	kind[how] = (kind[how] ?? 0) + 1;
	// The connection may be closed on data that is not HTTP.
	const isUnanswered = met.kind === 'hung' || (met.kind === 'closed' && fuzzCase.raw === undefined);
	if (isUnanswered) findings.hung.push(describeCase(index, fuzzCase, met));
	if (met.kind !== 'answered') return;
	if (met.status >= 500 && !allowed.includes(met.status)) {
		findings.faults.push(describeCase(index, fuzzCase, met));
	}
	// Node.js itself refuses what is not HTTP.
	if (fuzzCase.raw !== undefined) return;
	if (opened) findings.acceptedMs.push(met.ms);
	else if (REFUSALS.has(met.status)) findings.refusedMs.push(met.ms);
	else if (IDLE.has(met.status)) findings.idleMs.push(met.ms);
}

/** Answers that come from the package, apart from those of n8n itself (404, 409, 422). */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 413]);
const IDLE: ReadonlySet<number> = new Set([200, 202, 503]);

/** The longest part of a body that is shown, in bytes. */
const SHOWN = 2000;

/** A request and what came of it, as one line; with `--only` and the index it is sent again. */
export function describeCase(index: number, fuzzCase: FuzzCase, met: Met | undefined): string {
	const { kind, method, path, headers, body, raw } = fuzzCase;
	const bytes = raw ?? body;
	return JSON.stringify({
		index,
		kind,
		came:
			met === undefined ? 'nothing' : met.kind === 'answered' ? [met.status, met.text] : met.kind,
		method,
		path,
		headers: headers.map(([name, value]) => [name, value.slice(0, 200)]),
		bytes: bytes.length,
		base64: bytes.subarray(0, SHOWN).toString('base64'),
	});
}
