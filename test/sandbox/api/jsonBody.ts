import { errorAnswer, passed, refused, type Call, type Checked } from '../http/answer';
import { parseJson, type Json } from '../json';

/**
 * In: a call. Out: the JSON that it carries, or 400 (413 when it is too large).
 * @see docs/runflow-api.md, "Request body" and "HTTP statuses"
 */
export function readJsonBody(call: Call): Checked<Json> {
	if (call.bodyTooLarge) {
		return refused(errorAnswer(413, 'PAYLOAD_TOO_LARGE', 'The request body is too large.'));
	}
	const mediaType = (call.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
	if (mediaType !== 'application/json') {
		return refused(errorAnswer(400, 'BAD_REQUEST', 'Content-Type must be application/json.'));
	}
	const json = parseJson(call.body.toString());
	return json === undefined
		? refused(errorAnswer(400, 'BAD_REQUEST', 'The request body is not valid JSON.'))
		: passed(json);
}
