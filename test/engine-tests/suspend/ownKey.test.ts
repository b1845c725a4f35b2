import { jsonOf, setLimits } from '../../engine/engine';
import { AFTER } from '../../engine/workflows';
import { until } from '../../until';
import { host, countReads, runOf, sandbox, start, suspended, useScene } from './scene';

useScene();
beforeAll(() => {
	setLimits(host.engine, { runShown: 1500 });
});

describe('an Idempotency Key of the user’s own that Runflow has a run for', () => {
	const named = { pollingInterval: 0.02, idempotencyKey: '1001', clientReference: 'order-1001' };
	const unnamed = { ...named, clientReference: '' };

	beforeEach(() => {
		sandbox.configure({ idempotency: 'honoured' });
	});

	/** An execution that n8n has forgotten: its run calls back a lost address, and the next one cannot repeat its address. */
	async function forget(options: typeof named): Promise<string> {
		await suspended(start({ options }));
		return runOf('Make it blue');
	}

	it.each([
		['where it has the same Client Reference', named],
		['without a Client Reference, since the node names it by the key', unnamed],
	])('continues with that run %s, and reads it itself', async (_which, options) => {
		const runId = await forget(options);
		const again = start({ options });
		await until(() => countReads() > 2);
		sandbox.finishRun(runId);
		const outcome = await again.settled;
		// It is not suspended: the run calls back the execution that has started it.
		expect(outcome.status).toBe('success');
		expect(jsonOf(outcome.items(AFTER))).toMatchObject([{ id: runId, status: 'succeeded' }]);
		expect(sandbox.acceptedRuns()).toHaveLength(1);
		expect(sandbox.posts('/runs')).toHaveLength(2);
	});

	it('says where to check, and starts nothing, where its Client Reference changes', async () => {
		const options = { ...named, clientReference: '={{ $execution.id }}' };
		await forget(options);
		const { error } = await start({ options }).ended;
		expect(error).toMatchObject({ httpCode: '409' });
		expect(error?.description).toContain('Look at Runs in Runflow first');
		expect(sandbox.acceptedRuns()).toHaveLength(1);
	});
});
