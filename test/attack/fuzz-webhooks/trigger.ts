import type { INodeParameters } from 'n8n-workflow';

import { createHash } from 'node:crypto';

import { startWebhookHost, type WebhookHost } from '../../engine/webhook';
import type { Sandbox } from '../../sandbox';
import { openClient, sendAll, type Client, type Met } from './client';
import { note, describeCase, type Findings, type Numbered } from './findings';
import { BIG, FORGED } from './generators/forged';
import { REPLAYED, SIGNED_SENSELESS, SIGNED_STRANGE, UNSIGNED, VALID } from './generators/signed';
import { isEvent, read, type Reading } from './oracle';
import { batchesOf, indexesIn, type Plan, type Stretch } from './plan';
import { randomOf, type Random } from './random';
import { requestsSince, endedRun, readsRun } from './runs';
import { forEachSetup, type FoundBySetup } from './setups';
import { makeOne, type Base, type CaseGenerator, type FuzzCase } from './fuzzCase';

const SECRETS = ['whsec_Current0123456789', 'whsec_Old0123456789'] as const;

/** One way to set the trigger up, and what it then receives. */
interface Setup {
	name: string;
	/** Of all requests to the trigger. */
	share: number;
	secrets: readonly string[];
	parameters: INodeParameters;
	/** Which answers 5xx the documents name here. */
	allowed: readonly number[];
	/** What is worth a start, if the body is in order and names an event that is listened to. */
	opens(reading: Reading, knows: (runId: unknown) => boolean): boolean;
	/** What else than forged callbacks comes, and that it is one of so many. */
	also: readonly CaseGenerator[];
	oneOf: number;
	/** What the one true callback of a batch looks like. */
	valid: readonly CaseGenerator[];
}

const EVENTS = ['run.completed', 'run.failed', 'run.cancelled', 'run.partial_succeeded', 'batch'];

const SETUPS: readonly Setup[] = [
	{
		name: 'with secrets',
		share: 40,
		secrets: SECRETS,
		parameters: {},
		allowed: [],
		opens: ({ signed }) => signed === 'right',
		also: [...SIGNED_SENSELESS, ...SIGNED_STRANGE, ...REPLAYED],
		oneOf: 8,
		valid: VALID,
	},
	{
		name: 'without a secret',
		share: 4,
		secrets: [],
		parameters: {},
		allowed: [],
		opens: () => false,
		also: UNSIGNED,
		oneOf: 2,
		valid: UNSIGNED.slice(-3),
	},
	{
		name: 'unsigned ones accepted',
		share: 4,
		secrets: [],
		parameters: { acceptUnsigned: true },
		allowed: [],
		opens: ({ inForm }) => inForm,
		also: UNSIGNED,
		oneOf: 2,
		valid: UNSIGNED.slice(-3),
	},
	{
		name: 'unsigned ones accepted, with Full Run',
		share: 2,
		secrets: [],
		parameters: { acceptUnsigned: true, options: { fullRun: true } },
		// "the full run … could not be fetched" (docs/trigger.md)
		allowed: [503],
		opens: ({ inForm, said }, knows) => inForm && knows(said?.run_id),
		also: UNSIGNED,
		oneOf: 2,
		valid: UNSIGNED.slice(-3),
	},
];

/** The trigger, set up in one of the ways, and what it has received so far. */
interface FuzzContext {
	setup: Setup;
	host: WebhookHost;
	sandbox: Sandbox;
	client: Client;
	findings: Findings;
	plan: Plan;
	/** Callbacks that the workflow was started for, by their bytes. */
	started: Set<string>;
	taken: Buffer[];
}

/**
 * Sends requests to a Runflow Trigger: n8n's real webhook context and the built node.
 * @param stretch which requests of the plan
 * @param pause called after each batch
 */
export async function fuzzTrigger(
	plan: Plan,
	stretch: Stretch,
	pause: (done: number) => void = () => undefined,
): Promise<FoundBySetup> {
	return await forEachSetup(SETUPS, stretch, async (setup, part, findings, sandbox) => {
		const credential = {
			apiKey: sandbox.apiKey,
			baseUrl: sandbox.url,
			organizationId: '',
			callbackSecrets: setup.secrets.join(', '),
		};
		const parameters = { events: EVENTS, acceptUnsigned: false, options: {}, ...setup.parameters };
		const host = await startWebhookHost(parameters, credential);
		const client = openClient(host.url);
		const started = new Set<string>();
		const context = { setup, host, sandbox, client, findings, plan, started, taken: [] };
		try {
			for (const batch of batchesOf(part)) {
				await sendBatch(context, batch);
				pause(batch.to);
			}
		} finally {
			client.close();
			await host.close();
		}
	});
}

