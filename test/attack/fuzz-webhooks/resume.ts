import { startWaitingHost, type Held, type WaitingHost } from '../../engine/waiting';
import { AFTER, url, wanWorkflow } from '../../engine/workflows';
import type { Sandbox } from '../../sandbox';
import { openClient, sendAll, type Client, type Met } from './client';
import { note, describeCase, type Findings, type Numbered } from './findings';
import { BIG, FORGED } from './generators/forged';
import {
	MISDIRECTED,
	REPLAYED,
	SIGNED_SENSELESS,
	SIGNED_STRANGE,
	UNSIGNED,
	VALID,
} from './generators/signed';
import { read, runOf } from './oracle';
import { batchesOf, indexesIn, type Plan, type Stretch } from './plan';
import { randomOf, type Random } from './random';
import { requestsSince, callbackOf, readsRun } from './runs';
import { makeOne, fuzzCaseOf, type Base, type CaseGenerator, type FuzzCase } from './fuzzCase';
import { forEachSetup, type FoundBySetup } from './setups';

const SECRETS = ['whsec_Current0123456789', 'whsec_Old0123456789'] as const;

/** One way to set the credential up, and what suspended executions then receive. */
interface Setup {
	name: string;
	/** Of all requests to suspended executions. */
	share: number;
	secrets: readonly string[];
	/** What else than forged callbacks comes, and that it is one of so many. */
	also: readonly CaseGenerator[];
	oneOf: number;
	/** What lets an execution resume. */
	valid: readonly CaseGenerator[];
}

const SETUPS: readonly Setup[] = [
	{
		name: 'with secrets',
		share: 40,
		secrets: SECRETS,
		also: [...SIGNED_SENSELESS, ...REPLAYED, ...MISDIRECTED, ...MISDIRECTED, ...MISDIRECTED],
		oneOf: 8,
		valid: [...VALID, ...VALID, ...SIGNED_STRANGE],
	},
	{
		name: 'without a secret',
		share: 10,
		secrets: [],
		also: [...UNSIGNED, ...MISDIRECTED],
		oneOf: 2,
		valid: UNSIGNED,
	},
];

/** Executions are suspended so many at a time: each stays awake for a second before. */
const WAVE = 25;

/** A suspended execution that waits for one run. */
interface Target {
	held: Held;
	address: URL;
	/** Which its run alone has. */
	prompt: string;
	runId: string;
}

interface FuzzContext {
	setup: Setup;
	host: WaitingHost;
	sandbox: Sandbox;
	client: Client;
	findings: Findings;
	plan: Plan;
	taken: Buffer[];
}

/**
 * Sends requests to executions that are suspended by "When Finished, on Callback": n8n's real webhook context and
 * the built node.
 * @param stretch which requests of the plan
 * @param pause called after each batch
 */
export async function fuzzResume(
	plan: Plan,
	stretch: Stretch,
	pause: (done: number) => void = () => undefined,
): Promise<FoundBySetup> {
	return await forEachSetup(SETUPS, stretch, async (setup, part, findings, sandbox) => {
		await fuzzSetup({ setup, sandbox, findings, plan }, part, pause);
	});
}

async function fuzzSetup(
	shared: Pick<FuzzContext, 'setup' | 'sandbox' | 'findings' | 'plan'>,
	part: Stretch,
	pause: (done: number) => void,
): Promise<void> {
	const { sandbox, setup, plan } = shared;
	const host = await startWaitingHost({
		runflowApi: {
			apiKey: sandbox.apiKey,
			baseUrl: sandbox.url,
			organizationId: '',
			callbackSecrets: setup.secrets.join(', '),
		},
	});
	const batches = batchesOf(part).filter((batch) => indexesIn(batch, plan).length > 0);
	let client: Client | undefined;
	try {
		for (let at = 0; at < batches.length; at += WAVE) {
			const wave = batches.slice(at, at + WAVE);
			const targets = await Promise.all(
				wave.map(async ({ from }) => await suspend(host, sandbox, `${setup.name} ${from}`)),
			);
			client ??= openClient(targets[0]?.address.origin ?? '');
			const context: FuzzContext = { ...shared, host, client, taken: [] };
			for (const [number, batch] of wave.entries()) {
				const target = targets[number];
				if (target !== undefined) await sendBatch(context, batch, target, targets);
				pause(batch.to);
			}
		}
	} finally {
		client?.close();
		await host.close();
	}
}

async function suspend(host: WaitingHost, sandbox: Sandbox, prompt: string): Promise<Target> {
	const held = host.start(
		wanWorkflow({
			operation: 'imageToVideo',
			completion: 'callback',
			prompt,
			image: url('https://example.com/1.png'),
		}),
	);
	const { status, error } = await held.settled;
	if (status !== 'waiting') throw new Error(`Not suspended but ${status}: ${error?.message ?? ''}`);
	const run = sandbox.acceptedRuns().find(({ input }) => input.prompt === prompt);
	return { held, address: new URL(host.resumeUrl(held)), prompt, runId: run?.id ?? '' };
}

