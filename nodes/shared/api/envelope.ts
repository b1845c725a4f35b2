import { isObject } from '../values/json';

/** What Runflow's error bodies say, in any of the known shapes. */
export interface Envelope {
	code?: string;
	message?: string;
	/** One line for each field that was rejected. */
	fields: string[];
}

/** The most characters of a foreign body that are shown: a proxy's error page can have megabytes. */
const MAX_QUOTED_CHARACTERS = 300;
/** The most rejected fields that are listed. */
const MAX_FIELDS = 20;

/**
 * Reads the body of an error.
 * @returns an envelope without code and message where the body has another shape
 * @see docs/runflow-api.md, "Error body"
 */
export function readEnvelope(body: unknown): Envelope {
	if (!isObject(body)) return { fields: [] };
	const nested = isObject(body.error) ? body.error : body;
	const message = nested.message ?? (typeof body.error === 'string' ? body.error : undefined);
	const code = nested.code ?? body.code;
	const errors = Array.isArray(body.errors) ? body.errors : [];
	return {
		...(typeof code === 'string' ? { code: quote(code) } : {}),
		...(typeof message === 'string' && message !== '' ? { message: quote(message) } : {}),
		fields: errors.slice(0, MAX_FIELDS).flatMap(fieldError),
	};
}

/** `{loc: ['body', 'input', 'seed'], msg}` as "input.seed: msg". */
function fieldError(entry: unknown): string[] {
	if (typeof entry === 'string') return [quote(entry)];
	if (!isObject(entry)) return [];
	const path = Array.isArray(entry.loc) ? entry.loc.filter((part) => part !== 'body') : [];
	const said = entry.msg ?? entry.message;
	if (typeof said !== 'string') return [];
	return [quote(path.length === 0 ? said : `${path.join('.')}: ${said}`)];
}

/** Shortens a text of somebody else's that goes into an error. */
export function quote(words: string): string {
	return words.length > MAX_QUOTED_CHARACTERS ? `${words.slice(0, MAX_QUOTED_CHARACTERS)}…` : words;
}
