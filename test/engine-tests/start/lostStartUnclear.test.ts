import { bench, CREATE, lastReference, LIST, parameters, posts, retry } from './scene';

describe('a start without an answer', () => {
	it('says that it was not started where Runflow does not list it', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-before' });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }]);
		expect(outcome.error?.message).toBe('Runflow did not answer [item 0]');
		expect(outcome.error?.description).toContain('so it was not started');
	});

	it('is not sent again while it is not known whether a run was started', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after' });
		bench.sandbox.addFault({ match: LIST, kind: 'status', status: 500, times: Infinity });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }], retry);
		expect(outcome.error?.description).toContain('not known whether the run was started');
		expect(posts()).toBe(1);
	});

	it('is not sent again where the list does not show by which names runs were started', async () => {
		bench.sandbox.configure({ listsClientRef: false });
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after' });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }], retry);
		expect(outcome.error?.description).toContain('not known whether the run was started');
		expect(outcome.error?.description).toContain(`Client Reference: ${lastReference()}`);
		expect(posts()).toBe(1);
	});

	it('is not sent again where the list has entries that cannot be read', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after' });
		bench.sandbox.addFault({
			match: LIST,
			kind: 'wrong-json',
			body: { items: [null, 1, [], { id: 7, input: {} }] },
			times: Infinity,
		});
		const outcome = await bench.run(parameters, [{ prompt: 'a' }], retry);
		expect(outcome.error?.description).toContain('not known whether the run was started');
		expect(posts()).toBe(1);
	});
});
