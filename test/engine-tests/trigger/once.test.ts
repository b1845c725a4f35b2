import type { FaultBehaviour, Sandbox } from '../../sandbox';
import { until } from '../../until';
import { CALLBACK, PARAMETERS, useTrigger } from './context';

const bench = useTrigger();

// Reading from the API is tried three times within a second.
jest.setTimeout(60_000);
// n8n and the tests have the same clock.
afterEach(() => {
	jest.restoreAllMocks();
});

function runIds(): unknown[] {
	return bench.host.executions.map(({ items }) => items[0]?.json.run_id);
}

function histories(): Sandbox['requests'] {
	return bench.sandbox.requests.filter(
		({ method, path }) => method === 'GET' && path.endsWith('/callback'),
	);
}

describe('a delivery', () => {
	it('starts the workflow once, however often Runflow sends it', async () => {
		bench.sandbox.configure({ callbackCopies: 5 });
		const id = await bench.run();
		expect(runIds()).toEqual([id]);
		const statuses = bench.sandbox
			.deliveries()
			.map(({ attempts }) => attempts.map(({ result }) => 'status' in result && result.status));
		expect(statuses).toEqual([[200], [200], [200], [200], [200]]);
	});

	it('that comes again later starts nothing and gets 200', async () => {
		const id = await bench.run();
		const [delivery] = bench.sandbox.deliveries();
		const again = await bench.send(delivery?.body.toString() ?? '');
		expect(again).toMatchObject({ status: 200, json: { message: 'Delivery already received' } });
		expect(runIds()).toEqual([id]);
		expect(bench.host.debugLogs.at(-1)).toBe(
			'"Runflow Trigger" ignored a callback: Delivery already received',
		);
	});

	it('without a run ID that comes again starts nothing and requests nothing', async () => {
		const body = { ...CALLBACK, run_id: undefined };
		await bench.send(body);
		expect((await bench.send(body)).json).toEqual({ message: 'Delivery already received' });
		expect(bench.host.executions).toHaveLength(1);
		expect(bench.sandbox.requests).toEqual([]);
		expect(bench.host.logs).toEqual([]);
	});

	it('that comes again after the workflow was published again starts nothing', async () => {
		await bench.send(CALLBACK);
		bench.host.database.staticData = 'null';
		await bench.host.hook('delete');
		await bench.host.hook('create');
		await bench.send(CALLBACK);
		expect(bench.host.executions).toHaveLength(1);
	});

	it('that comes again after a restart starts nothing', async () => {
		const id = await bench.run();
		bench.host.restart();
		const [delivery] = bench.sandbox.deliveries();
		expect((await bench.send(delivery?.body.toString() ?? '')).status).toBe(200);
		expect(runIds()).toEqual([id]);
	});

	it('that was started by another process, as the workflow’s row shows, starts nothing', async () => {
		const [first, second] = [await bench.run(), await bench.run()];
		const row = bench.host.database.staticData;
		bench.host.restart();
		bench.host.database.staticData = 'null';
		const third = await bench.run();
		bench.host.database.staticData = row;
		for (const { body } of bench.sandbox.deliveries()) await bench.send(body.toString());
		expect(runIds()).toEqual([first, second, third]);
	});

	it('is remembered with all others that came at the same moment', async () => {
		const bodies = Array.from({ length: 30 }, (_, index) => ({ ...CALLBACK, run_id: `r${index}` }));
		await Promise.all(bodies.map(async (body) => await bench.send(body)));
		bench.host.restart();
		await Promise.all(bodies.map(async (body) => await bench.send(body)));
		expect(bench.host.executions).toHaveLength(30);
	});

	it('is saved with the others that are being started, only by the last of them', async () => {
		const { host } = bench;
		const saved: string[] = ['null'];
		Object.defineProperty(host.database, 'staticData', {
			configurable: true,
			get: () => saved.at(-1),
			set: (row: string) => saved.push(row),
		});
		let come = 0;
		host.creating = async () => {
			come += 1;
			await until(() => come >= 5);
		};
		await Promise.all(
			Array.from({ length: 5 }, async (_, index) => {
				await bench.send({ ...CALLBACK, run_id: `r${index}` });
			}),
		);
		expect(host.executions).toHaveLength(5);
		expect(saved).toHaveLength(2);
	});

	it('is forgotten after 500 others, and the workflow’s row stays small', async () => {
		for (let index = 0; index <= 500; index++) {
			await bench.send({ ...CALLBACK, run_id: `r${index}` });
		}
		expect(bench.host.executions).toHaveLength(501);
		expect(bench.host.database.staticData.length).toBeLessThan(18_000);
		await bench.send({ ...CALLBACK, run_id: 'r1' });
		expect(bench.host.executions).toHaveLength(501);
		await bench.send({ ...CALLBACK, run_id: 'r0' });
		expect(bench.host.executions).toHaveLength(502);
	});

	it('whose start took long does not overwrite what was saved since; the next one saves both', async () => {
		const { host } = bench;
		const now = Date.now.bind(Date);
		const theirs = JSON.stringify({ 'node:Other': { cursor: 7 } });
		host.creating = async () => {
			await Promise.resolve();
			host.database.staticData = theirs;
			jest.spyOn(Date, 'now').mockImplementation(() => now() + 10_000);
		};
		await bench.send(CALLBACK);
		jest.restoreAllMocks();
		expect(host.database.staticData).toBe(theirs);

		host.creating = async () => {
			await Promise.resolve();
		};
		await bench.send({ ...CALLBACK, run_id: 'next' });
		expect(host.database.staticData).toContain('"cursor":7');
		host.restart();
		await bench.send(CALLBACK);
		expect(host.executions).toHaveLength(2);
	});

	it('of a batch that comes again starts nothing, unless a person has requested it', async () => {
		const batch = { event: 'batch.succeeded', batch_id: 'batch_01J0', status: 'succeeded' };
		await bench.send(batch);
		expect(await bench.send(batch)).toMatchObject({
			status: 200,
			json: { message: 'Delivery already received' },
		});
		expect(bench.host.executions).toHaveLength(1);
		const history = [true, false].map((is_automatic) => ({ payload: batch, is_automatic }));
		const path = '/v1/batches/batch_01J0/callback';
		bench.sandbox.addFault({ kind: 'wrong-json', status: 200, body: history, match: { path } });
		await bench.send(batch);
		expect(bench.host.executions).toHaveLength(2);
		expect(bench.sandbox.requests.map((request) => request.path)).toEqual([path, path]);
	});

	it('that is filtered writes nothing', async () => {
		bench.host.parameters = { ...PARAMETERS, events: ['run.failed'] };
		await bench.run();
		expect(bench.host.executions).toEqual([]);
		expect(bench.host.database.staticData).toBe('null');
	});
});

