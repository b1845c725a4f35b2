import type { INodeParameters } from 'n8n-workflow';

import { CALLBACK, PARAMETERS, useTrigger } from './context';

const bench = useTrigger();

describe.each(['internal', 'manual'] as const)('listening (%s)', (mode) => {
	it('needs a secret', async () => {
		expect(await bench.host.hook('checkExists', mode)).toBe(false);
		expect(await bench.host.hook('create', mode)).toBe(true);
		expect(await bench.host.hook('delete')).toBe(true);
	});

	it.each(['', ' , '])('is refused without one (%j)', async (callbackSecrets) => {
		bench.host.credential = { ...bench.host.credential, callbackSecrets };
		await expect(bench.host.hook('create', mode)).rejects.toMatchObject({
			message:
				'Fill in Callback Signing Secrets in the Runflow API credential, or switch on Accept Unsigned Callbacks',
			description: expect.stringContaining('cannot check that a callback comes from') as string,
		});
	});

	it('needs none once the user accepts unsigned callbacks', async () => {
		bench.host.credential = { ...bench.host.credential, callbackSecrets: '' };
		bench.host.parameters = { ...PARAMETERS, acceptUnsigned: true };
		expect(await bench.host.hook('create', mode)).toBe(true);
	});

	it('does not need the request that expressions speak of', async () => {
		const entry = [{ name: 'order', value: '={{ $json.body.metadata.order }}' }];
		bench.host.parameters = { ...PARAMETERS, options: { metadata: { entry } } };
		expect(await bench.host.hook('create', mode)).toBe(true);
	});

	it('is refused without a credential', async () => {
		bench.host.credential = undefined;
		await expect(bench.host.hook('create', mode)).rejects.toThrow(
			'No credential of type runflowApi',
		);
	});

	it('is refused without events', async () => {
		bench.host.parameters = { ...PARAMETERS, events: [] };
		await expect(bench.host.hook('create', mode)).rejects.toThrow(
			'Choose at least one entry under Events',
		);
	});
});

/** Literals that can never be read, with the message of the refusal. */
const UNREADABLE: [INodeParameters, INodeParameters, string][] = [
	[
		{ events: ['completed'] },
		{},
		'Events must be finished, run.completed, run.partial_succeeded, run.failed, run.cancelled or batch, but is "completed"',
	],
	[{ events: 7 }, {}, 'Events must be finished, '],
	[{ events: '' }, {}, 'Choose at least one entry under Events'],
	[{ acceptUnsigned: 'yes' }, {}, 'Accept Unsigned Callbacks must be true or false, but is "yes"'],
	[
		{},
		{ statuses: ['done'] },
		'Statuses must be cancelled, failed, partial_succeeded or succeeded, but is "done"',
	],
	[
		{},
		{ metadata: { entry: [{ name: 'order', value: '[object Object]' }] } },
		'Metadata Filter must have text as the value of "order", but has "[object Object]"',
	],
	[
		{},
		{ metadata: { entry: [{ name: '', value: '1001' }] } },
		'Metadata Filter has an entry without a name',
	],
	[
		{},
		{ metadata: { entry: [{ name: '', value: '' }] } },
		'Metadata Filter has an entry without a name',
	],
	[
		{},
		{
			metadata: {
				entry: [
					{ name: 'order', value: '1001' },
					{ name: ' ', value: '' },
				],
			},
		},
		'Metadata Filter has an entry without a name',
	],
	[{}, { statuses: [''] }, 'Statuses has only empty entries'],
	[{}, { fullRun: 'maybe' }, 'Full Run must be true or false, but is "maybe"'],
];

describe('settings that cannot be read', () => {
	it('are refused with what to do about them', async () => {
		bench.host.parameters = { ...PARAMETERS, events: '[]' };
		await expect(bench.host.hook('create')).rejects.toMatchObject({
			message: 'Events is empty',
			description: 'Choose at least one entry under Events.',
		});
	});

	it.each(UNREADABLE)('are refused at publishing: %j %j', async (parameters, options, message) => {
		bench.host.parameters = { ...PARAMETERS, ...parameters, options };
		for (const activation of ['activate', 'create', 'update', 'manual'] as const) {
			await expect(bench.host.hook('create', 'trigger', activation)).rejects.toThrow(message);
		}
		expect(bench.host.logs).toEqual([]);
	});

	it.each(UNREADABLE)(
		'unpublish nothing when n8n starts: %j %j',
		async (parameters, options, message) => {
			bench.host.parameters = { ...PARAMETERS, ...parameters, options };
			for (const activation of ['init', 'leadershipChange'] as const) {
				expect(await bench.host.hook('create', 'trigger', activation)).toBe(true);
			}
			expect(bench.host.logs).toHaveLength(2);
			expect(bench.host.logs[0]).toContain(`cannot take callbacks: ${message}`);
			expect((await bench.send(CALLBACK)).status).toBe(503);
			expect(bench.host.executions).toEqual([]);
		},
	);

	it.each<[INodeParameters, INodeParameters]>([
		[{ events: '={{ $json.nothing }}' }, {}],
		[{}, { statuses: '={{ $json.nothing }}' }],
		[{ events: 'Run Finished; run.canceled' }, { statuses: 'canceled' }],
		[{ acceptUnsigned: 'true ' }, { fullRun: 'FALSE' }],
	])('do not include expressions and other spellings: %j %j', async (parameters, options) => {
		bench.host.parameters = { ...PARAMETERS, ...parameters, options };
		expect(await bench.host.hook('create')).toBe(true);
		expect(bench.host.logs).toEqual([]);
	});
});

it('stays published without a credential or a secret when n8n starts', async () => {
	for (const credential of [undefined, { ...bench.host.credential, callbackSecrets: '' }]) {
		bench.host.credential = credential;
		expect(await bench.host.hook('create', 'trigger', 'init')).toBe(true);
	}
	expect(bench.host.logs).toEqual([
		expect.stringContaining('cannot take callbacks: '),
		expect.stringContaining('cannot take callbacks: Fill in Callback Signing Secrets'),
	]);
});

it('sends Runflow nothing', async () => {
	await bench.host.hook('create');
	await bench.host.hook('delete');
	expect(bench.sandbox.requests).toEqual([]);
});
