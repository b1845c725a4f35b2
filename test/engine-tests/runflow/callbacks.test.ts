import type { INodeParameters } from 'n8n-workflow';

import { ALL_SCOPES, DEFAULT_API_KEY } from '../../sandbox';
import { startReceiver, type CallbackReceiver } from '../../sandbox/callbackReceiver';
import { createEdit, textAt } from '../../sandbox/testClient';
import { byId, NODE, onlyError, useRunflow, WITH_ERROR_OUTPUT } from './scene';

const bench = useRunflow({ callbackRetryDelaysMs: [] });

const redeliver: INodeParameters = {
	resource: 'run',
	operation: 'redeliverCallback',
	runId: byId('={{ $json.id }}'),
};
const getDeliveries: INodeParameters = { ...redeliver, operation: 'getCallbackDeliveries' };

let receiver: CallbackReceiver;

beforeEach(async () => {
	receiver = await startReceiver();
});
afterEach(async () => {
	await receiver.close();
});

/** The id of a run that has ended and called back once. */
async function endedRun(address = receiver.url): Promise<string> {
	const id = textAt((await createEdit(bench.sandbox, {}, { callback_url: address })).json, 'id');
	await bench.sandbox.idle();
	return id;
}

function redeliveries(): number {
	return bench.sandbox.posts('/callback-redeliveries').length;
}

it('has the callback of each run sent again, and returns the delivery', async () => {
	const items = [{ id: await endedRun() }, { id: await endedRun(`${receiver.url}?signature=x`) }];
	const outcome = await bench.run(redeliver, items);
	await bench.sandbox.idle();
	expect(outcome.error).toBeUndefined();
	expect(outcome.items(NODE)).toMatchObject(
		items.map(({ id }, item) => ({
			json: { run_id: id, is_automatic: false, callback_url: receiver.url },
			pairedItem: { item },
		})),
	);
	expect(receiver.received.map(({ json }) => json)).toMatchObject(
		[...items, ...items].map(({ id }) => ({ run_id: id })),
	);
	expect(bench.sandbox.posts('/callback-redeliveries').map(({ bodyBytes }) => bodyBytes)).toEqual([
		0, 0,
	]);
});

it('returns every delivery of a run as a linked item, without the token in its address', async () => {
	const id = await endedRun(`${receiver.url}?signature=x`);
	await bench.run(redeliver, [{ id }]);
	await bench.sandbox.idle();
	const outcome = await bench.run(getDeliveries, [{ id }]);
	expect(outcome.items(NODE)).toMatchObject(
		[true, false].map((isAutomatic) => ({
			json: {
				run_id: id,
				is_automatic: isAutomatic,
				callback_url: receiver.url,
				payload: { event: 'run.completed', run_id: id },
				attempts: [{ attempt_number: 1, status_code: 200 }],
			},
			pairedItem: { item: 0 },
		})),
	);
});

it('returns no items for a run without a callback', async () => {
	const [run] = bench.sandbox.addRuns(1);
	const outcome = await bench.run(getDeliveries, [{ id: run?.id }]);
	expect(outcome.error).toBeUndefined();
	expect(outcome.items(NODE)).toEqual([]);
});

it('says when a callback can be sent again', async () => {
	const [run] = bench.sandbox.addRuns(1);
	const outcome = await bench.run(redeliver, [{ id: run?.id }], WITH_ERROR_OUTPUT);
	const error = onlyError(outcome);
	expect(error).toMatchObject({ httpCode: '422' });
	expect(error.description).toContain(
		'A callback can be sent again when the run has ended, was started with a Callback URL',
	);
	expect(outcome.items(NODE, 1)[0]?.pairedItem).toEqual({ item: 0 });
});

it('asks again only when nothing was sent for sure', async () => {
	const id = await endedRun();
	bench.sandbox.addFault({ kind: 'status', status: 429, match: { method: 'POST' } });
	expect((await bench.run(redeliver, [{ id }])).error).toBeUndefined();
	expect(redeliveries()).toBe(2);
	await bench.sandbox.idle();
	bench.sandbox.addFault({ kind: 'reset-after', match: { method: 'POST' } });
	const lost = await bench.run(redeliver, [{ id }]);
	expect(redeliveries()).toBe(3);
	expect(lost.error?.description).toContain('It is not known whether the callback is sent again.');
});

it('names the scope that the API key lacks', async () => {
	const scopes = ALL_SCOPES.filter((scope) => scope !== 'runs:execute');
	bench.sandbox.configure({ keys: [{ key: DEFAULT_API_KEY, scopes, email: 'a@example.com' }] });
	const outcome = await bench.run(redeliver, [{ id: 'a' }]);
	expect(outcome.error?.description).toContain('The API key lacks the scope runs:execute');
});

it.each([
	['Redeliver Callback', redeliver],
	['Get Callback Deliveries', getDeliveries],
])('%s names a run that there is not', async (_name, parameters) => {
	const outcome = await bench.run(parameters, [{ id: 'nothing' }]);
	expect(outcome.error?.description).toContain('Runflow has no run with the ID nothing');
});