describe('a redelivery requested by a person', () => {
	/** Has a failed run delivered again while its history cannot be read so many times. Gives the run's id. */
	async function redeliverDespite(fault: FaultBehaviour, times: number): Promise<string> {
		const id = await bench.run('failed');
		bench.sandbox.addFault({ ...fault, match: { method: 'GET' }, times });
		await bench.redeliver(id);
		return id;
	}

	it('starts the workflow again, with newly signed links', async () => {
		const id = await bench.run();
		bench.sandbox.configure({ outputUrlTtlMs: 2 * 60 * 60_000 });
		await bench.redeliver(id);
		expect(runIds()).toEqual([id, id]);
		expect(histories()).toEqual([]);
	});

	it('starts the workflow again when its bytes are the same, once each', async () => {
		const id = await bench.run('failed');
		const [first] = bench.sandbox.deliveries();
		await bench.redeliver(id);
		expect(bench.sandbox.deliveries()[1]?.body).toEqual(first?.body);
		expect(runIds()).toEqual([id, id]);
		// A copy of it is not another redelivery.
		await bench.send(first?.body.toString() ?? '');
		expect(runIds()).toEqual([id, id]);
		await bench.redeliver(id);
		expect(runIds()).toEqual([id, id, id]);
	});

	it('starts the workflow although the first delivery was doubled', async () => {
		bench.sandbox.configure({ callbackCopies: 3 });
		const id = await bench.run('canceled');
		await bench.redeliver(id);
		expect(runIds()).toEqual([id, id]);
	});

	it('starts the workflow after a restart', async () => {
		const id = await bench.run('failed');
		bench.host.restart();
		await bench.redeliver(id);
		expect(runIds()).toEqual([id, id]);
	});

	it('starts the workflow once when deliveries before it never arrived', async () => {
		bench.host.credential = { ...bench.host.credential, callbackSecrets: 'whsec_other' };
		const id = await bench.run('failed');
		await bench.redeliver(id);
		expect(runIds()).toEqual([]);
		bench.host.credential = {
			...bench.host.credential,
			callbackSecrets: 'whsec_Current0123456789',
		};
		await bench.redeliver(id);
		expect(runIds()).toEqual([id]);
		const last = bench.sandbox.deliveries().at(-1);
		await bench.send(last?.body.toString() ?? '');
		expect(runIds()).toEqual([id]);
	});

	it.each([
		['cannot be reached', { kind: 'reset-before' }],
		['answers 500', { kind: 'status', status: 500 }],
		['answers 429', { kind: 'status', status: 429 }],
		['is a web page', { kind: 'html', status: 200 }],
		['is something else', { kind: 'wrong-json', status: 200, body: '{"items": 3}' }],
	] as const)(
		'starts the workflow with the next attempt where the history %s',
		async (_w, fault) => {
			const id = await redeliverDespite(fault, 3);
			expect(runIds()).toEqual([id, id]);
			const results = bench.sandbox.deliveries()[1]?.attempts.map(({ result }) => result);
			expect(results).toMatchObject([{ status: 503 }, { status: 200 }]);
		},
	);

	it('is refused with a separate message when its history is not a list', async () => {
		const id = await redeliverDespite({ kind: 'html' }, 99);
		expect(runIds()).toEqual([id]);
		expect(bench.host.logs[0]).toContain(
			"refused a callback with 503: Not everything could be fetched yet (Runflow's list of deliveries could not be read)",
		);
	});

	it('is noted in one line of the log when it is treated as repeated, for any answer of Runflow', async () => {
		const body = { code: 'X', message: `No.\nNever. ${'x'.repeat(9999)}`, errors: null };
		await redeliverDespite({ kind: 'status', status: 403, body }, 1);
		expect(bench.host.logs).toEqual([
			expect.stringMatching(/deliveries \(No\. Never\. x/) as unknown,
		]);
		expect(bench.host.logs[0]?.length).toBeLessThan(500);
		expect(bench.host.logs[0]).not.toContain('\n');
	});

	it.each([
		['refuses the key', { kind: 'status', status: 401 }],
		['refuses', { kind: 'status', status: 403 }],
		['is not there', { kind: 'status', status: 404 }],
		['is refused with a list', { kind: 'status', status: 403, body: [] }],
		['comes with a status other than 200', { kind: 'status', status: 202, body: [] }],
	] as const)(
		'starts nothing where the history %s, and n8n’s log says so',
		async (_what, fault) => {
			const id = await redeliverDespite(fault, 99);
			expect(runIds()).toEqual([id]);
			expect(bench.sandbox.deliveries()[1]?.status).toBe('delivered');
			expect(bench.host.logs).toEqual([
				expect.stringContaining(
					'treated as a repeated delivery, since Runflow refused the list of deliveries (',
				) as unknown,
			]);
		},
	);
});

describe('while the user listens for a test event', () => {
	it('a delivery starts the workflow again each time that the user listens', async () => {
		const { host } = bench;
		for (let time = 1; time <= 2; time++) {
			await host.hook('create', 'manual');
			expect((await bench.send(CALLBACK, host.testUrl)).status).toBe(200);
			expect((await bench.send(CALLBACK, host.testUrl)).status).toBe(200);
			await host.hook('delete');
			expect(host.executions.map(({ mode }) => mode)).toEqual(Array(time).fill('manual'));
		}
		expect(host.database.staticData).toBe('null');
		expect(bench.sandbox.requests).toEqual([]);
	});

	it('a delivery that has started the live workflow starts the test too', async () => {
		await bench.send(CALLBACK);
		await bench.host.hook('create', 'manual');
		await bench.send(CALLBACK, bench.host.testUrl);
		expect(bench.host.executions.map(({ mode }) => mode)).toEqual(['webhook', 'manual']);
	});

	it('the live trigger keeps what it remembers', async () => {
		await bench.send(CALLBACK);
		bench.host.database.staticData = 'null';
		await bench.host.hook('create', 'manual');
		await bench.host.hook('delete');
		await bench.send(CALLBACK);
		expect(bench.host.executions).toHaveLength(1);
	});

	it('and what was tested still starts the live workflow', async () => {
		await bench.send(CALLBACK, bench.host.testUrl);
		await bench.send(CALLBACK);
		expect(bench.host.executions.map(({ mode }) => mode)).toEqual(['manual', 'webhook']);
	});
});