/** The half of a batch that comes while the run continues, and the half that comes when it has ended. */
async function sendBatch(
	context: FuzzContext,
	batch: Stretch,
	target: Target,
	neighbours: readonly Target[],
): Promise<void> {
	const { setup, sandbox, findings, plan, taken } = context;
	const base: Base = {
		path: target.address.pathname + target.address.search,
		body: report(target, 'succeeded'),
		runId: target.runId,
		secrets: setup.secrets,
		taken,
		otherRuns: neighbours.map(({ runId }) => runId).filter((runId) => runId !== target.runId),
		otherPaths: pathsBeside(target, neighbours),
	};
	const middle = Math.floor((batch.from + batch.to) / 2);
	// Near the end, with others before and behind it.
	const closing = batch.to - 1 - Math.floor((batch.to - middle) / 5);

	const early = indexesIn({ from: batch.from, to: middle - 1 }, plan);
	// A rightly signed callback that reports the end of its run is believed, and the run is read.
	const isReadBack = (fuzzCase: FuzzCase): boolean =>
		setup.secrets.length > 0 && amountsTo(fuzzCase, setup, target) === 'its run';
	await send(
		context,
		target,
		early.map((index) => ({
			index,
			fuzzCase: drawUntil(plan, index, (random) => [
				draw(setup, random, base),
				(fuzzCase) => !isReadBack(fuzzCase),
			]),
		})),
		'run goes on',
	);
	// Nothing resumes an execution whose run continues, not even Runflow's own callback.
	const premature = indexesIn({ from: middle - 1, to: middle }, plan);
	await send(
		context,
		target,
		premature.map((index) => ({
			index,
			fuzzCase: fuzzCaseOf(base, 'valid, but its run goes on', { body: report(target, 'running') }),
		})),
		'premature',
	);

	sandbox.finishRun(target.runId);
	const ended: Base = { ...base, body: callbackOf(sandbox, target.runId) };
	const late = indexesIn({ from: middle, to: batch.to }, plan).map((index): Numbered => {
		const resumes = (fuzzCase: FuzzCase): boolean =>
			amountsTo(fuzzCase, setup, target) === 'its run';
		return {
			index,
			fuzzCase: drawUntil(plan, index, (random) =>
				index === closing
					? [makeOne(setup.valid, random, ended), resumes]
					: [draw(setup, random, ended), (fuzzCase) => !resumes(fuzzCase)],
			),
		};
	});
	await send(context, target, late, { closing });
	taken.push(ended.body);
	findings.opened += (await checkEnd(context, target, plan.only === undefined)) ? 1 : 0;
}

/** The first of the fuzzCases drawn for an index that is as it is wanted. */
function drawUntil(
	{ seed }: Plan,
	index: number,
	one: (random: Random) => [FuzzCase, (fuzzCase: FuzzCase) => boolean],
): FuzzCase {
	for (let attempt = 0; ; attempt++) {
		const [fuzzCase, isGood] = one(randomOf(seed, index, ...(attempt === 0 ? [] : [attempt])));
		if (isGood(fuzzCase)) return fuzzCase;
	}
}

/** A callback as it will be, as far as it is known before the run has ended. */
function report({ runId }: Target, status: string): Buffer {
	return Buffer.from(
		JSON.stringify({
			event: 'run.completed',
			run_id: runId,
			status,
			output: {
				outputs: [{ url: 'https://storage.example.com/FORGED.mp4', type: 'video' }],
				seed: 7,
			},
			duration_ms: 8123,
			created_at: '2026-04-08T10:00:00+00:00',
			completed_at: '2026-04-08T10:00:08+00:00',
			metadata: null,
		}),
	);
}

/** Addresses that are not that of the execution. */
function pathsBeside({ address }: Target, neighbours: readonly Target[]): string[] {
	const { pathname, search } = address;
	const other = neighbours.find((one) => one.address.pathname !== pathname)?.address;
	const token = address.searchParams.get('signature') ?? '';
	const tokens = [
		'',
		'x',
		token.slice(1),
		`${token}0`,
		token.toUpperCase() === token ? `${token}x` : token.toUpperCase(),
		other?.searchParams.get('signature') ?? 'y',
		'null',
		'undefined',
		'%00',
	];
	return [
		pathname,
		...tokens.map((one) => `${pathname}?signature=${one}`),
		`${pathname}?Signature=${token}`,
		`${pathname}?signature=x&signature=${token}`,
		`${other?.pathname ?? '/webhook-waiting/9999/runflow'}${search}`,
		`${pathname.replace(/runflow$/, '')}${search}`,
		`${pathname.replace(/runflow$/, 'Runflow')}${search}`,
		`${pathname.replace(/runflow$/, 'runflow%2f')}${search}`,
		...['__proto__', 'constructor', 'toString', '0', '-1', '999999'].map(
			(id) => `/webhook-waiting/${id}/runflow${search}`,
		),
	];
}

function draw({ also, oneOf }: Setup, random: Random, base: Base): FuzzCase {
	if (random.once(2000)) return makeOne(BIG, random, base);
	return makeOne(random.once(oneOf) ? also : FORGED, random, base);
}

