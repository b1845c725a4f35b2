import { setLimits, type Outcome } from '../../engine/engine';
import { binary, sources, url, WAN } from '../../engine/workflows';
import { gradientPng } from '../../sandbox/media/png';
import {
	bench,
	CREATE,
	INPUT,
	lastReference,
	LIST,
	OLDER,
	paid,
	parameters,
	posts,
	three,
	listReads,
} from './scene';

const HANDLED = 1000;
/** The same where the list must be read once before, also on a busy machine. */
const HANDLED_LATER = 4000;

beforeEach(() => {
	setLimits(bench.engine, { startHandled: HANDLED });
});

function ids(outcome: Awaited<ReturnType<typeof bench.run>>): unknown[] {
	return outcome.items(WAN).map(({ json }) => json.id);
}

const named = (reference: string) => ({
	...parameters,
	options: { pollingInterval: 0.02, clientReference: reference },
});

/** How long after the second Retry a refused start is sent again, where the list could not be read at the first; in milliseconds. */
async function startedAtSecondRetry(first: 'retry' | 'retryLost'): Promise<number> {
	bench.sandbox.addFault({ match: CREATE, kind: 'status', status: 402 });
	const refused = await bench.run(parameters, [{ prompt: 'a' }]);
	bench.sandbox.addFault({ match: LIST, kind: 'status', status: 500 });
	const unclear = await bench.engine[first](refused);
	expect(unclear.error?.message).toContain('It is not known whether');
	const since = Date.now();
	expect((await bench.engine.retry(unclear)).error).toBeUndefined();
	return (bench.sandbox.posts('/runs').at(-1)?.at ?? 0) - since;
}

/** What n8n stores of an execution, as far as the tests look into it. */
interface Stored {
	executionData: { nodeExecutionStack: { data: { main: { json: object }[][] } }[] };
}

/** A stored execution whose workflow has another prompt by now. */
function withPrompt(lost: Outcome, prompt: string): Outcome {
	const workflow = structuredClone(lost.stored.workflow);
	Object.assign(workflow.nodes[0] ?? {}, { parameters: { items: [{ prompt }] } });
	return { ...lost, stored: { ...lost.stored, workflow } };
}

