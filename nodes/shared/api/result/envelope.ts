import { isObject } from '../../values/json';
import { listFields } from './errorFields';
import { quote } from './quote';

/** What Runflow's error bodies say, in any of the known shapes. */
export interface Envelope {
	code?: string;
	message?: string;
	/** One line for each field that was rejected. */
	fields: string[];
}

/** The fields that hold a message, the usual one first. `error` is a text in some shapes, `detail` in RFC 9457's. */
const MESSAGES = ['message', 'error', 'detail', 'title', 'error_description', 'msg'];

/**
 * Reads the body of an error.
 * @returns an envelope without code and message where the body has another shape
 * @see docs/runflow-api.md, "Error body"
 */
export function readEnvelope(body: unknown): Envelope {
	const listed = listFields(body).map(quote);
	if (!isObject(body)) return { fields: listed };
	const nested = [body.error, body.detail].find(isObject) ?? body;
	const message = [nested, body]
		.flatMap((from) => MESSAGES.map((name) => from[name]))
		.find((value) => typeof value === 'string' && value.trim() !== '');
	const code = nested.code ?? body.code;
	return {
		...(typeof code === 'string' && code !== '' ? { code: quote(code) } : {}),
		...(typeof message === 'string' ? { message: quote(message) } : {}),
		fields: listed.filter((line) => line !== message),
	};
}

/** @see docs/runflow-api.md, "Error body" */
const RUNFLOWS_CODE = /^[A-Z][A-Z0-9_]*$/;

/**
 * Whether a refusal is Runflow's own: it has the code that each of Runflow's error bodies has, or lists rejected fields.
 * Anything else may come from a proxy, a gateway or a filter on the way.
 */
export function isRunflows({ status, body }: { status: number; body: unknown }): boolean {
	const { code, fields } = readEnvelope(body);
	return (
		RUNFLOWS_CODE.test(code ?? '') || ((status === 400 || status === 422) && fields.length > 0)
	);
}
