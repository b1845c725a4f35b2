import { setTimeout as wait } from 'node:timers/promises';

import { errorAnswer, type Answer, type Call } from '../http/answer';
import type { SandboxState } from '../state';
import { getHealth, getMe } from './account';
import { getBalance, getCreditBalances } from './balance';
import { confirmUpload, createUpload, getAsset, listAssetTypes } from './assets';
import { identifyCaller, requireScope } from './caller';
import { createCallbackSecret } from './callbackSecrets';
import { createRun } from './createRun';
import { actOnce } from './idempotency';
import { getModel, listModels, listPublicModels } from './models';
import { limitRate } from './rateLimit';
import { getRun, listRuns, listStatuses } from './readRuns';
import type { Route } from './route';
import { listDeliveries, redeliverCallback } from './runCallbacks';

/** The first that matches answers. @see docs/runflow-api.md, "Scopes" */
const ROUTES: readonly Route[] = [
	{ method: 'GET', path: /^\/v1\/auth\/me$/, scope: null, handle: getMe },
	{ method: 'POST', path: /^\/v1\/models\/(.+)\/runs$/, scope: 'runs:create', handle: createRun },
	// The scope that these two need is unknown.
	{ method: 'GET', path: /^\/v1\/models$/, scope: null, handle: listModels },
	{ method: 'GET', path: /^\/v1\/models\/([^/]+)\/(.+)$/, scope: null, handle: getModel },
	{
		method: 'GET',
		path: /^\/v1\/billing\/balance$/,
		scope: 'credit_balance:read',
		handle: getBalance,
	},
	{
		method: 'GET',
		path: /^\/v1\/credit-balances$/,
		scope: 'credit_balance:read',
		handle: getCreditBalances,
	},
	{ method: 'GET', path: /^\/v1\/runs$/, scope: 'runs:read', handle: listRuns },
	{ method: 'GET', path: /^\/v1\/runs\/statuses$/, scope: null, handle: listStatuses },
	{ method: 'GET', path: /^\/v1\/runs\/([^/]+)$/, scope: 'runs:read', handle: getRun },
	{
		method: 'GET',
		path: /^\/v1\/runs\/([^/]+)\/callback$/,
		scope: 'runs:read',
		handle: listDeliveries,
	},
	{
		method: 'POST',
		path: /^\/v1\/runs\/([^/]+)\/callback-redeliveries$/,
		scope: 'runs:execute',
		handle: redeliverCallback,
	},
	// The scope that this needs is unknown.
	{
		method: 'POST',
		path: /^\/v1\/callback-secrets$/,
		scope: null,
		handle: createCallbackSecret,
	},
	{ method: 'POST', path: /^\/v1\/asset-uploads$/, scope: 'assets:create', handle: createUpload },
	{
		method: 'POST',
		path: /^\/v1\/asset-uploads\/([^/]+)\/confirmations$/,
		scope: 'assets:create',
		handle: confirmUpload,
	},
	{ method: 'GET', path: /^\/v1\/assets\/types$/, scope: null, handle: listAssetTypes },
	{ method: 'GET', path: /^\/v1\/assets\/([^/]+)$/, scope: 'assets:read', handle: getAsset },
];

/**
 * In: a call to the API. Out: its answer: too many, who are you, no such thing, you may not, or what the route says.
 * @see docs/runflow-api.md, "Authentication" and "HTTP statuses"
 */
export async function handleApi(state: SandboxState, call: Call): Promise<Answer> {
	const limited = limitRate(state, Date.now());
	if (limited !== null) return limited;
	const open = answerWithoutKey(state, call);
	if (open !== null) return open;
	const caller = identifyCaller(call, state.switches, readsOrganization(state, call));
	if (!caller.ok) return caller.answer;
	const route = findRoute(call);
	if (route === null) return errorAnswer(404, 'NOT_FOUND', 'No such endpoint.');
	const allowed = requireScope(caller.value, route.scope);
	if (!allowed.ok) return allowed.answer;
	const params = route.path.exec(call.path)?.slice(1) ?? [];
	return await actOnce(state, call, caller.value, async () => {
		const answer = route.handle({ state, call, caller: caller.value, params, nowMs: Date.now() });
		// After the deed: a key is in flight, and a callback may come, before the answer is out.
		const { answerDelayMs } = state.switches;
		if (answerDelayMs > 0) await wait(answerDelayMs, undefined, { ref: false });
		return answer;
	});
}

function answerWithoutKey(state: SandboxState, call: Call): Answer | null {
	if (call.method !== 'GET') return null;
	if (call.path === '/v1/health') return getHealth();
	return call.path === '/v1/public/models' ? listPublicModels(state, call) : null;
}

/** `/auth/me` does not list the header, so it may well not read it. @see docs/runflow-api.md, "Authentication" */
function readsOrganization(state: SandboxState, call: Call): boolean {
	return call.path !== '/v1/auth/me' || state.switches.meOrganization === 'checked';
}

function findRoute(call: Call): Route | null {
	return ROUTES.find(({ method, path }) => method === call.method && path.test(call.path)) ?? null;
}
