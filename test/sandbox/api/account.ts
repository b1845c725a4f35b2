import { jsonAnswer, validationAnswer, type Answer } from '../http/answer';
import type { Organization } from '../switches';
import type { JsonObject } from '../json';
import { uuidOf } from '../uuidOf';
import type { Caller } from './caller';
import type { Request } from './route';

const EMBEDS = ['memberships', 'organizations', 'pending_invitations'];

/**
 * Out: 200, without a key.
 * @see docs/runflow-api.md, "Account"
 */
export function getHealth(): Answer {
	return jsonAnswer(200, { status: 'ok' });
}

/**
 * In: who calls, and `embed`. Out: the account; memberships only when embedded.
 * @see docs/runflow-api.md, "Account"
 */
export function getMe({ call, caller, state }: Request): Answer {
	const embeds = (call.query.get('embed') ?? '').split(',').filter((name) => name !== '');
	const unknown = embeds.filter((name) => !EMBEDS.includes(name));
	if (unknown.length > 0) {
		return validationAnswer([
			{ loc: ['query', 'embed'], msg: `Unknown embed: ${unknown.join(', ')}`, type: 'value_error' },
		]);
	}
	return jsonAnswer(200, {
		id: uuidOf(caller.key.email),
		email: caller.key.email,
		first_name: null,
		last_name: null,
		avatar_url: null,
		timezone: null,
		locale_code: null,
		email_verified_at: null,
		memberships: embeds.includes('memberships')
			? state.switches.organizations.map((org) => membership(caller, org))
			: null,
	});
}

function membership(caller: Caller, { id, name, slug, plan_code }: Organization): JsonObject {
	return { org: { id, name, slug, plan_code }, role_code: 'owner', scopes: caller.key.scopes };
}
