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
	// A blank behind the braces makes n8n turn the value into text.
	[
		'a filter value with a blank behind it',
		{},
		{},
		pairs({ name: 'order', value: '={{ 1001 }} ' }),
		true,
	],
	[
		'a filter value with an invisible space',
		{},
		{},
		pairs({ name: 'order', value: '1001\u200b' }),
		true,
	],
	['a statuses list that became text', {}, {}, { statuses: '={{ ["failed"] }} ' }, false],
	[
		'a statuses list that became text, chosen',
		{},
		{},
		{ statuses: '={{ ["succeeded", "failed"] }} ' },
		true,
	],
	['statuses as JSON text', {}, {}, { statuses: '["succeeded"]' }, true],
	['statuses in lines', {}, {}, { statuses: 'failed\nsucceeded' }, true],
	[
		'statuses by their displayed names',
		{},
		{},
		{ statuses: ['Partially Succeeded', ' SUCCEEDED '] },
		true,
	],
	['an empty list of statuses by expression', {}, {}, { statuses: '={{ [] }}' }, true],
	[
		'the status cancelled, filtered as canceled',
		{ event: 'run.cancelled', status: 'cancelled' },
		{},
		{ statuses: ['canceled'] },
		true,
	],
	[
		'the status canceled, filtered as Canceled',
		{ event: 'run.cancelled', status: 'canceled' },
		{},
		{ statuses: '={{ "Canceled" }}' },
		true,
	],
	['events as text', {}, { events: 'run.failed, run.completed' }, {}, true],
	['events as text, another one', {}, { events: '={{ ["run.failed"] }} ' }, {}, false],
	['an event with a blank behind it', {}, { events: ['run.completed '] }, {}, true],
	['an event by its displayed name', {}, { events: ['Run Completed'] }, {}, true],
	[
		'an event in its other spelling',
		{ event: 'run.cancelled', status: 'cancelled' },
		{ events: ['run.canceled'] },
		{},
		true,
	],
	['a run that completed, where finished ones were chosen', {}, { events: ['finished'] }, {}, true],
	[
		'a run that partly succeeded, where finished ones were chosen',
		{ event: 'run.partial_succeeded', status: 'partial_succeeded' },
		{ events: 'Run Finished' },
		{},
		true,
	],
	[
		'a run that failed, where finished ones were chosen',
		{ event: 'run.failed', status: 'failed' },
		{ events: ['finished'] },
		{},
		false,
	],
	[
		'a run that failed, where finished and failed ones were chosen',
		{ event: 'run.failed', status: 'failed' },
		{ events: ['finished', 'run.failed'] },
		{},
		true,
	],
	['a batch, where finished runs were chosen', BATCH, { events: ['finished'] }, {}, false],
	['a batch by its displayed name', BATCH, { events: 'batch finished' }, {}, true],
];

/** What a filter may be set to that cannot be read, at any callback. */
const UNREADABLE: [string, INodeParameters, INodeParameters][] = [
	['Statuses', {}, { statuses: '={{ $json.nothing }}' }],
	['Statuses', {}, { statuses: '={{ null }}' }],
	['Statuses', {}, { statuses: '={{ "" }}' }],
	['Statuses', {}, { statuses: '={{ "done" }}' }],
	['Statuses', {}, { statuses: '={{ { succeeded: true } }}' }],
	['Statuses', {}, { statuses: ['={{ $json.nothing }}'] }],
	['Statuses', {}, { statuses: [''] }],
	['Statuses', {}, { statuses: '={{ " , " }}' }],
	['Events', { events: '={{ $json.nothing }}' }, {}],
	['Events', { events: '={{ [] }}' }, {}],
	['Events', { events: ['run.completed', '={{ $json.nothing }}'] }, {}],
	['Events', { events: '={{ ["completed"] }}' }, {}],
	['Metadata Filter', {}, pairs({ name: 'order', value: '={{ $json.nothing }}' })],
	['Metadata Filter', {}, pairs({ name: '={{ $json.nothing }}', value: '' })],
	['Metadata Filter', {}, pairs({ name: 'order', value: '={{ { a: 1 } }}' })],
	['Metadata Filter', {}, pairs({ name: '', value: '1001' })],
	['Metadata Filter', {}, pairs({ name: '', value: '' })],
	['Metadata Filter', {}, pairs({ name: 'order', value: '1001' }, { name: ' ', value: '' })],
	['Full Run', {}, { fullRun: '={{ "maybe" }}' }],
	['Simplify', {}, { simplify: '={{ "maybe" }}' }],
	['Download Outputs', {}, { downloadOutputs: '={{ 1 }}' }],
	['One Item per Output', {}, { splitOutputs: '={{ [true] }}' }],
	['Request ID', {}, { includeRequestId: '={{ "ja" }}' }],
	['Put Output in Field', {}, { downloadOutputs: true, outputPropertyName: '={{ ["data"] }}' }],
	['Put Output in Field', {}, { downloadOutputs: true, outputPropertyName: '__proto__' }],
];

it.each(UNREADABLE)(
	'has Runflow try again where %s cannot be read: %j %j',
	async (name, parameters, options) => {
		bench.host.parameters = { ...PARAMETERS, ...parameters, options };
		const { status, json } = await bench.send(CALLBACK);
		expect(status).toBe(503);
		expect(json).toEqual({ message: 'The settings of the trigger cannot be read' });
		expect(bench.host.executions).toEqual([]);
		expect(bench.host.logs).toEqual([expect.stringContaining(name)]);
		expect(bench.host.logs[0]).toContain('cannot be read');
	},
);

it.each<[INodeParameters, INodeParameters, string]>([
	[{ events: ['run.failed'] }, {}, 'Event does not match (Events)'],
	[{}, { statuses: ['failed'] }, 'Status does not match (Statuses)'],
	[
		{},
		pairs({ name: 'order', value: '1002' }),
		'Metadata does not match (Metadata Filter, entry "order")',
	],
])('says at debug level why a callback starts nothing: %j %j', async (parameters, options, why) => {
	bench.host.parameters = { ...PARAMETERS, ...parameters, options };
	await bench.send(CALLBACK);
	expect(bench.host.debugLogs).toEqual([`"Runflow Trigger" ignored a callback: ${why}`]);
	expect(bench.host.logs).toEqual([]);
});

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

it('does not accept the name of several events as an event', async () => {
	bench.host.parameters = { ...PARAMETERS, events: ['finished', 'batch'] };
	await bench.send({ ...CALLBACK, event: 'finished' });
	expect(bench.host.executions).toEqual([]);
	expect(bench.host.logs).toEqual([
		expect.stringContaining('does not know the event "finished"') as unknown,
	]);
});

it('says in its answer why nothing starts', async () => {
	bench.host.parameters = { ...PARAMETERS, events: ['run.failed'] };
	expect((await bench.send(CALLBACK)).json).toEqual({ message: 'Event does not match' });
});
