import { signCallback } from '../../sandbox';
import type { Random } from './random';

/** A header as it goes over the wire: neither case nor order is changed, and a name may come twice. */
export type Header = readonly [name: string, value: string];

/** One request, and what was done to a callback to make it. */
export interface FuzzCase {
	kind: string;
	method: string;
	/** Path and query. */
	path: string;
	headers: readonly Header[];
	body: Buffer;
	/** The whole request as bytes, where it keeps the rules of HTTP so little that no client would send it. */
	raw?: Buffer;
}

/** What fuzzCases are made from: a callback that Runflow could send right now. */
export interface Base {
	/** Where it is sent: path and query. */
	path: string;
	body: Buffer;
	runId: string;
	/** What the credential has, the current one first; none where callbacks come unsigned. */
	secrets: readonly string[];
	/** Callbacks that were taken before. */
	taken: readonly Buffer[];
	/** Runs of others. */
	otherRuns: readonly string[];
	/** Other addresses of the same n8n. */
	otherPaths: readonly string[];
}

/** What of a callback can be changed. */
export interface Changes {
	/** It is what is signed, unless the signature is given too. */
	body?: Buffer;
	/** Null for none. */
	signature?: string | null;
	/** Further ones. */
	headers?: readonly Header[];
	/** Null for none. */
	contentType?: string | null;
	/** What is sent for the body, such as the same compressed. */
	packed?: Buffer;
	method?: string;
	path?: string;
	/** The request as a client would write it, to be spoilt. */
	spoil?: (request: Buffer) => Buffer;
}

/** A way to change a callback, and how often it is taken beside the others. */
export type CaseGenerator = readonly [
	weight: number,
	kind: string,
	make: (random: Random, base: Base) => Changes,
];

/** The header of the signature, as Runflow writes it. */
export const SIGNATURE = 'Runflow-Signature';

/** In: the base and what differs. Out: the callback as Runflow sends it, but for that. */
export function fuzzCaseOf(base: Base, kind: string, changes: Changes = {}): FuzzCase {
	const { body = base.body, headers = [], contentType = 'application/json', spoil } = changes;
	const [current] = base.secrets;
	const { signature = current === undefined ? null : signCallback(body, current) } = changes;
	const fuzzCase: FuzzCase = {
		kind,
		method: changes.method ?? 'POST',
		path: changes.path ?? base.path,
		body: changes.packed ?? body,
		headers: [
			...(contentType === null ? [] : [['Content-Type', contentType] as const]),
			['Runflow-Request-Id', 'c0ffee00-0000-4000-8000-000000000000'],
			...(signature === null ? [] : [[SIGNATURE, signature] as const]),
			...headers,
		],
	};
	return spoil === undefined ? fuzzCase : { ...fuzzCase, raw: spoil(written(fuzzCase)) };
}

/** In: ways to change a callback. Out: one of them, by their weights, carried out. */
export function makeOne(
	generators: readonly CaseGenerator[],
	random: Random,
	base: Base,
): FuzzCase {
	const total = generators.reduce((sum, [weight]) => sum + weight, 0);
	let left = random.below(total);
	for (const [weight, kind, make] of generators) {
		left -= weight;
		if (left < 0) return fuzzCaseOf(base, kind, make(random, base));
	}
	throw new Error('There is nothing to choose from');
}

/** A request as its bytes. */
function written({ method, path, headers, body }: FuzzCase): Buffer {
	const lines = [
		`${method} ${path} HTTP/1.1`,
		'Host: 127.0.0.1',
		`Content-Length: ${body.length}`,
		...headers.map(([name, value]) => `${name}: ${value}`),
	];
	return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}
