import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { setTimeout as wait } from 'node:timers/promises';
import { inspect } from 'node:util';

import type { TestFiles } from '../../engine/binaryData';
import type { Outcome } from '../../engine/engine';
import { startWaitingHost, type Held, type WaitingHost } from '../../engine/waiting';
import { binary, images, sources, url, WAN, wanWorkflow } from '../../engine/workflows';
import { ALL_SCOPES, type LoggedRequest, type Sandbox } from '../../sandbox';
import { asText } from '../../../nodes/shared/values/json';
import { gradientPng } from '../../sandbox/media/png';
import type { Case, OnError } from './cases';
import { isTimeout } from './faults';
import type { ForeignHost } from './foreignHost';
import { startSandboxOnOwnPorts } from './ownPorts';
import type { Surroundings } from './surroundings';
import { inject, type Injection } from './injection';
import type { ErrorSeen, ItemSeen, Observation, Paid, Result } from './observation';

/** What must be nowhere. */
const API_KEY = 'rf_live_MatrixKeyThatMustStayHere';
const SECRET = 'whsec_MatrixSecretThatMustStayHere';

/** Milliseconds. */
const RUN_TAKES = 300;
const CREATE_TIMEOUT = 4000;
/** How long an execution may take beyond its time-outs. */
const DEADLINE_MS = 60_000;
/** When runs on callback end though the execution is not suspended: it may poll instead. */
const RUNS_END_ANYWAY = 10_000;
/** When to check an execution that still waits while its fault stays. */
const STILL_WAITING = 6000;
/** The late reads come up to 15 s after the suspension. */
const GOES_ON = 25_000;

const SETTING: Record<OnError, 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput'> = {
	stop: 'stopWorkflow',
	continue: 'continueRegularOutput',
	'error output': 'continueErrorOutput',
};

/** Carries out a case of the Wan 2.7 node, against a sandbox and in its own n8n. */
export async function carryOutOnNode(
	one: Case,
	{ foreign, closing }: Surroundings,
): Promise<Observation> {
	const { request } = one;
	const began = Date.now();
	const current: { injection?: Injection } = {};
	const sandbox = await startSandboxOnOwnPorts({
		keys: [{ key: API_KEY, scopes: ALL_SCOPES, email: 'matrix@example.com' }],
		callbackSecrets: [{ secret: SECRET, isCurrent: true }],
		manual: one.completion === 'callback',
		runDurationMs: RUN_TAKES,
		...(request.setUp.noCallbacks === true ? { callbackHosts: [] } : {}),
		onRequest: (seen) => current.injection?.answered(seen),
	});
	const host = await startWaitingHost({
		runflowApi: {
			apiKey: API_KEY,
			baseUrl: sandbox.url,
			callbackSecrets: SECRET,
			organizationId: '',
		},
	});
	const itemOf = (seen: LoggedRequest) => itemOfRequest(seen, sandbox);
	const foreignPath = `/${one.id}/`;
	const injection = inject(one, sandbox, { itemOf, foreignUrl: `${foreign.url}${foreignPath}` });
	current.injection = injection;
	const scene: Scene = { one, sandbox, host, injection };
	try {
		let held = host.start(workflowOf(one));
		let first = await drive(scene, held, true);
		if (request.stage === 'retry') {
			injection.enter('retry');
			endRuns(sandbox);
			held = host.retry(await held.ended);
			first = await drive(scene, held, true);
		}
		const result = resultOf(first);
		const paidFirst = paidRuns(sandbox);

		await injection.end();
		let last = first;
		if (first === 'waiting') last = await drive(scene, held, false);
		else if (first !== 'hung' && first.status === 'error') {
			injection.enter('retry');
			// Meanwhile the runs that were started before have ended.
			endRuns(sandbox);
			last = await drive(scene, host.retry(first), false);
		}
		return {
			case: one,
			met: injection.met(),
			seconds: (Date.now() - began) / 1000,
			first: result,
			paidFirst,
			second: last === first ? undefined : resultOf(last),
			paid: paidRuns(sandbox),
			items: request.items,
			wantsFiles: request.setUp.download === true,
			leaks: leaksIn(scene, [first, last], foreign.requestsFor(foreignPath)),
		};
	} finally {
		await injection.end();
		closing.add(async () => {
			await Promise.all([host.close(), sandbox.close()]);
		});
	}
}

