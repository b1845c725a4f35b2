import { errorAnswer, passed, refused, type Call, type Checked } from '../http/answer';
import type { ApiKey, Organization, Switches } from '../switches';

/** Who calls, and for which organization. */
export interface Caller {
	readonly key: ApiKey;
	readonly org: Organization;
}

/**
 * In: a call, the known keys and organizations, and whether X-Organization-Id counts. Out: who calls, or 401 or 403.
 * @see docs/runflow-api.md, "Authentication"
 */
export function identifyCaller(
	call: Call,
	switches: Switches,
	readsOrganization: boolean,
): Checked<Caller> {
	const token = /^Bearer (\S+)$/.exec(call.headers.authorization ?? '')?.[1];
	const key = switches.keys.find((known) => known.key === token);
	if (key === undefined) {
		return refused(errorAnswer(401, 'UNAUTHORIZED', 'Missing or invalid API key.'));
	}
	const wanted = readsOrganization ? call.headers['x-organization-id'] : undefined;
	const org =
		wanted === undefined
			? switches.organizations[0]
			: switches.organizations.find((known) => known.id === wanted);
	return org === undefined
		? refused(
				errorAnswer(
					403,
					'ORGANIZATION_MEMBERSHIP_REQUIRED',
					'You are not a member of this organization.',
				),
			)
		: passed({ key, org });
}

/**
 * In: a caller and the scope that a call needs, null for none. Out: the caller, or 403.
 * @see docs/runflow-api.md, "Scopes"
 */
export function requireScope(caller: Caller, scope: string | null): Checked<Caller> {
	return scope === null || caller.key.scopes.includes(scope)
		? passed(caller)
		: refused(errorAnswer(403, 'PERMISSION_DENIED', `Missing scope: ${scope}`));
}
