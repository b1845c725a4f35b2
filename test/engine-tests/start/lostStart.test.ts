import { WAN } from '../../engine/workflows';
import { bench, CREATE, parameters, posts, retry, three, listReads } from './scene';

describe('a start without an answer', () => {
	it.each(['ignored', 'honoured'] as const)(
		'finds the run that came of it (idempotency keys %s)',
		async (idempotency) => {
			bench.sandbox.configure({ idempotency });
			bench.sandbox.addFault({ match: CREATE, kind: 'reset-after', times: 3 });
			const outcome = await bench.run(parameters, three);
			expect(outcome.error).toBeUndefined();
			expect(posts()).toBe(3);
			expect(outcome.items(WAN).map(({ json }) => json.id)).toEqual(
				three.map(
					({ prompt }) =>
						bench.sandbox.acceptedRuns().find(({ input }) => input.prompt === prompt)?.id,
				),
			);
		},
	);

	it.each(['cut-body', 'empty', 'wrong-json', 'html'] as const)(
		'finds the run behind an answer that is %s',
		async (kind) => {
			bench.sandbox.addFault({ match: CREATE, kind, ...(kind === 'html' ? { acts: true } : {}) });
			const outcome = await bench.run(parameters, [{ prompt: 'a' }]);
			expect(outcome.error).toBeUndefined();
			expect(posts()).toBe(1);
		},
	);

	it('is looked for where its answer drips on beyond the Timeout that the user has set', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'slow', overMs: 60_000, drips: 1000 });
		const requestOptions = { timeout: 1000 };
		const outcome = await bench.run({ ...parameters, requestOptions }, [{ prompt: 'a' }]);
		expect(outcome.error).toBeUndefined();
		expect(outcome.items(WAN).map(({ json }) => json.id)).toEqual([
			bench.sandbox.acceptedRuns()[0]?.id,
		]);
		expect(posts()).toBe(1);
		expect(listReads()).toHaveLength(1);
	});

	it('is found among many newer ones', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after' });
		const many = Array.from({ length: 150 }, (_, index) => ({ prompt: `p${index}` }));
		const outcome = await bench.run({ ...parameters, completion: 'immediately' }, many);
		expect(outcome.error).toBeUndefined();
		expect(posts()).toBe(150);
	});

	it.each([
		['a reference that the node makes', {}],
		['a Client Reference of the user’s own', { clientReference: '=order-{{ $json.prompt }}' }],
	])('is found among more than a page of others that are lost, by %s', async (_by, options) => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after', times: Infinity });
		const many = Array.from({ length: 600 }, (_, index) => ({ prompt: `p${index}` }));
		const outcome = await bench.run({ ...parameters, completion: 'immediately', options }, many);
		expect(outcome.error).toBeUndefined();
		const prompts = new Map<unknown, unknown>(
			bench.sandbox.acceptedRuns().map(({ id, input }) => [id, input.prompt]),
		);
		expect(outcome.items(WAN).map(({ json }) => prompts.get(json.id))).toEqual(
			many.map(({ prompt }) => prompt),
		);
		expect(posts()).toBe(600);
	});

	it('is looked for together with all others that are', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after', times: 30 });
		// Long enough for many answers to be lost during one read, however slow the machine is.
		bench.sandbox.addFault({
			match: { method: 'GET', path: '/v1/runs' },
			kind: 'slow',
			overMs: 1_000,
			times: Infinity,
		});
		const many = Array.from({ length: 30 }, (_, index) => ({ prompt: `p${index}` }));
		const outcome = await bench.run({ ...parameters, completion: 'immediately' }, many);
		expect(outcome.error).toBeUndefined();
		expect(posts()).toBe(30);
		// Their answers are lost one after the other; each read of the list is for all of them.
		expect(listReads().length).toBeLessThanOrEqual(15);
	});

	it.each([408, 500, 502, 503, 504])('behind a gateway’s %d is looked for', async (status) => {
		bench.sandbox.addFault({ match: CREATE, kind: 'html', status, acts: true });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }], retry);
		expect(outcome.error).toBeUndefined();
		expect(posts()).toBe(1);
	});
});
