import { randomBytes } from 'node:crypto';

import { secretId } from '../callbacks/delivery';
import { jsonAnswer, validationAnswer, type Answer } from '../http/answer';
import { isoTime } from '../isoTime';
import { isJsonObject } from '../json';
import { readJsonBody } from './jsonBody';
import type { Request } from './route';

const MAX_LABEL_LENGTH = 255;
const PREFIX_LENGTH = 10;

/**
 * In: `{label}`, which may be left out. Out: the record and, this one time, the secret itself; callbacks are signed with it
 * from now on unless another is the current one (whether a second one would take over is unknown).
 * @see docs/runflow-api.md, "Signing secrets"
 */
export function createCallbackSecret({ state, call, caller, nowMs }: Request): Answer {
	const json = readJsonBody(call);
	if (!json.ok) return json.answer;
	const label = isJsonObject(json.value) ? (json.value.label ?? null) : null;
	if (label !== null && (typeof label !== 'string' || label.length > MAX_LABEL_LENGTH)) {
		const msg = `Label is a text of at most ${MAX_LABEL_LENGTH} characters`;
		return validationAnswer([{ loc: ['body', 'label'], msg, type: 'value_error' }]);
	}
	const secret = `whsec_${randomBytes(24).toString('base64url')}`;
	const { callbackSecrets } = state.switches;
	const isCurrent = !callbackSecrets.some((known) => known.isCurrent);
	state.switches = {
		...state.switches,
		callbackSecrets: [...callbackSecrets, { secret, isCurrent }],
	};
	return jsonAnswer(state.switches.createStatus, {
		id: secretId(secret),
		org_id: caller.org.id,
		key_prefix: secret.slice(0, PREFIX_LENGTH),
		is_current: isCurrent,
		label,
		disabled_at: null,
		last_used_at: null,
		created_at: isoTime(nowMs),
		updated_at: isoTime(nowMs),
		plain_secret: secret,
	});
}
