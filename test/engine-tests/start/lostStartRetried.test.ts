import { setLimits, type Outcome } from '../../engine/engine';
import { binary, sources, WAN } from '../../engine/workflows';
import type { Fault } from '../../sandbox';
import { gradientPng } from '../../sandbox/media/png';
import { until } from '../../until';
import { bench, CREATE, LIST, paid, parameters, posts, startLate } from './scene';

// As in the package: what is stored is made older here.
beforeAll(() => {
	setLimits(bench.engine, { runShown: 15_000 });
});

describe('an unconfirmed start that a retried execution finds', () => {
	const lists = () =>
		bench.sandbox.requests.filter(({ method, path }) => method === 'GET' && path === '/v1/runs');

	/** An execution whose only start got no answer, and for which the list could not be read. */
	async function unconfirmedStart(fault: Fault): Promise<Outcome> {
		bench.sandbox.addFault({ match: LIST, kind: 'status', status: 403 });
		bench.sandbox.addFault({ match: CREATE, ...fault });
		const failed = await bench.run({ ...parameters, completion: 'immediately' }, [{ prompt: 'a' }]);
		expect(failed.error?.description).toContain('not known whether the run was started');
		expect(bench.sandbox.acceptedRuns()).toEqual([]);
		return failed;
	}

	/** The same, as it is so much later (ms); with the files that were uploaded for it. */
	function later(failed: Outcome, by: number, files = 0): Outcome {
		let found = 0;
		const data = failed.stored.data.replace(
			/"(since|settledAt|at)":(\d+)/g,
			(_text, name: string, at: string) => {
				found += 1;
				return `"${name}":${Number(at) - by}`;
			},
		);
		expect(found).toBe(1 + files + (failed.stored.data.includes('"settledAt"') ? 1 : 0));
		return { ...failed, stored: { ...failed.stored, data } };
	}

	it.each<[string, Fault, number]>([
		['a minute is over, where a gateway had given up on it', { kind: 'html', status: 504 }, 55_000],
		[
			'every server of Runflow has to show it, where its connection broke off',
			{ kind: 'reset-before' },
			10_000,
		],
	])('is looked for until %s', async (_when, fault, by) => {
		const failed = await unconfirmedStart(fault);
		const before = lists().length;
		const retried = bench.engine.retry(later(failed, by));
		await until(() => lists().length > before);
		// What Runflow was still at, or what another server has known all the time.
		await startLate();
		const outcome = await retried;
		expect(outcome.error).toBeUndefined();
		expect(outcome.items(WAN)[0]?.json.id).toBe(bench.sandbox.acceptedRuns()[0]?.id);
		expect(paid()).toEqual(['a']);
		expect(lists()).toHaveLength(before + 2);
	});

	describe('with a file that was uploaded for it longer ago than files are used again for', () => {
		const uploads = () => bench.sandbox.uploads().length;
		const HOURS = 2 * 60 * 60_000;

		async function unconfirmedUpload(fault: Fault): Promise<Outcome> {
			bench.sandbox.addFault({ match: LIST, kind: 'status', status: 403 });
			bench.sandbox.addFault({ match: CREATE, ...fault });
			const file = { base64: gradientPng(32, 24, 1).toString('base64'), mimeType: 'image/png' };
			const failed = await bench.run(
				{ ...parameters, images: sources(binary('data')), completion: 'immediately' },
				[{ prompt: 'a' }],
				{},
				[{ data: { ...file, fileName: '1.png' } }],
			);
			expect(failed.error?.description).toContain('not known whether the run was started');
			expect(uploads()).toBe(1);
			return later(failed, HOURS, 1);
		}

		it('is found', async () => {
			// By the sandbox's clock the run is as young as before.
			const failed = await unconfirmedUpload({ kind: 'reset-after' });
			const outcome = await bench.engine.retry(failed);
			expect(outcome.error).toBeUndefined();
			expect(outcome.items(WAN)[0]?.json.id).toBe(bench.sandbox.acceptedRuns()[0]?.id);
			expect([posts(), uploads()]).toEqual([1, 1]);
		});

		it('is sent with a new one when no run was started', async () => {
			const failed = await unconfirmedUpload({ kind: 'reset-before' });
			const outcome = await bench.engine.retry(failed);
			expect(outcome.error).toBeUndefined();
			expect([posts(), uploads()]).toEqual([2, 2]);
		});
	});

	it.each<[string, Fault, number]>([
		['that minute is over', { kind: 'html', status: 504 }, 60_000],
		['its connection broke off a while ago', { kind: 'reset-before' }, 15_000],
	])('is sent again after one read of the list, where %s', async (_why, fault, by) => {
		const failed = await unconfirmedStart(fault);
		const before = lists().length;
		const outcome = await bench.engine.retry(later(failed, by));
		expect(outcome.error).toBeUndefined();
		expect(lists()).toHaveLength(before + 1);
		expect(paid()).toEqual(['a']);
		expect(posts()).toBe(2);
	});
});