interface Scene {
	one: Case;
	sandbox: Sandbox;
	host: WaitingHost;
	injection: Injection;
}

function workflowOf({ id, request, fault, completion = 'polling', onError = 'stop' }: Case) {
	const { operation = 'proEdit', files, download = false } = request.setUp;
	const picture =
		operation === 'imageToVideo'
			? { image: url('https://example.com/1.png') }
			: {
					images:
						files === undefined ? images('https://example.com/1.png') : sources(binary('data')),
				};
	const isSuspended = completion === 'callback' && request.stage !== 'retry';
	// A read of a run may take 30 s, and the run must be seen after it.
	const polls = completion === 'callback' ? 0.3 : 0.08;
	const maximumWait = isSuspended ? 10 : isTimeout(fault) ? 1 : polls;
	const parameters: INodeParameters = {
		operation,
		...picture,
		completion,
		prompt: '={{ $json.prompt }}',
		downloadOutputs: download,
		options: {
			pollingInterval: 0.3,
			maximumWait,
			...(files === undefined ? {} : { assetReference: files }),
		},
		...(isTimeout(fault) && request.timeout === 'set by the user'
			? { requestOptions: { timeout: CREATE_TIMEOUT } }
			: {}),
	};
	const indices = Array.from({ length: request.items }, (_, index) => index);
	return wanWorkflow(
		parameters,
		// What the process remembers of identical requests must not come from another case.
		indices.map((index) => ({ prompt: `${id} item ${index}` })),
		{ onError: SETTING[onError] },
		files === undefined ? [] : indices.map(fileOf),
	);
}

function fileOf(index: number): TestFiles {
	const base64 = gradientPng(32, 24, index + 1).toString('base64');
	return { data: { base64, mimeType: 'image/png', fileName: `${index}.png` } };
}

/** Which item a request is about: by the prompt of its run, or the name of its file. */
function itemOfRequest({ path, json }: LoggedRequest, sandbox: Sandbox): number | undefined {
	const { input, filename } = (json ?? {}) as { input?: { prompt?: string }; filename?: string };
	const run = sandbox.acceptedRuns().find(({ id }) => path.includes(`/${id}`));
	const upload = sandbox.uploads().find(({ id }) => path.includes(`/${id}`));
	const named = input?.prompt ?? run?.input.prompt ?? filename ?? upload?.filename;
	return typeof named === 'string' ? indexIn(named) : undefined;
}

function indexIn(name: string): number | undefined {
	const found = /(\d+)(?:\.png)?$/.exec(name)?.[1];
	return found === undefined ? undefined : Number(found);
}

function paidRuns(sandbox: Sandbox): Paid[] {
	return sandbox.acceptedRuns().map(({ id, input, status }) => ({
		id,
		item: indexIn(typeof input.prompt === 'string' ? input.prompt : '') ?? -1,
		isFree: status === 'failed' || status === 'canceled',
	}));
}

/** An execution that has ended, still waits, or did neither in time. */
type Driven = Outcome | 'waiting' | 'hung';

/**
 * Lets an execution run, and its runs end once it is suspended.
 * @param mayWait whether it may still wait when it is checked, since its fault may stay
 */
async function drive(
	{ one, sandbox, injection }: Scene,
	held: Held,
	mayWait: boolean,
): Promise<Driven> {
	const limit = DEADLINE_MS + timeoutsOf(one);
	const endAnyway = setTimeout(
		() => {
			endRuns(sandbox);
		},
		RUNS_END_ANYWAY + timeoutsOf(one),
	);
	const settled = await within(held.settled, limit);
	clearTimeout(endAnyway);
	if (settled === 'late') return 'hung';
	if (settled.status !== 'waiting') return settled;
	if (mayWait) injection.enter(one.request.stage === 'retry' ? 'retry' : 'suspended');
	endRuns(sandbox);
	const staysUp = one.times === 'for good' && one.request.stage.includes('suspended');
	if (mayWait && staysUp) await within(Promise.race([held.ended, isMet(injection)]), limit);
	const ended = await within(
		held.ended,
		!mayWait ? limit : staysUp ? STILL_WAITING : GOES_ON + timeoutsOf(one),
	);
	if (ended !== 'late') return ended;
	// It may run again and poll, where the fault came when it resumed.
	const continues = held.status() === 'waiting' || (staysUp && held.status() === 'running');
	return mayWait && continues ? 'waiting' : 'hung';
}

