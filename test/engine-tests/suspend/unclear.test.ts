import { setTimeout as wait } from 'node:timers/promises';

import { jsonOf } from '../../engine/engine';
import { readLog } from '../../engine/logs';
import type { Held } from '../../engine/waiting';
import { AFTER } from '../../engine/workflows';
import { until } from '../../until';
import {
	countReads,
	host,
	readOf,
	runOf,
	sandbox,
	send,
	start,
	statusesOf,
	suspended,
	text,
	useScene,
} from './scene';

useScene();

/** How long the node waits for an answer of Runflow or n8n, in milliseconds; no pause takes that long exactly. */
const REQUEST_TIME = 31_000;
/** In milliseconds; everything longer is the time for a start or a download. */
const LONGEST_PAUSE = 48_000;

/** The node's pauses between reads: how long each is (ms), and what ends it. Time does not. */
let pauses: { ms: number; end: () => void }[];
let isDown: boolean;

beforeEach(() => {
	pauses = [];
	isDown = false;
	const timeout = AbortSignal.timeout.bind(AbortSignal);
	jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
		if (ms === REQUEST_TIME || ms > LONGEST_PAUSE) return timeout(ms);
		const pause = new AbortController();
		pauses.push({
			ms,
			end: () => {
				pause.abort();
			},
		});
		return pause.signal;
	});
});
afterEach(() => {
	jest.restoreAllMocks();
	host.answerOfOtherProcess = () => undefined;
});

/** Ends the node's next pause, the one with this number from 0 on, once it has begun. Returns how long it is (ms). */
async function endPause(number: number): Promise<number> {
	await until(() => pauses.length > number);
	const { ms, end } = pauses[number] ?? {};
	end?.();
	return ms ?? 0;
}

interface Waiting {
	held: Held;
	runId: string;
	/** Sends a callback for the run. */
	report: (status: 'running' | 'succeeded') => Promise<{ status: number; message: unknown }>;
}

/** A suspended execution of one run. Runflow sends no callbacks, and does not show the run while `isDown`. */
async function waitForOne(): Promise<Waiting> {
	sandbox.configure({ callbackHosts: [] });
	const held = await suspended(start());
	const runId = runOf('Make it blue');
	const match = { ...readOf(runId), where: () => isDown };
	sandbox.addFault({ kind: 'status', status: 502, match, times: Infinity });
	const address = host.resumeUrl(held);
	return {
		held,
		runId,
		report: async (status) => await send(address, { run_id: runId, status }),
	};
}

/** Has another process of n8n answer the node's own callbacks with these statuses, one after the other. */
function answerElsewhere({ runId }: Waiting, statuses: number[]): void {
	const left = [...statuses];
	host.answerOfOtherProcess = (body) => {
		const status = body === text({ run_id: runId }) ? left.shift() : undefined;
		return status === undefined ? undefined : { status, message: 'Another process says so' };
	};
}

/** Has the node poll for one callback: the run has ended, but Runflow does not show it at first. */
async function poll({ runId, report }: Waiting): Promise<void> {
	isDown = true;
	expect(await report('succeeded')).toMatchObject({ status: 503 });
	sandbox.finishRun(runId);
	isDown = false;
}

const UNCLEAR = { status: 503, message: 'The runs could not be read now' };

describe('a callback that the node has to repeat', () => {
	it('the node pauses longer and longer, up to 32 seconds, and calls n8n until it takes the callback', async () => {
		const waiting = await waitForOne();
		const refused = [500, 202, 503, 500, 202, 500, 202];
		answerElsewhere(waiting, refused);
		await poll(waiting);
		const seconds = [1, 2, 4, 8, 16, 32, 32, 32];
		for (const [number, least] of seconds.entries()) {
			const ms = await endPause(number);
			expect(ms).toBeGreaterThanOrEqual(1000 * least);
			expect(ms).toBeLessThanOrEqual(1500 * least);
		}
		const outcome = await waiting.held.ended;
		expect(jsonOf(outcome.items(AFTER))).toMatchObject([
			{ id: waiting.runId, status: 'succeeded' },
		]);
		expect(statusesOf(waiting.held)).toEqual([503, ...refused, 200]);
		expect(pauses).toHaveLength(seconds.length);
		expect(sandbox.posts()).toHaveLength(1);
	});

	it.each([200, 409])(
		'the node asks no more once n8n has answered its callback with %d in another process',
		async (status) => {
			const waiting = await waitForOne();
			const { held, report } = waiting;
			answerElsewhere(waiting, [status]);
			await poll(waiting);
			await endPause(0);
			await until(() => statusesOf(held).length === 2);
			// The other process has resumed the execution: this one must not resume it too.
			await wait(500);
			expect(statusesOf(held)).toEqual([503, status]);
			expect(pauses).toHaveLength(1);
			expect(held.status()).toBe('waiting');
			expect(await report('succeeded')).toEqual({ status: 200, message: 'The execution resumes' });
			expect((await held.ended).status).toBe('success');
		},
	);

	it('the node reads until Runflow shows that a run continues, and again for a later callback', async () => {
		const logs: string[] = [];
		const stopReading = readLog((line) => logs.push(line));
		const { held, runId, report } = await waitForOne();
		const before = countReads();
		isDown = true;
		expect(await report('running')).toEqual(UNCLEAR);
		expect(countReads()).toBe(before + 3);
		await endPause(0);
		await until(() => pauses.length === 2);
		expect(countReads()).toBe(before + 6);
		isDown = false;
		await endPause(1);
		await until(() => countReads() === before + 7);
		expect(await report('running')).toEqual({ status: 202, message: 'Other runs have not ended' });
		expect(countReads()).toBe(before + 8);
		expect(pauses).toHaveLength(2);

		isDown = true;
		expect(await report('running')).toEqual(UNCLEAR);
		isDown = false;
		sandbox.finishRun(runId);
		await endPause(2);
		expect((await held.ended).status).toBe('success');
		expect(statusesOf(held)).toEqual([503, 202, 503, 200]);
		stopReading();
		expect(logs.filter((line) => line.includes('could not be processed'))).toEqual([]);
		expect(sandbox.posts()).toHaveLength(1);
	});

	it('the node reads for one callback only, and has Runflow repeat the others', async () => {
		const { held, runId, report } = await waitForOne();
		const before = countReads();
		sandbox.finishRun(runId);
		isDown = true;
		const first = report('succeeded');
		await until(() => countReads() > before);
		const second = report('succeeded');
		expect(await Promise.all([first, second])).toEqual([UNCLEAR, UNCLEAR]);
		expect(await report('succeeded')).toEqual(UNCLEAR);
		isDown = false;
		expect(pauses).toHaveLength(1);
		await endPause(0);
		expect((await held.ended).status).toBe('success');
		expect(pauses).toHaveLength(1);
		expect(statusesOf(held)).toEqual([503, 503, 503, 200]);
		expect(sandbox.posts()).toHaveLength(1);
	});

	it('the node stops once another callback was taken', async () => {
		const waiting = await waitForOne();
		const { held, report } = waiting;
		await poll(waiting);
		expect(await report('succeeded')).toEqual({ status: 200, message: 'The execution resumes' });
		expect((await held.ended).status).toBe('success');
		const read = countReads();
		await endPause(0);
		await wait(500);
		expect(countReads()).toBe(read);
		expect(statusesOf(held)).toEqual([503, 200]);
	});
});
