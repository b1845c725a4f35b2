import { WAN } from '../../engine/workflows';
import { createEdit } from '../../sandbox/testClient';
import { bench, CREATE, INPUT, paid, parameters, posts, retry } from './scene';

describe('a start without an answer', () => {
	it('gives identical items a run each', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after', times: 2 });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }, { prompt: 'a' }]);
		expect(new Set(outcome.items(WAN).map(({ json }) => json.id)).size).toBe(2);
		expect(posts()).toBe(2);
	});

	it('says so when no run was started, and is sent again at the next try', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-before' });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }], retry);
		expect(outcome.error).toBeUndefined();
		expect(paid()).toEqual(['a']);
		expect(posts()).toBe(2);
	});

	it('is not taken for a run of the same prompt that was started elsewhere', async () => {
		// On a busy machine the start comes late, and a run of before it would not count.
		const createdAtMs = Date.now() + 60_000;
		bench.sandbox.addRuns(1, () => ({ input: { ...INPUT, num_images: 2 }, createdAtMs }));
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-before' });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }], retry);
		expect(outcome.error?.description).toContain('not known whether the run was started');
		expect(posts()).toBe(1);
	});

	it('is not taken for one of two identical runs, one of them foreign', async () => {
		await createEdit(bench.sandbox, INPUT);
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after' });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }]);
		expect(outcome.error).toBeUndefined();
		expect(outcome.items(WAN)[0]?.json.id).toBe(bench.sandbox.acceptedRuns()[1]?.id);
	});

	it('is not taken for the same run of an execution before it', async () => {
		const first = await bench.run(parameters, [{ prompt: 'a' }]);
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after' });
		const second = await bench.run(parameters, [{ prompt: 'a' }]);
		expect(second.error).toBeUndefined();
		expect(second.items(WAN)[0]?.json.id).not.toBe(first.items(WAN)[0]?.json.id);
		expect(posts()).toBe(2);
	});

	it('gives two executions with the same input a run each', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after', times: 2 });
		const both = await Promise.all([
			bench.run(parameters, [{ prompt: 'a' }]),
			bench.run(parameters, [{ prompt: 'a' }]),
		]);
		const ids = both.map((outcome) => outcome.items(WAN)[0]?.json.id);
		expect(new Set(ids)).toEqual(new Set(bench.sandbox.acceptedRuns().map(({ id }) => id)));
		expect(posts()).toBe(2);
	});

	it('waits for an identical item whose answer is slow, and leaves it its run', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'slow', overMs: 1500 });
		bench.sandbox.addFault({ match: { ...CREATE, nth: 2 }, kind: 'reset-after' });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }, { prompt: 'a' }]);
		expect(outcome.error).toBeUndefined();
		expect(new Set(outcome.items(WAN).map(({ json }) => json.id)).size).toBe(2);
		expect(posts()).toBe(2);
	});

	it('is not taken for the run that failed at the try before', async () => {
		let runs = 0;
		bench.sandbox.configure({ outcomeFor: () => (runs++ === 0 ? 'failed' : 'succeeded') });
		bench.sandbox.addFault({ match: { ...CREATE, nth: 2 }, kind: 'reset-after' });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }], retry);
		expect(outcome.error).toBeUndefined();
		expect(posts()).toBe(2);
	});
});