async function sendBatch(context: FuzzContext, batch: Stretch): Promise<void> {
	const { setup, host, sandbox, client, findings, plan, taken } = context;
	const indexes = indexesIn(batch, plan);
	if (indexes.length === 0) return;
	const fresh = await endedRun(sandbox, host.url);
	const base: Base = {
		path: new URL(host.url).pathname,
		body: fresh.callback,
		runId: fresh.id,
		secrets: setup.secrets,
		taken: taken.slice(-50),
		otherRuns: sandbox
			.acceptedRuns()
			.slice(-20)
			.map(({ id }) => id),
		otherPaths: [],
	};
	const trueOne = batch.from + randomOf(plan.seed, batch.from, 1).below(batch.to - batch.from);
	const fuzzCases = indexes.map((index): Numbered => {
		const random = randomOf(plan.seed, index);
		return {
			index,
			fuzzCase: index === trueOne ? makeOne(setup.valid, random, base) : draw(setup, random, base),
		};
	});

	const before = sandbox.requests.length;
	const met = await sendAll(
		client,
		fuzzCases.map(({ fuzzCase }) => fuzzCase),
	);
	for (const request of requestsSince(sandbox, before)) {
		if (!readsRun(request)) findings.strayed.push(request);
		// The history of deliveries is read when a callback comes again, which is not a refusal.
		else if (!request.endsWith('/callback')) findings.apiRequests += 1;
	}
	findings.apiRequestsFor += fuzzCases.length;
	checkAnswers(context, fuzzCases, met);
	taken.push(fresh.callback);
}

function draw({ also, oneOf }: Setup, random: Random, base: Base): FuzzCase {
	if (random.once(2000)) return makeOne(BIG, random, base);
	return makeOne(random.once(oneOf) ? also : FORGED, random, base);
}

/** What n8n answers where it has started a workflow. */
const STARTED = '{"message":"Workflow was started"}';

function checkAnswers(
	context: FuzzContext,
	fuzzCases: readonly Numbered[],
	met: readonly Met[],
): void {
	const { setup, host, sandbox, findings, started } = context;
	const known = new Set<unknown>(sandbox.acceptedRuns().map(({ id }) => id));
	const due = new Map<string, string>();
	const startedNow: string[] = [];
	for (const [at, numbered] of fuzzCases.entries()) {
		const { index, fuzzCase } = numbered;
		const came = met[at];
		if (came === undefined) throw new Error(`Nothing came of ${index}`);
		const hasStarted = came.kind === 'answered' && came.status === 200 && came.text === STARTED;
		note(findings, numbered, came, { opened: hasStarted, allowed: setup.allowed });
		const reading = read(fuzzCase, setup.secrets);
		const opens = setup.opens(reading, (runId) => known.has(runId)) && reading.said !== undefined;
		const wanted = opens && isEvent(reading.said);
		const digest = createHash('sha256')
			.update(reading.bytes ?? '')
			.digest('hex');
		if (wanted && !started.has(digest)) due.set(digest, JSON.stringify(reading.said));
		if (hasStarted) startedNow.push(digest);
		if (wanted && !(came.kind === 'answered' && came.status === 200)) {
			findings.refusedWrongly.push(describeCase(index, fuzzCase, came));
		}
		// A request that is not a callback is refused, not just ignored.
		const isKnown = opens && typeof reading.said?.event === 'string';
		const isTaken = came.kind === 'answered' && came.status < 400 && fuzzCase.method !== 'OPTIONS';
		const isTakenWrongly = isTaken && !isKnown && !isFiltered(setup, reading);
		if (isTakenWrongly || (hasStarted && !wanted)) {
			findings.acceptedWrongly.push(describeCase(index, fuzzCase, came));
		}
	}
	checkStarts(context, due, startedNow);
	host.logs.length = 0;
}

/** Events that are not listened to are answered with 200 before anything is sent to the API. */
function isFiltered(setup: Setup, { inForm, said }: Reading): boolean {
	const acceptsUnsigned = setup.parameters.acceptUnsigned === true;
	return acceptsUnsigned && inForm && typeof said?.event === 'string' && !isEvent(said);
}

/** Every callback that was due has started the workflow once, with what it says and nothing else. */
function checkStarts(
	{ host, findings, started, setup }: FuzzContext,
	due: ReadonlyMap<string, string>,
	startedNow: readonly string[],
): void {
	for (const digest of new Set([...startedNow, ...due.keys()])) {
		const times = startedNow.filter((one) => one === digest).length;
		if (times > 1 || (times > 0 && started.has(digest))) {
			findings.acceptedWrongly.push(`started more than once: ${due.get(digest) ?? digest}`);
		}
		if (times === 0) findings.refusedWrongly.push(`not started: ${due.get(digest) ?? digest}`);
		started.add(digest);
	}
	const items = host.executions.flatMap((execution) => execution.items.map(({ json }) => json));
	const output = items.map((item) =>
		JSON.stringify(Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'run'))),
	);
	const expected = startedNow.map((digest) => due.get(digest) ?? `nothing is due for ${digest}`);
	if (JSON.stringify(output.sort()) === JSON.stringify(expected.sort())) {
		findings.opened += startedNow.length;
	} else {
		const foreign = output.filter((one) => !expected.includes(one));
		const missing = expected.filter((one) => !output.includes(one));
		findings.acceptedWrongly.push(JSON.stringify({ setup: setup.name, foreign, missing }));
	}
	if (host.executions.length !== startedNow.length) {
		findings.acceptedWrongly.push(
			`${host.executions.length} executions for ${startedNow.length} answers that one was started`,
		);
	}
	host.executions.length = 0;
}
