import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Demo } from '../../n8n/demo';
import { withApp } from '../app';
import { isBusy, makeAppFlow, newestExecution, prompts, single } from '../appFlow';
import { ours } from '../contenders';
import { kept, median, shown } from '../figures';
import type { Measured, Row } from '../part';

const COUNTS = [300, 1000];
const SECRET = 'whsec_BenchmarkOnly';
const LOOK_EVERY_MS = 1000;
/** How long n8n may take for all callbacks, in milliseconds. */
const DEADLINE_MS = 300_000;
const KIB_PER_MIB = 1024;

const SETTINGS: Record<string, Record<string, string>> = {
	'as n8n is by default': {},
	'with N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true': { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
};

/** What n8n took from the first callback until the last execution had ended. */
interface Taken {
	/** The highest memory above that before the first callback, in MiB. */
	mib: number;
	seconds: number;
	/** Whether it had ended before the deadline. */
	hasEnded: boolean;
}

/**
 * How much memory n8n takes when many callbacks come in the same second: those of one execution of Wan 2.7 on callback,
 * with so many items. Beside it, as many requests to a plain Webhook node, each of which starts a small workflow. n8n is
 * restarted for each.
 */
export async function measure(rounds = 1): Promise<Measured> {
	const rows: Row[] = [];
	const raw: Record<string, Taken[]> = {};
	for (const [setting, env] of Object.entries(SETTINGS)) {
		for (const count of COUNTS) {
			for (const [name, take] of [
				['on callback', suspended],
				['plain Webhook', webhook],
			] as const) {
				const what = `${count} callbacks in a second, ${name}, ${setting}`;
				const all: Taken[] = [];
				for (let index = 0; index < rounds; index++) {
					process.stderr.write(`${what} …\n`);
					const options = { manual: true, callbackSecrets: [{ secret: SECRET, isCurrent: true }] };
					all.push(await withApp(options, async (app) => await take(app, count), env));
				}
				const seconds = median(all.map((one) => one.seconds));
				rows.push({
					what,
					value: kept(median(all.map(({ mib }) => mib))),
					unit: 'MiB',
					from: `peak above the memory before; ${all.every(({ hasEnded }) => hasEnded) ? 'all' : 'not all'} had ended after ${shown(seconds)} s`,
				});
				raw[what] = all;
			}
		}
	}
	return { ranOn: 'n8n', rounds, rows, raw };
}

/** One suspended execution with so many items, whose runs all end at once. */
async function suspended(app: Demo, count: number): Promise<Taken> {
	const { sandbox, n8n } = app;
	const node = ours(app, 'video', 'callback');
	node.parameters.options = { maximumWait: 60 };
	const flow = await makeAppFlow(app, 'Suspended', 'onReceived', single(node));
	await flow.post(prompts(count, 'Suspended'));
	const isWaiting = await reached(
		async () => (await newestExecution(app, flow))?.status === 'waiting',
	);
	if (!isWaiting || sandbox.acceptedRuns().length !== count)
		throw new Error('Not all runs were started');
	return await taken(n8n.pid, async () => {
		for (const { id } of sandbox.acceptedRuns()) sandbox.finishRun(id);
		return await reached(async () => (await newestExecution(app, flow))?.status === 'success');
	});
}

/** As many executions of a workflow that a plain Webhook node starts. */
async function webhook(app: Demo, count: number): Promise<Taken> {
	const { n8n } = app;
	const flow = await makeAppFlow(app, 'Webhook', 'onReceived', { nodes: [], edges: [] });
	await flow.post(['first']);
	return await taken(n8n.pid, async () => {
		await Promise.all(
			Array.from({ length: count }, async (_, index) => {
				await flow.post([`${index}`]);
			}),
		);
		return await reached(async () => !(await isBusy(app)));
	});
}

/** @param work resolves with whether it has ended before the deadline */
async function taken(pid: number, work: () => Promise<boolean>): Promise<Taken> {
	// Linux forgets the highest memory so far.
	writeFileSync(`/proc/${pid}/clear_refs`, '5');
	const before = memoryOf(pid, 'VmRSS');
	const began = performance.now();
	const hasEnded = await work();
	const seconds = (performance.now() - began) / 1000;
	return { mib: memoryOf(pid, 'VmHWM') - before, seconds, hasEnded };
}

/** The memory of a process, in MiB: now (`VmRSS`), or the highest (`VmHWM`). Linux only. */
function memoryOf(pid: number, name: 'VmRSS' | 'VmHWM'): number {
	const line = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(
		readFileSync(`/proc/${pid}/status`, 'utf8'),
	);
	return Number(line?.[1]) / KIB_PER_MIB;
}

/** Waits for something. n8n may answer 500 while it has too much to do. @returns whether it was so before the deadline */
async function reached(isSo: () => Promise<boolean>): Promise<boolean> {
	const deadline = Date.now() + DEADLINE_MS;
	while (Date.now() < deadline) {
		if (await isSo().catch(() => false)) return true;
		await sleep(LOOK_EVERY_MS);
	}
	return false;
}
