import { invalid, type InvalidValue } from './result';

/**
 * Names that n8n's HTTP client leaves out of a body, wherever they stand.
 * @see docs/n8n-engine.md, "Names that are dropped"
 */
const LEFT_OUT: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** How deep a value may be nested: thousands of levels overflow the stack later. */
const MAX_DEPTH = 100;

/**
 * A value as it will arrive: expressions can give values that JSON cannot hold, or that n8n would drop silently.
 * @returns the value as JSON has it (undefined for a function), or why it cannot be sent
 */
export function asJson(value: unknown): { json: unknown } | InvalidValue {
	let json: unknown;
	try {
		const words = JSON.stringify(value) as string | undefined;
		json = words === undefined ? undefined : (JSON.parse(words) as unknown);
	} catch {
		return invalid('cannot be written as JSON', 'Pick out the fields that are to be sent.');
	}
	return partProblem(json, 0) ?? { json };
}

/** Why a value with this name cannot be sent, if there is a reason. */
export function nameProblem(name: string): InvalidValue | undefined {
	return LEFT_OUT.has(name)
		? invalid(`has the name ${name}, which n8n does not send`, 'Choose another name.')
		: undefined;
}

function partProblem(part: unknown, depth: number): InvalidValue | undefined {
	if (typeof part !== 'object' || part === null) return undefined;
	if (depth >= MAX_DEPTH) {
		return invalid(
			`has more than ${MAX_DEPTH} levels within each other`,
			'Pick out the fields that are to be sent.',
		);
	}
	for (const [name, inner] of Object.entries(part)) {
		const refusal = nameProblem(name) ?? partProblem(inner, depth + 1);
		if (refusal !== undefined) return refusal;
	}
	return undefined;
}