async function isMet(injection: Injection): Promise<void> {
	while (injection.met() === 0 && !injection.isOver()) await wait(20);
}

function endRuns(sandbox: Sandbox): void {
	for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
}

/** How long the package may wait for answers that do not come, in milliseconds. */
function timeoutsOf({ request, fault }: Case): number {
	if (!isTimeout(fault)) return 0;
	return 3 * (request.timeout === 'set by the user' ? CREATE_TIMEOUT : request.timeout);
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | 'late'> {
	const timer = new AbortController();
	try {
		return await Promise.race([
			promise,
			wait(ms, 'late' as const, { signal: timer.signal }).catch(() => 'late' as const),
		]);
	} finally {
		timer.abort();
	}
}

function resultOf(driven: Driven): Result {
	if (driven === 'waiting' || driven === 'hung') {
		return { status: driven, items: [], thrown: undefined, storedLength: 0 };
	}
	const { status, error } = driven;
	const items = [...driven.items(WAN, 0), ...driven.items(WAN, 1)].map(itemSeen);
	return {
		status: status === 'success' || status === 'error' || status === 'waiting' ? status : 'other',
		items,
		thrown:
			error === undefined
				? undefined
				: errorSeen(error, (error as { context?: IDataObject }).context),
		storedLength: lengthWithoutFiles(driven.stored.data),
	};
}

/** Files are as long as they are. */
function lengthWithoutFiles(data: string): number {
	return data.replace(/"[A-Za-z0-9+/]{500,}={0,2}"/g, '""').length;
}

function itemSeen({ json, binary: files, pairedItem }: INodeExecutionData): ItemSeen {
	const item =
		typeof pairedItem === 'object' && !Array.isArray(pairedItem) ? pairedItem.item : undefined;
	const error = json.error as (IDataObject & { message?: string }) | undefined;
	if (error !== undefined) return { item, error: errorSeen(error, { itemIndex: item, ...error }) };
	return {
		item,
		run: {
			id: asText(json.id),
			status: asText(json.status),
			files: Object.keys(files ?? {}).length,
		},
	};
}

function errorSeen(error: object, context: IDataObject = {}): ErrorSeen {
	const { message = '', description } = error as { message?: string; description?: string | null };
	const { runId, itemIndex, startedRuns } = context;
	return {
		message,
		description: description ?? '',
		item: typeof itemIndex === 'number' ? itemIndex : undefined,
		runId: typeof runId === 'string' ? runId : undefined,
		others: (startedRuns ?? {}) as Record<number, string>,
	};
}

/** Where the API key or the signing secret was found, and where the key was sent besides the API. */
function leaksIn(
	{ host, sandbox }: Scene,
	outcomes: Driven[],
	foreign: ReturnType<ForeignHost['requestsFor']>,
): string[] {
	const ended = outcomes.filter((outcome) => typeof outcome === 'object');
	const places: [string, string][] = [
		...ended.flatMap((outcome): [string, string][] => [
			["the execution's data", outcome.stored.data],
			['the error', inspect(outcome.error, { depth: 8, showHidden: true, maxStringLength: 1e6 })],
		]),
		["n8n's answers to callbacks", JSON.stringify(host.answers)],
		['a request to another host', JSON.stringify(foreign)],
		[
			'a request to the storage',
			JSON.stringify(
				sandbox.requests
					.filter((seen) => seen.host === 'storage')
					.map(({ path, query, headers }) => ({ path, query, headers })),
			),
		],
	];
	const found = places.flatMap(([place, text]) =>
		[API_KEY, SECRET].some((secret) => text.includes(secret)) ? [place] : [],
	);
	const authorized = foreign.some(({ headers }) => headers.authorization !== undefined);
	return authorized ? [...found, 'Authorization went to another host'] : found;
}
