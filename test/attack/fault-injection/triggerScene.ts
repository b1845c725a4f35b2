import type { INodeParameters } from 'n8n-workflow';
import { setTimeout as sleep } from 'node:timers/promises';

import { startWebhookHost, type StartedExecution, type WebhookHost } from '../../engine/webhook';
import { ALL_SCOPES, type Sandbox } from '../../sandbox';
import type { Case } from './cases';
import { isHuge, isTimeout } from './faults';
import { startSandboxOnOwnPorts } from './ownPorts';
import type { Surroundings } from './surroundings';
import { inject, type Injection } from './injection';

const API_KEY = 'rf_live_TriggerKeyThatMustStayHere';
const SECRET = 'whsec_TriggerSecretThatMustStayHere';
const EDIT = '/v1/models/alibaba/wan/v2.7/pro/edit/runs';

/** What came of one case of the trigger. */
export interface TriggerObservation {
	case: Case;
	met: number;
	seconds: number;
	/** How often the workflow has to be started for what was delivered up to the fault, and after Redeliver. */
	due: number;
	dueAfter: number;
	/** How often it was, and with all that the user wants. */
	started: number;
	startedAfter: number;
	areComplete: boolean;
	/** What the deliveries up to the end of the fault were answered; undefined where they got no answer. */
	answers: (number | undefined)[];
	/** What n8n's log says of it. */
	logs: string[];
	hung: boolean;
	leaks: string[];
}

/** Milliseconds: how long after the last delivery was over a start may still come, and all of it may take. */
const LATE_START = 300;
/** Between three attempts of the trigger, and a little. */
const PAUSES = 6000;
const DEADLINE_MS = 45_000;

/** Carries out a case of the trigger: a run ends, Runflow calls, and calls again on Redeliver. */
export async function carryOutOnTrigger(
	one: Case,
	{ foreign, closing }: Surroundings,
): Promise<TriggerObservation> {
	const { request } = one;
	const began = Date.now();
	const current: { injection?: Injection } = {};
	const sandbox = await startSandboxOnOwnPorts({
		manual: true,
		keys: [{ key: API_KEY, scopes: ALL_SCOPES, email: 'matrix@example.com' }],
		callbackSecrets: [{ secret: SECRET, isCurrent: true }],
		callbackRetryDelaysMs: [500, 1000],
		// What is huge has to be made and read by this very process, in which other cases are under way.
		...(isHuge(one.fault) ? { callbackTimeoutMs: 30_000 } : {}),
		onRequest: (seen) => current.injection?.answered(seen),
	});
	const host = await startWebhookHost(parametersOf(one), {
		apiKey: API_KEY,
		baseUrl: sandbox.url,
		callbackSecrets: SECRET,
		organizationId: '',
	});
	const isHistory = request.id === 'trigger-history';
	const overrun = isTimeout(one.fault) ? 3 * Number(request.timeout) + PAUSES : 0;
	const wait = { overrun, limit: 2 * overrun + DEADLINE_MS };
	try {
		const runId = await start(sandbox, host);
		const foreignPath = `/${one.id}/`;
		const injection = inject(one, sandbox, {
			itemOf: () => 0,
			foreignUrl: `${foreign.url}${foreignPath}`,
		});
		current.injection = injection;
		// Both deliveries of a run that has failed are the same byte by byte.
		sandbox.finishRun(runId, isHistory ? 'failed' : 'succeeded');
		const due = isHistory ? 2 : 1;
		const inTime = [await over(sandbox, host, { due: 1, ...wait })];
		if (isHistory) {
			await redeliver(sandbox, runId);
			inTime.push(await over(sandbox, host, { due, ...wait }));
		}
		const started = host.executions.length;
		const answers = sandbox
			.deliveries()
			.flatMap(({ attempts }) =>
				attempts.map(({ result }) => (result.kind === 'answered' ? result.status : undefined)),
			);
		// Other cases run in this process, and some of their lines name no workflow.
		const logs = host.logs.filter((line) => line.startsWith('"Runflow Trigger" '));

		await injection.end();
		const isDone = started >= due;
		if (!isDone) {
			await redeliver(sandbox, runId);
			inTime.push(await over(sandbox, host, { due, ...wait }));
		}
		const bodies = sandbox
			.deliveries()
			.flatMap(({ attempts }) => attempts.map(({ result }) => JSON.stringify(result)));
		const requests = foreign.requestsFor(foreignPath);
		const places: [string, string][] = [
			['an item', JSON.stringify(host.executions)],
			["n8n's log", JSON.stringify(host.logs)],
			['an answer', bodies.join('\n')],
			['a request to another host', JSON.stringify(requests)],
		];
		return {
			case: one,
			met: injection.met(),
			seconds: (Date.now() - began) / 1000,
			due,
			dueAfter: due,
			started,
			startedAfter: host.executions.length,
			areComplete: host.executions.every((execution) => isComplete(execution, one, runId)),
			answers,
			logs,
			hung: inTime.includes(false),
			leaks: places.flatMap(([place, text]) =>
				[API_KEY, SECRET].some((secret) => text.includes(secret)) ? [place] : [],
			),
		};
	} finally {
		await current.injection?.end();
		closing.add(async () => {
			await Promise.all([host.close(), sandbox.close()]);
		});
	}
}

