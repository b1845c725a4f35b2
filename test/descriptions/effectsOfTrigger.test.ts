import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { createEngine } from '../engine/engine';
import { images, wanWorkflow } from '../engine/workflows';
import { CALLBACK, PARAMETERS, useTrigger } from '../engine-tests/trigger/context';
import { startSandbox, type Sandbox } from '../sandbox';
import { credential, everyParameter, trigger } from './parameters';

/** No parameter of the trigger and no field of the credential is dead: see effects.test.ts. */
const bench = useTrigger();

const starts = (): number => bench.host.executions.length;
const firstItem = (): IDataObject => bench.host.executions[0]?.items[0]?.json ?? {};
const has = (field: string) => (): boolean => Object.hasOwn(firstItem(), field);
const binaryFields = (): string[] => Object.keys(bench.host.executions[0]?.items[0]?.binary ?? {});

interface Effect {
	without?: INodeParameters;
	set: INodeParameters;
	see: () => unknown;
	gives: unknown;
}

const options = (own: INodeParameters): INodeParameters => ({ options: own });

const EFFECTS: Record<string, Effect> = {
	events: { set: { events: ['run.failed'] }, see: starts, gives: 0 },
	'options.downloadOutputs': {
		set: options({ downloadOutputs: true }),
		see: binaryFields,
		gives: ['data'],
	},
	'options.outputPropertyName': {
		without: options({ downloadOutputs: true }),
		set: options({ downloadOutputs: true, outputPropertyName: 'clip' }),
		see: binaryFields,
		gives: ['clip'],
	},
	'options.fullRun': { set: options({ fullRun: true }), see: has('run'), gives: true },
	'options.includeRequestId': {
		set: options({ includeRequestId: true }),
		see: has('request_id'),
		gives: true,
	},
	'options.metadata': {
		set: options({ metadata: { entry: [{ name: 'order', value: '7' }] } }),
		see: starts,
		gives: 0,
	},
	'options.simplify': { set: options({ simplify: true }), see: has('cost'), gives: true },
	'options.splitOutputs': {
		set: options({ splitOutputs: true }),
		see: has('output_item'),
		gives: true,
	},
	'options.statuses': { set: options({ statuses: ['failed'] }), see: starts, gives: 0 },
};

it('has an effect for every parameter of the trigger', () => {
	const others = [
		// Seen below, by a credential without a secret.
		'acceptUnsigned',
		// These only hold others, or are seen by their holder.
		'options',
		'options.metadata.entry.name',
		'options.metadata.entry.value',
		'unsignedNotice',
	];
	expect([...Object.keys(EFFECTS), ...others].sort()).toEqual(
		everyParameter(trigger.properties)
			.map(({ path }) => path)
			.sort(),
	);
});

it.each(Object.entries(EFFECTS))('%s has an effect', async (_path, effect) => {
	const seen: unknown[] = [];
	for (const parameters of [effect.without ?? {}, effect.set]) {
		bench.host.parameters = { ...PARAMETERS, ...parameters };
		await bench.run('succeeded', { metadata: { order: '1001' } });
		seen.push(effect.see());
		bench.sandbox.reset();
		bench.host.reset();
	}
	expect(seen[1]).toEqual(effect.gives);
	expect(seen[0]).not.toEqual(effect.gives);
});

it('acceptUnsigned has an effect', async () => {
	const statuses: number[] = [];
	for (const acceptUnsigned of [false, true]) {
		bench.host.credential = { ...bench.host.credential, callbackSecrets: '' };
		bench.host.parameters = { ...PARAMETERS, acceptUnsigned };
		statuses.push((await bench.send(CALLBACK)).status);
	}
	expect(statuses).toEqual([401, 200]);
});

describe('the credential', () => {
	let other: Sandbox;
	beforeAll(async () => {
		other = await startSandbox();
	});
	afterAll(async () => {
		await other.close();
	});

	/** What reaches a sandbox of a run that is started with this credential. */
	const sentWith = async (own: IDataObject, to = other): Promise<IDataObject[]> => {
		for (const sandbox of [to, other]) sandbox.reset();
		const engine = await createEngine({
			runflowApi: {
				apiKey: other.apiKey,
				baseUrl: other.url,
				callbackSecrets: '',
				organizationId: '',
				...own,
			},
		});
		await engine.run(
			wanWorkflow({
				operation: 'proEdit',
				completion: 'immediately',
				prompt: 'Blue',
				images: images('https://example.com/1.png'),
			}),
		);
		return to.posts('/runs').map(({ headers }) => headers);
	};

	it('has no field without an effect', () => {
		expect(credential.properties.map(({ name }) => name)).toEqual([
			'apiKey',
			'baseUrl',
			'callbackSecrets',
			'organizationId',
		]);
	});

	it('apiKey is sent', async () => {
		expect(await sentWith({ apiKey: 'rf_live_other' })).toMatchObject([
			{ authorization: 'Bearer rf_live_other' },
		]);
	});

	it('baseUrl is where it is sent', async () => {
		expect(await sentWith({ baseUrl: bench.sandbox.url }, bench.sandbox)).toHaveLength(1);
		expect(other.posts()).toEqual([]);
	});

	it('organizationId is sent', async () => {
		expect((await sentWith({}))[0]).not.toHaveProperty('x-organization-id');
		expect(await sentWith({ organizationId: 'org-1' })).toMatchObject([
			{ 'x-organization-id': 'org-1' },
		]);
	});

	it('callbackSecrets decides which callbacks are accepted', async () => {
		const own = bench.host.credential;
		const statuses: number[] = [];
		for (const callbackSecrets of ['whsec_another', own?.callbackSecrets ?? '']) {
			bench.host.credential = { ...own, callbackSecrets };
			statuses.push((await bench.send(CALLBACK)).status);
		}
		expect(statuses).toEqual([401, 200]);
	});
});