/** What a fuzzCase amounts to: nothing, a callback of some run, or of the very run that is waited for. */
function amountsTo(
	fuzzCase: FuzzCase,
	{ secrets }: Setup,
	target: Target,
): 'nothing' | 'a run' | 'its run' {
	if (fuzzCase.path !== target.address.pathname + target.address.search) return 'nothing';
	const { signed, inForm, said } = read(fuzzCase, secrets);
	const isLetIn = secrets.length > 0 ? signed === 'right' : inForm;
	if (!isLetIn || said === undefined || fuzzCase.raw !== undefined || fuzzCase.method !== 'POST')
		return 'nothing';
	return runOf(said) === target.runId ? 'its run' : 'a run';
}

const GOES_ON = '"The execution resumes"';

/** When requests are sent; the one of the index `closing` must resume the execution. */
type When = 'run goes on' | 'premature' | { closing: number };

async function send(
	{ setup, host, sandbox, client, findings }: FuzzContext,
	target: Target,
	numbered: readonly Numbered[],
	when: When,
): Promise<void> {
	const closing = typeof when === 'object' ? when.closing : undefined;
	const before = sandbox.requests.length;
	const met = await sendAll(
		client,
		numbered.map(({ fuzzCase }) => fuzzCase),
	);
	for (const request of requestsSince(sandbox, before)) {
		if (!readsRun(request)) findings.strayed.push(request);
		// Reads for accepted callbacks are not a cost of a refusal.
		else if (when === 'run goes on') findings.apiRequests += 1;
	}
	if (when === 'run goes on') findings.apiRequestsFor += numbered.length;
	const wasResumedHere = met.some((came) => isResumption(came));
	for (const [at, { index, fuzzCase }] of numbered.entries()) {
		const came: Met | undefined = met[at];
		if (came === undefined) throw new Error(`Nothing came of ${index}`);
		const amounts = amountsTo(fuzzCase, setup, target);
		// An unsigned callback of the run's end, which the API does not confirm, must come again.
		const isAhead = amounts === 'its run' && when === 'run goes on' && setup.secrets.length === 0;
		const opened = isResumption(came);
		note(findings, { index, fuzzCase }, came, { opened, allowed: isAhead ? [503] : [] });
		if (opened) {
			if (index !== closing) findings.acceptedWrongly.push(describeCase(index, fuzzCase, came));
		} else if (came.kind === 'answered' && came.status < 400 && amounts === 'nothing') {
			findings.acceptedWrongly.push(describeCase(index, fuzzCase, came));
		}
		// The node may have read the run itself just before: see recoverMissedCallbacks.ts.
		if (index === closing && !wasResumedHere && !hasResumedItself(host, target)) {
			findings.refusedWrongly.push(describeCase(index, fuzzCase, came));
		}
	}
	if (closing === undefined && target.held.status() !== 'waiting') {
		findings.acceptedWrongly.push(`An execution is ${target.held.status()} whose run goes on`);
	}
}

function isResumption(came: Met): boolean {
	return came.kind === 'answered' && came.status === 200 && came.text.includes(GOES_ON);
}

/** Whether the callback that resumed an execution was the node's own. */
function hasResumedItself({ answers }: WaitingHost, { held }: Target): boolean {
	return answers.some(
		({ executionId, status, body }) =>
			executionId === held.executionId && status === 200 && body.includes(GOES_ON),
	);
}

/** Whether the execution has ended once, with what the API says of its run. */
async function checkEnd(
	{ sandbox, findings, host }: FuzzContext,
	target: Target,
	isDue: boolean,
): Promise<boolean> {
	const { held, runId, prompt } = target;
	const times = host.answers.filter(
		({ executionId, body }) => executionId === held.executionId && body.includes(GOES_ON),
	).length;
	if (times > 1) findings.acceptedWrongly.push(`${times} callbacks have resumed one execution`);
	if (times === 0) {
		if (isDue) findings.refusedWrongly.push(`An execution is ${held.status()} whose run has ended`);
		return false;
	}
	const outcome = await held.ended;
	const runs = sandbox.acceptedRuns().filter(({ input }) => input.prompt === prompt);
	if (runs.length !== 1) findings.acceptedWrongly.push(`${runs.length} runs of one execution`);
	const run = runs.find(({ id }) => id === runId);
	const [item] = outcome.items(AFTER);
	const { id, status, seed, metadata, outputs } = item?.json ?? {};
	const links = JSON.stringify(outputs).match(/"url":"[^"?]*/g) ?? [];
	const said = [outcome.status, outcome.runs(AFTER), id, status, seed, metadata ?? null, links];
	const expected = [
		'success',
		1,
		runId,
		'succeeded',
		run?.seed,
		null,
		run?.artifacts.map(({ path }) => `"url":"${sandbox.storageUrl}${path}`),
	];
	if (JSON.stringify(said) !== JSON.stringify(expected)) {
		findings.acceptedWrongly.push(JSON.stringify({ said, expected }));
		return false;
	}
	return true;
}