function parametersOf({ request }: Case): INodeParameters {
	const fullRun = request.id === 'trigger-run';
	return {
		events: ['run.completed', 'run.failed'],
		acceptUnsigned: false,
		options: { fullRun, downloadOutputs: request.setUp.download === true },
	};
}

async function start(sandbox: Sandbox, host: WebhookHost): Promise<string> {
	const answer = await api(sandbox, EDIT, {
		input: { prompt: 'Blue', image_urls: [sandbox.sampleUrl('sneaker.png')] },
		callback_url: host.url,
	});
	return (answer as { id: string }).id;
}

async function redeliver(sandbox: Sandbox, runId: string): Promise<void> {
	await api(sandbox, `/v1/runs/${runId}/callback-redeliveries`);
}

async function api(sandbox: Sandbox, path: string, body?: object): Promise<unknown> {
	const response = await fetch(sandbox.url + path, {
		method: 'POST',
		headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
		body: body === undefined ? null : JSON.stringify(body),
	});
	const answer: unknown = await response.json();
	if (!response.ok) throw new Error(`The sandbox refused: ${JSON.stringify(answer)}`);
	return answer;
}

/**
 * Waits until Runflow has given up or is content, and n8n has started what it should start.
 * @param overrun how long the trigger may continue after Runflow has given up waiting for it, in milliseconds
 */
async function over(
	sandbox: Sandbox,
	host: WebhookHost,
	{ due, overrun, limit }: { due: number; overrun: number; limit: number },
): Promise<boolean> {
	const until = Date.now() + limit;
	let idleSince: number | undefined;
	while (Date.now() < until) {
		const isIdle = sandbox.deliveries().every(({ status }) => status !== 'pending');
		if (!isIdle) idleSince = undefined;
		else idleSince ??= Date.now();
		const isEnough = host.executions.length >= due || wasAnswered(sandbox);
		const idleFor = isEnough ? LATE_START : LATE_START + overrun;
		if (isIdle && Date.now() - (idleSince ?? 0) >= idleFor) return true;
		await sleep(10);
	}
	return false;
}

/** Whether the last attempt was answered: then nothing is under way any more that was not reported. */
function wasAnswered(sandbox: Sandbox): boolean {
	return sandbox.deliveries().at(-1)?.attempts.at(-1)?.result.kind === 'answered';
}

function isComplete({ items }: StartedExecution, { request }: Case, runId: string): boolean {
	const [item] = items;
	if (item?.json.run_id !== runId) return false;
	if (request.setUp.download === true) return Object.keys(item.binary ?? {}).length === 1;
	if (request.id !== 'trigger-run') return true;
	return (item.json.run as { id?: unknown } | undefined)?.id === runId;
}