describe('an execution that n8n has lost, retried', () => {
	it.each([
		['', []],
		[', where n8n has added a run of the node', [WAN]],
	])('finds all its runs with one read of the list%s', async (_how, startedNodes) => {
		const lost = await bench.run(parameters, three);
		const retried = await bench.engine.retryLost(lost, startedNodes);
		expect(retried.error).toBeUndefined();
		expect(ids(retried)).toEqual(ids(lost));
		expect(retried.items(WAN).map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect([posts(), listReads().length]).toEqual([3, 1]);
	});

	it('starts what is missing, once Runflow cannot be processing it any more', async () => {
		bench.sandbox.addFault({ match: { ...CREATE, nth: 2 }, kind: 'status', status: 402 });
		const lost = await bench.run(parameters, three);
		expect(lost.error).toMatchObject({ httpCode: '402' });
		const since = Date.now();
		const retried = await bench.engine.retryLost(lost);
		expect(retried.error).toBeUndefined();
		expect(paid().sort()).toEqual(['a', 'b', 'c']);
		expect(posts()).toBe(4);
		const last = bench.sandbox.posts('/runs').at(-1);
		expect((last?.at ?? 0) - since).toBeGreaterThanOrEqual(HANDLED);
	});

	it('finds a run that Runflow makes late', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'slow', overMs: 1 });
		const lost = await bench.run(parameters, [{ prompt: 'a' }]);
		setLimits(bench.engine, { startHandled: HANDLED_LATER });
		bench.sandbox.addFault({ match: LIST, kind: 'wrong-json', body: { items: [], next: null } });
		const retried = await bench.engine.retryLost(lost);
		expect(ids(retried)).toEqual(ids(lost));
		expect([posts(), listReads().length]).toEqual([1, 2]);
	});

	it('starts another run for one that failed meanwhile', async () => {
		let runs = 0;
		bench.sandbox.configure({ outcomeFor: () => (runs++ === 0 ? 'failed' : 'succeeded') });
		const lost = await bench.run(parameters, [{ prompt: 'a' }]);
		expect(lost.error).toBeDefined();
		const retried = await bench.engine.retryLost(lost);
		expect(retried.error).toBeUndefined();
		expect(posts()).toBe(2);
		// And finds that one where n8n loses the retry, too.
		const again = await bench.engine.retryLost(retried);
		expect(ids(again)).toEqual(ids(retried));
		expect(posts()).toBe(2);
	});

	it('starts no other run for a failed one of an Idempotency Key of the user’s own, which names only that', async () => {
		bench.sandbox.configure({ outcome: 'failed' });
		const options = { pollingInterval: 0.02, idempotencyKey: 'order-1' };
		const lost = await bench.run({ ...parameters, options }, [{ prompt: 'a' }]);
		bench.sandbox.configure({ outcome: 'succeeded' });
		const retried = await bench.engine.retryLost(lost);
		expect(retried.error?.message).toBe(lost.error?.message);
		expect(retried.error?.description).toContain(bench.sandbox.acceptedRuns()[0]?.id ?? '-');
		expect(posts()).toBe(1);
	});

	it('starts another run for another prompt', async () => {
		const lost = await bench.run(parameters, [{ prompt: 'a' }]);
		const retried = await bench.engine.retryLost(withPrompt(lost, 'z'));
		expect(retried.error).toBeUndefined();
		expect(paid()).toEqual(['a', 'z']);
	});

	it('finds a run by what its file holds, and uploads nothing again', async () => {
		const file = { base64: gradientPng(32, 24, 1).toString('base64'), mimeType: 'image/png' };
		const withFile = { ...parameters, images: sources(binary('data')) };
		const files = [{ data: { ...file, fileName: '1.png' } }];
		const lost = await bench.run(withFile, [{ prompt: 'a' }], {}, files);
		const retried = await bench.engine.retryLost(lost);
		expect(ids(retried)).toEqual(ids(lost));
		expect([posts(), bench.sandbox.uploads().length]).toEqual([1, 1]);
	});

	it('distinguishes identical items with inline pictures', async () => {
		const picture = `data:image/png;base64,${gradientPng(320, 320, 1).toString('base64')}`;
		const inline = { ...parameters, images: sources(url(picture)) };
		const lost = await bench.run(inline, [{ prompt: 'a' }, { prompt: 'a' }]);
		const retried = await bench.engine.retryLost(lost);
		expect(new Set(ids(lost)).size).toBe(2);
		expect(ids(retried)).toEqual(ids(lost));
		expect(posts()).toBe(2);
	});

	it('starts nothing where the list cannot be read, and says what to do', async () => {
		const lost = await bench.run(parameters, [{ prompt: 'a' }]);
		bench.sandbox.addFault({ match: LIST, kind: 'status', status: 500 });
		const retried = await bench.engine.retryLost(lost);
		expect(retried.error?.message).toBe(
			'It is not known whether the lost execution has started the run [item 0]',
		);
		expect(retried.error?.description).toContain('Retry the execution again.');
		expect(retried.error?.description).toContain(`Client Reference: ${lastReference()}`);
		expect(posts()).toBe(1);

		const again = await bench.engine.retry(retried);
		expect(ids(again)).toEqual(ids(lost));
		expect(posts()).toBe(1);
	});

	it('starts nothing for a minute at the second Retry either, where the list could not be read at the first', async () => {
		expect(await startedAtSecondRetry('retryLost')).toBeGreaterThanOrEqual(HANDLED);
		expect(posts()).toBe(2);
	});

	it('starts at once what failed where n8n has kept it, though the list could not be read at the first Retry', async () => {
		setLimits(bench.engine, { startHandled: 30_000 });
		expect(await startedAtSecondRetry('retry')).toBeLessThan(30_000);
		expect(posts()).toBe(2);
	});

	it('finds what a Retry has started that was also lost', async () => {
		bench.sandbox.addFault({ match: { ...CREATE, nth: 2 }, kind: 'status', status: 402 });
		const failed = await bench.run(parameters, three);
		expect(failed.error).toMatchObject({ httpCode: '402' });
		const lost = await bench.engine.retry(failed);
		// n8n has stored of the lost Retry what it began with: the same as of the one before.
		const again = await bench.engine.retry(failed);
		expect(ids(again)).toEqual(ids(lost));
		expect(posts()).toBe(4);
	});

	it('waits where n8n was started a moment ago, since a Retry may have been lost', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'status', status: 402 });
		const failed = await bench.run(parameters, [{ prompt: 'a' }]);
		const lost = await bench.engine.retry(failed);
		setLimits(bench.engine, { loadedAt: Date.now(), startHandled: HANDLED_LATER });
		bench.sandbox.addFault({ match: LIST, kind: 'wrong-json', body: { items: [], next: null } });
		const again = await bench.engine.retry(failed);
		setLimits(bench.engine, { loadedAt: 0 });
		expect(ids(again)).toEqual(ids(lost));
		expect(posts()).toBe(2);
	});

	it('waits at the second Retry, too, where the first one was refused', async () => {
		const lost = await bench.run(parameters, [{ prompt: 'a' }]);
		const refused = await bench.engine.retryLost(withPrompt(lost, ''));
		expect(refused.error?.message).toContain('Prompt is empty');
		setLimits(bench.engine, { startHandled: HANDLED_LATER });
		bench.sandbox.addFault({ match: LIST, kind: 'wrong-json', body: { items: [], next: null } });
		const corrected = JSON.parse(refused.stored.data) as Stored;
		for (const { data } of corrected.executionData.nodeExecutionStack) {
			Object.assign(data.main[0]?.[0]?.json ?? {}, { prompt: 'a' });
		}
		const stored = { ...refused.stored, data: JSON.stringify(corrected) };
		const again = await bench.engine.retry({ ...refused, stored });
		expect(ids(again)).toEqual(ids(lost));
		expect(posts()).toBe(1);
	});

	it('gives two items under one reference of the user’s own a run each, or asks', async () => {
		const lost = await bench.run(named('campaign-7'), [{ prompt: 'a' }]);
		const two = structuredClone(lost.stored.workflow);
		Object.assign(two.nodes[0] ?? {}, {
			parameters: { items: [{ prompt: 'a' }, { prompt: 'a' }] },
		});
		const retried = await bench.engine.retryLost({
			...lost,
			stored: { ...lost.stored, workflow: two },
		});
		expect(retried.error).toBeUndefined();
		expect(ids(retried)[0]).toBe(ids(lost)[0]);
		expect(new Set(ids(retried)).size).toBe(2);
		expect(posts()).toBe(2);
	});

	it('finds the run by a Client Reference of the user’s own, and its input', async () => {
		const lost = await bench.run(named('order-1'), [{ prompt: 'a' }]);
		const retried = await bench.engine.retryLost(lost);
		expect(ids(retried)).toEqual(ids(lost));
		expect(posts()).toBe(1);
	});

	it('asks the user where a run has that reference and a file, which may be another one', async () => {
		const file = { base64: gradientPng(32, 24, 1).toString('base64'), mimeType: 'image/png' };
		const withFile = { ...named('order-1'), images: sources(binary('data')) };
		const files = [{ data: { ...file, fileName: '1.png' } }];
		const lost = await bench.run(withFile, [{ prompt: 'a' }], {}, files);
		const retried = await bench.engine.retryLost(lost);
		expect(retried.error?.message).toBe(
			'It is not known whether the lost execution has started the run [item 0]',
		);
		expect(retried.error?.description).toContain('Client Reference: order-1');
		expect([posts(), bench.sandbox.uploads().length]).toEqual([1, 1]);
	});

	it('asks the user where two runs have that reference and input', async () => {
		const lost = await bench.run(named('order-1'), [{ prompt: 'a' }]);
		await bench.run(named('order-1'), [{ prompt: 'a' }]);
		const retried = await bench.engine.retryLost(lost);
		expect(retried.error?.message).toContain('It is not known whether');
		expect(retried.error?.description).toContain('Client Reference');
		expect(posts()).toBe(2);
	});

	it('reads on through the list until its runs are found', async () => {
		const lost = await bench.run({ ...parameters, completion: 'immediately' }, [{ prompt: 'a' }]);
		const many = Array.from({ length: 501 }, (_, index) => ({ prompt: `p${index}` }));
		await bench.run({ ...parameters, completion: 'immediately' }, many);
		const before = listReads().length;
		const retried = await bench.engine.retryLost(lost);
		expect(ids(retried)).toEqual(ids(lost));
		expect(listReads().length - before).toBe(2);
		expect(posts()).toBe(502);
	});
});

