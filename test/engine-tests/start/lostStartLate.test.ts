import { WAN } from '../../engine/workflows';
import { until } from '../../until';
import { bench, CREATE, LIST, paid, parameters, posts, retry, startLate } from './scene';

describe('a start without an answer', () => {
	it('is not sent again where the last read fails: the earlier ones were too early', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-before' });
		bench.sandbox.addFault({ match: { ...LIST, nth: 4 }, kind: 'status', status: 503 });
		const outcome = await bench.run(parameters, [{ prompt: 'a' }]);
		expect(outcome.error?.description).toContain('not known whether the run was started');
		expect(posts()).toBe(1);
	});

	it('is not sent again where Runflow starts the run after a gateway has given up on it', async () => {
		const countReads = () =>
			bench.sandbox.requests.filter(
				({ method, path, status }) => method === 'GET' && path === '/v1/runs' && status !== null,
			).length;
		bench.sandbox.addFault({ match: CREATE, kind: 'html', status: 504 });
		const going = bench.run(parameters, [{ prompt: 'a' }], { ...retry, maxTries: 2 });
		await until(() => countReads() === 3);
		// What Runflow was still at.
		await startLate();
		const outcome = await going;
		expect(paid()).toEqual(['a']);
		expect(outcome.error).toBeUndefined();
		expect(outcome.items(WAN)[0]?.json.id).toBe(bench.sandbox.acceptedRuns()[0]?.id);
	});
});
