import { randomInt, randomUUID } from 'node:crypto';

import { storeInlineMedia } from '../assets/inlineMedia';
import { errorAnswer, jsonAnswer, type Answer } from '../http/answer';
import { catalogueOf } from '../models';
import type { Model } from '../models/model';
import { beginRun } from '../runs/lifeCycle';
import { renderRun } from '../runs/renderRun';
import type { SandboxRun } from '../runs/run';
import { checkCreateBody, type CreateBody } from '../validation/checkCreateBody';
import type { CheckContext } from '../validation/checkField';
import { readJsonBody } from './jsonBody';
import type { Request } from './route';

const SEED_END = 2147483648;

/**
 * In: a create call. Out: the full run record, queued, or the refusal.
 * @see docs/runflow-api.md, "Create a run"
 */
export function createRun(request: Request): Answer {
	const { state, nowMs } = request;
	const model = catalogueOf(state.switches.catalogueSize).find(
		({ id }) => id === request.params[0],
	);
	if (model === undefined || model.state === 'inactive')
		return errorAnswer(404, 'MODEL_NOT_FOUND', 'No such model.');
	if (model.state === 'unavailable')
		return errorAnswer(503, 'MODEL_UNAVAILABLE', 'The provider of this model is down.');
	const json = readJsonBody(request.call);
	if (!json.ok) return json.answer;
	const body = checkCreateBody(model, json.value, checkContext(request));
	if (!body.ok) return body.answer;
	const run = newRun(request, model, body.value);
	beginRun(state, run);
	return {
		...jsonAnswer(state.switches.createStatus, renderRun(state, run, nowMs)),
		runId: run.id,
	};
}

function newRun(
	{ state, call, caller, nowMs }: Request,
	model: Model,
	body: CreateBody,
): SandboxRun {
	const owner = { orgId: caller.org.id, email: caller.key.email };
	const { seed } = body.input;
	return {
		id: randomUUID(),
		index: state.runs.size,
		model,
		orgId: caller.org.id,
		input: storeInlineMedia(state, body.input, owner, nowMs),
		callbackUrl: body.callbackUrl,
		metadata: body.metadata === null ? null : storeInlineMedia(state, body.metadata, owner, nowMs),
		clientRef: body.clientRef,
		requestId: call.requestId,
		seed: typeof seed === 'number' ? seed : randomInt(SEED_END),
		createdAtMs: nowMs,
		manual: state.switches.manual,
		durationMs: 0,
		status: 'queued',
		startedAtMs: null,
		completedAtMs: null,
		artifacts: [],
		failure: null,
	};
}

function checkContext({ state, caller }: Request): CheckContext {
	const { assetRefs, assetMimeTypes, imageSizeSpelling } = state.switches;
	return {
		imageSizeSpelling,
		media: {
			refs: assetRefs,
			mimeTypes: assetMimeTypes,
			assetMimeType: (id) => {
				const asset = state.assets.get(id);
				const isUsable = asset?.confirmedAtMs != null && asset.orgId === caller.org.id;
				return isUsable ? asset.mimeType : null;
			},
		},
	};
}
