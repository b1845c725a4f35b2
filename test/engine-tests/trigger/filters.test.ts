import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { CALLBACK, PARAMETERS, useTrigger } from './context';

const bench = useTrigger();

const BATCH = {
	event: 'batch.succeeded',
	batch_id: 'batch_01J0',
	status: 'succeeded',
	output: { items: [], succeeded: 2, failed: 0, cancelled: 0, total: 2 },
	metadata: { order: '1001' },
};

function pairs(...entry: { name: string; value: string | number }[]): INodeParameters {
	return { metadata: { entry } };
}

/** What comes, what the node is set to, and whether the workflow starts. */
const ROWS: [string, IDataObject, INodeParameters, INodeParameters, boolean][] = [
	['an event that was chosen', {}, { events: ['run.completed'] }, {}, true],
	['an event that was not chosen', {}, { events: ['run.failed'] }, {}, false],
	['a batch that was chosen', BATCH, { events: ['batch'] }, {}, true],
	[
		'a batch that failed, chosen',
		{ ...BATCH, event: 'batch.failed' },
		{ events: ['batch'] },
		{},
		true,
	],
	[
		'a batch that partly succeeded, chosen',
		{ ...BATCH, event: 'batch.partial_succeeded', status: 'partial_succeeded' },
		{ events: ['batch'] },
		{ statuses: ['partial_succeeded'] },
		true,
	],
	[
		'a batch that partly succeeded, where single runs alone were chosen',
		{ ...BATCH, event: 'batch.partial_succeeded', status: 'partial_succeeded' },
		{ events: ['run.completed', 'run.partial_succeeded'] },
		{},
		false,
	],
	['a batch that was not chosen', BATCH, { events: ['run.completed'] }, {}, false],
	['a status that was chosen', {}, {}, { statuses: ['succeeded'] }, true],
	['a status that was not chosen', {}, {}, { statuses: ['failed', 'cancelled'] }, false],
	[
		'the status canceled',
		{ event: 'run.cancelled', status: 'canceled' },
		{},
		{ statuses: ['cancelled'] },
		true,
	],
	['no status at all', { status: null }, {}, { statuses: ['succeeded'] }, false],
	['no status chosen', { status: null }, {}, { statuses: [] }, true],
	['metadata that has the pair', {}, {}, pairs({ name: 'order', value: '1001' }), true],
	['an entry left empty', {}, {}, pairs({ name: ' ', value: '' }), true],
	['a name with spaces', {}, {}, pairs({ name: ' order ', value: '1001' }), true],
	['metadata with another value', {}, {}, pairs({ name: 'order', value: '100' }), false],
	['metadata without the name', {}, {}, pairs({ name: 'shop', value: '' }), false],
	['a name that every object has', {}, {}, pairs({ name: 'constructor', value: '' }), false],
	['no metadata', { metadata: null }, {}, pairs({ name: 'order', value: '1001' }), false],
	[
		'metadata that is a list',
		{ metadata: ['1001'] },
		{},
		pairs({ name: '0', value: '1001' }),
		false,
	],
	['a number', { metadata: { order: 1001 } }, {}, pairs({ name: 'order', value: '1001' }), true],
	['a number in the filter', {}, {}, pairs({ name: 'order', value: 1001 }), true],
	['a truth', { metadata: { paid: true } }, {}, pairs({ name: 'paid', value: 'true' }), true],
	[
		'null in the metadata',
		{ metadata: { order: null } },
		{},
		pairs({ name: 'order', value: '' }),
		false,
	],
	['an empty text', { metadata: { order: '' } }, {}, pairs({ name: 'order', value: '' }), true],
	[
		'nested metadata',
		{ metadata: { order: { n: 1 } } },
		{},
		pairs({ name: 'order', value: '' }),
		false,
	],
	[
		'all of two pairs',
		{ metadata: { a: '1', b: '2' } },
		{},
		pairs({ name: 'a', value: '1' }, { name: 'b', value: '2' }),
		true,
	],
	[
		'one of two pairs',
		{ metadata: { a: '1', b: '3' } },
		{},
		pairs({ name: 'a', value: '1' }, { name: 'b', value: '2' }),
		false,
	],
	['no pairs', {}, {}, pairs(), true],
];

it.each(ROWS)('%s', async (_what, fields, parameters, options, starts) => {
	bench.host.parameters = { ...PARAMETERS, ...parameters, options };
	const body = 'batch_id' in fields ? fields : { ...CALLBACK, ...fields };
	const { status } = await bench.send(body);
	expect(status).toBe(200);
	expect(bench.host.executions.map(({ items }) => items.map(({ json }) => json))).toEqual(
		starts ? [[body]] : [],
	);
	expect(bench.host.logs).toEqual([]);
});

it.each([
	['1099511627776123457', 1],
	['1099511627776123456', 0],
])('compares numbers beyond 2^53 by all their digits: %s', async (value, starts) => {
	bench.host.parameters = { ...PARAMETERS, options: pairs({ name: 'id', value }) };
	const body = JSON.stringify({ ...CALLBACK, metadata: { id: 0 } });
	await bench.send(body.replace('"id":0', '"id":1099511627776123457'));
	expect(bench.host.executions).toHaveLength(starts);
});

it('says in its answer why nothing starts', async () => {
	bench.host.parameters = { ...PARAMETERS, events: ['run.failed'] };
	expect((await bench.send(CALLBACK)).json).toEqual({ message: 'Event not listened to' });
});