it('an execution that is not a retry does not read the list', async () => {
	await bench.run(parameters, three);
	expect(listReads().length).toBe(0);
});

describe('an execution that failed and is retried', () => {
	it('is not held up by runs without a name that are older than it', async () => {
		bench.sandbox.addRuns(1, () => ({ createdAtMs: Date.now() - OLDER }));
		bench.sandbox.addFault({ match: CREATE, kind: 'status', status: 402 });
		const failed = await bench.run(parameters, [{ prompt: 'a' }]);
		expect((await bench.engine.retry(failed)).error).toBeUndefined();
		expect(posts()).toBe(2);
	});

	it('does not take an older run of another execution under the same reference', async () => {
		const createdAtMs = Date.now() - OLDER;
		const run = { clientRef: 'daily', input: INPUT, createdAtMs };
		const [older] = bench.sandbox.addRuns(1, () => run);
		bench.sandbox.addFault({ match: CREATE, kind: 'status', status: 402 });
		const failed = await bench.run(named('daily'), [{ prompt: 'a' }]);
		const retried = await bench.engine.retry(failed);
		expect(retried.error).toBeUndefined();
		expect(ids(retried)).not.toEqual([older?.id]);
		expect(posts()).toBe(2);
	});
});

it('an execution that failed and is retried reads the list once for what is missing', async () => {
	bench.sandbox.addFault({ match: { ...CREATE, nth: 2 }, kind: 'status', status: 402 });
	const failed = await bench.run(parameters, three);
	expect((await bench.engine.retry(failed)).error).toBeUndefined();
	expect([posts(), listReads().length]).toEqual([4, 1]);
});
