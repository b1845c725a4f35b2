import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { until } from '../../until';
import { CALLBACK, OLD_SECRET, PARAMETERS, SECRET, useTrigger } from './context';

/** What Runflow's pages say in two ways, row by row. @see docs/readings.md */
const bench = useTrigger();

function set(options: INodeParameters): void {
	bench.host.parameters = { ...PARAMETERS, options };
}

function setSecrets(callbackSecrets: string): void {
	bench.host.credential = { ...bench.host.credential, callbackSecrets };
}

/** The items that started the workflow. */
function started(): IDataObject[] {
	return bench.host.executions.flatMap(({ items }) => items.map(({ json }) => json));
}

/** What the trigger has answered to Runflow, one by one. */
function answers(): unknown[] {
	const attempts = bench.sandbox.deliveries().flatMap((delivery) => delivery.attempts);
	return attempts.map(({ result }) => ('status' in result ? result.status : result.error));
}

it.each(['canceled', 'cancelled'] as const)(
	'row 1: a run reported as %s passes the filter, and is output as it came',
	async (callbackCanceledSpelling) => {
		bench.sandbox.configure({ callbackCanceledSpelling });
		set({ statuses: ['cancelled'] });
		const id = await bench.run('canceled');
		expect(started()).toMatchObject([{ run_id: id, status: callbackCanceledSpelling }]);
	},
);

it.each([
	['null', null],
	['error', { code: 'INPUT_VALIDATION_FAILED' }],
] as const)(
	'row 3: the output %s of a failed run is no output to download',
	async (callbackFailureOutput, output) => {
		bench.sandbox.configure({ callbackFailureOutput });
		set({ fullRun: true, downloadOutputs: true, splitOutputs: true });
		const id = await bench.run('failed');
		const run = { id, failure_message: 'The provider could not read image 1.' };
		expect(started()).toMatchObject([{ run_id: id, output, output_item: null, run }]);
		expect(bench.host.executions[0]?.items[0]).not.toHaveProperty('binary');
		expect(bench.sandbox.requests.filter(({ host }) => host === 'storage')).toEqual([]);
	},
);

it.each([
	['seed', [401], 0],
	['newer', [401, 200], 1],
] as const)(
	'row 4: a callback refused for a wrong secret comes again or not, by %s rules',
	async (callbackRetryPolicy, expected, starts) => {
		bench.sandbox.configure({ callbackRetryPolicy, callbackRetryDelaysMs: [500, 500] });
		setSecrets('whsec_other');
		const id = await bench.start();
		bench.sandbox.finishRun(id);
		await until(() => bench.host.logs.length > 0);
		setSecrets(SECRET);
		await until(() => bench.sandbox.deliveries().every(({ status }) => status !== 'pending'));
		expect(answers()).toEqual(expected);
		expect(bench.host.executions).toHaveLength(starts);
		// In either case a person can have it sent again.
		await bench.redeliver(id);
		expect(bench.host.executions).toHaveLength(starts + 1);
	},
);

it.each(['image_urls', 'image', 'url', 'output_url', 'images', 'image_objects', 'comfy'] as const)(
	'row 8: an output spelled %s is downloaded',
	async (outputShape) => {
		bench.sandbox.configure({ outputShape });
		set({ downloadOutputs: true, splitOutputs: true });
		await bench.run();
		const url = expect.stringMatching(/\/outputs\//) as string;
		expect(started()).toMatchObject([{ output_item: { url } }]);
		const binary = bench.host.executions[0]?.items[0]?.binary;
		expect(binary?.data).toMatchObject({ mimeType: 'image/png' });
	},
);

it('row 16: a run is read whose id is no UUID', async () => {
	const run = { id: '01J0ABCDEF', status_code: 'succeeded' };
	const match = { method: 'GET', path: `/v1/runs/${run.id}` };
	bench.sandbox.addFault({ kind: 'wrong-json', status: 200, body: run, match });
	set({ fullRun: true });
	expect((await bench.send({ ...CALLBACK, run_id: run.id })).status).toBe(200);
	expect(started()).toEqual([{ ...CALLBACK, run_id: run.id, run }]);
});

it('row 19: a delivery is signed with the old secret to its end, while a new one is current', async () => {
	setSecrets(`${OLD_SECRET}, ${SECRET}`);
	bench.sandbox.configure({ callbackSecrets: [{ secret: OLD_SECRET, isCurrent: true }] });
	let failures = 1;
	bench.host.creating = async () => {
		await Promise.resolve();
		bench.sandbox.configure({ callbackSecrets: [{ secret: SECRET, isCurrent: true }] });
		if (failures-- > 0) throw new Error('database is locked');
	};
	const ids = [await bench.run(), await bench.run()];
	expect(answers()).toEqual([500, 200, 200]);
	expect(bench.sandbox.deliveries().map(({ secret }) => secret)).toEqual([OLD_SECRET, SECRET]);
	expect(started().map(({ run_id: id }) => id)).toEqual(ids);
});
