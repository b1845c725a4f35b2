import type { INodeParameters } from 'n8n-workflow';

import { setLimits, type Outcome } from '../../engine/engine';
import type { FaultBehaviour } from '../../sandbox';
import { bench, CREATE, LIST, listReads, parameters, posts } from './scene';

/** Timers can end a moment early, in milliseconds. */
const EARLY = 2;

const NOT_LISTED =
	"Runflow's list of runs does not show the run, so it was not started. Run the item again.";

/** Runs one item whose start meets this. */
async function startThatMeets(fault: FaultBehaviour, more: INodeParameters = {}): Promise<Outcome> {
	bench.sandbox.addFault({ match: CREATE, ...fault });
	const outcome = await bench.run({ ...parameters, ...more }, [{ prompt: 'a' }]);
	expect(posts()).toBe(1);
	return outcome;
}

/** How long after the request before it each read of the list came, the first one after the start; in milliseconds. */
function pauses(): number[] {
	const times = [...bench.sandbox.posts('/runs'), ...listReads()].map(({ at }) => at);
	return times.slice(1).map((at, index) => at - (times[index] ?? 0));
}

function expectAtLeast(expected: number[]): void {
	expect(pauses()).toHaveLength(expected.length);
	for (const [index, pause] of pauses().entries()) {
		expect(pause).toBeGreaterThanOrEqual((expected[index] ?? Infinity) - EARLY);
	}
}

describe('a start without an answer is looked for', () => {
	it('four times until every server of Runflow shows runs, where its connection broke off', async () => {
		setLimits(bench.engine, { runShown: 1200, startHandled: 2400 });
		const outcome = await startThatMeets({ kind: 'reset-before' });
		expectAtLeast([20, 80, 200, 900]);
		expect(outcome.error?.message).toBe('Runflow did not answer [item 0]');
		expect(outcome.error?.description).toBe(NOT_LISTED);
	});

	it('twice more until Runflow has handled it, where a gateway has given up on it', async () => {
		setLimits(bench.engine, { runShown: 600, startHandled: 6000 });
		const outcome = await startThatMeets({ kind: 'html', status: 504 });
		expectAtLeast([10, 40, 100, 450, 2900, 2500]);
		// Two times of five twelfths would be twice as long, and the whole time even longer.
		expect(pauses().at(-1)).toBeLessThan(5000);
		expect(outcome.error?.description).toBe(NOT_LISTED);
	});

	it.each([408, 504, 524])('six times behind a gateway’s %d', async (status) => {
		setLimits(bench.engine, { runShown: 0, startHandled: 2000 });
		await startThatMeets({ kind: 'html', status });
		expect(listReads()).toHaveLength(6);
	});

	it.each([
		['does not begin', { kind: 'timeout' }],
		['does not end', { kind: 'slow', overMs: 60_000, drips: 1000 }],
	] as const)('six times where its answer %s within the Timeout', async (_what, fault) => {
		setLimits(bench.engine, { runShown: 0, startHandled: 6000 });
		bench.sandbox.addFault({
			match: LIST,
			kind: 'wrong-json',
			body: { items: [], next: null },
			times: Infinity,
		});
		await startThatMeets(fault, { requestOptions: { timeout: 500 } });
		expect(listReads()).toHaveLength(6);
	});

	it('four times where the Timeout is longer than Runflow handles a start', async () => {
		setLimits(bench.engine, { runShown: 0, startHandled: 100 });
		await startThatMeets({ kind: 'timeout' }, { requestOptions: { timeout: 200 } });
		expect(listReads()).toHaveLength(4);
	});
});

it('does not look for a start whose answer takes longer than a second', async () => {
	const outcome = await startThatMeets({ kind: 'slow', overMs: 1500 });
	expect(outcome.error).toBeUndefined();
	expect(listReads()).toHaveLength(0);
});

describe('a start with an Idempotency Key of the user’s own', () => {
	const options = { pollingInterval: 0.02, idempotencyKey: 'order-1001' };

	beforeEach(() => {
		setLimits(bench.engine, { runShown: 0 });
		const made = new Date(Date.now() - 60_000).toISOString();
		const other = { id: 'other', client_ref: 'other', status_code: 'running', created_at: made };
		const body = { items: [other], next: 'second' };
		bench.sandbox.addFault({ match: LIST, kind: 'status', status: 200, body, times: Infinity });
	});

	it('was not started where the list reaches back before it and does not show it', async () => {
		const outcome = await startThatMeets({ kind: 'reset-before' }, { options });
		expect(outcome.error?.description).toBe(NOT_LISTED);
	});
});
