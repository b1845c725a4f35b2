import type { INodeParameters } from 'n8n-workflow';

import { images, url } from '../engine/workflows';
import { useBench } from '../engine-tests/context';
import { MODELS, modelOf, OPERATIONS } from './models';
import { everyParameter, shown, trigger, wan } from './parameters';

/** Every combination of these values. */
function combinations(choices: Record<string, unknown[]>): INodeParameters[] {
	return Object.entries(choices).reduce<INodeParameters[]>(
		(some, [name, values]) =>
			some.flatMap((one) => values.map((value) => ({ ...one, [name]: value }) as INodeParameters)),
		[{}],
	);
}

/** What decides over what is shown, with a value of each kind that it may have. */
const WAN = combinations({
	operation: OPERATIONS.map(([, value]) => value),
	completion: ['immediately', 'polling', 'callback'],
	...Object.fromEntries(
		Object.values(MODELS).flatMap(({ shownIf = [] }) =>
			shownIf.map(({ parameter, is, isNot }) => [parameter, [is, ...isNot]]),
		),
	),
	downloadOutputs: [false, true],
	images: [{ image: [{ source: url('') }] }],
	options: [{}],
	requestOptions: [{}],
});

/** Any choice. */
const ALWAYS = [
	'operation',
	'completion',
	'simplify',
	'options',
	'options.additionalInput',
	'options.assetReference',
	'options.clientReference',
	'options.idempotencyKey',
	'options.metadata',
	'options.metadata.entry.name',
	'options.metadata.entry.value',
	'options.metadataJson',
	'options.includeInputFields',
	'requestOptions',
	'requestOptions.allowUnauthorizedCerts',
	'requestOptions.batching',
	'requestOptions.batching.batch.batchInterval',
	'requestOptions.batching.batch.batchSize',
	'requestOptions.proxy',
	'requestOptions.timeout',
];

function expectedOf(values: INodeParameters) {
	const { operation, completion, downloadOutputs } = values;
	const { fields, options, shownIf = [] } = modelOf(operation as string);
	const when = (yes: boolean, ...paths: string[]): string[] => (yes ? paths : []);
	const waits = completion !== 'immediately';
	return [
		...ALWAYS,
		...fields,
		...options.map((name) => `options.${name}`),
		...shownIf.flatMap((choice) => when(values[choice.parameter] === choice.is, ...choice.fields)),
		...when(completion === 'callback', 'callbackNotice'),
		...when(completion !== 'callback', 'options.callbackUrl'),
		...when(waits, 'downloadOutputs', 'options.maximumWait', 'options.splitOutputs'),
		...when(waits && downloadOutputs === true, 'options.outputPropertyName'),
		...when(completion === 'polling', 'options.pollingInterval'),
	];
}

const TRIGGER = combinations({
	events: [['run.completed']],
	acceptUnsigned: [false, true],
	options: [{}, { downloadOutputs: false }, { downloadOutputs: true }],
});

describe('what the editor shows', () => {
	it.each(WAN.map((values) => [values] as const))('Wan 2.7 with %j', (values) => {
		const paths = shown(wan, values).map(({ path }) => path);
		// Two that are shown at once under one name would be one and the same value.
		expect(paths).toHaveLength(new Set(paths).size);
		expect(paths.sort()).toEqual(expectedOf(values).sort());
	});

	it.each(TRIGGER.map((values) => [values] as const))('Runflow Trigger with %j', (values) => {
		const { acceptUnsigned, options } = values as {
			acceptUnsigned: boolean;
			options: { downloadOutputs?: boolean };
		};
		expect(
			shown(trigger, values)
				.map(({ path }) => path)
				.sort(),
		).toEqual(
			[
				'acceptUnsigned',
				'events',
				'options',
				'options.downloadOutputs',
				'options.fullRun',
				'options.includeRequestId',
				'options.metadata',
				'options.metadata.entry.name',
				'options.metadata.entry.value',
				'options.simplify',
				'options.splitOutputs',
				'options.statuses',
				...(acceptUnsigned ? ['unsignedNotice'] : []),
				...(options.downloadOutputs === true ? ['options.outputPropertyName'] : []),
			].sort(),
		);
	});

	it.each([
		['Wan 2.7', wan, WAN],
		['Runflow Trigger', trigger, TRIGGER],
	] as const)('of %s leaves nothing out permanently', (_name, description, all) => {
		const reached = all.flatMap((values) => shown(description, values).map(({ path }) => path));
		const there = everyParameter(description.properties).map(({ path }) => path);
		expect([...new Set(reached)].sort()).toEqual([...new Set(there)].sort());
	});

	it.each(OPERATIONS)(
		'%s starts with what is needed: the operation, then its own fields, what decides the price, then the rest',
		(_name, operation) => {
			const values = { operation, completion: 'polling', imageSize: '', downloadOutputs: false };
			const order = shown(wan, values)
				.map(({ path }) => path)
				.filter((path) => !path.includes('.'));
			expect(order).toEqual([
				'operation',
				...modelOf(operation).fields.filter((path) => !path.includes('.')),
				...['completion', 'downloadOutputs', 'simplify', 'options', 'requestOptions'],
			]);
		},
	);
});

/** Values that stay in a workflow although nothing shows them any more: the user has chosen otherwise since. */
describe('what is hidden sends nothing', () => {
	const bench = useBench();
	const IMAGE = 'https://example.com/1.png';
	const edit: INodeParameters = {
		operation: 'proEdit',
		completion: 'immediately',
		prompt: 'Blue',
		images: images(IMAGE),
	};
	const body = { input: { prompt: 'Blue', image_urls: [IMAGE], num_images: 1 } };

	it.each<[string, INodeParameters]>([
		['a custom size', { imageSize: '', imageWidth: 1, imageHeight: 1 }],
		[
			'what the other operation has',
			{ image: url(IMAGE), video: url(IMAGE), duration: 9, resolution: '720p' },
		],
		['what is downloaded', { downloadOutputs: true, options: { outputPropertyName: 'x' } }],
		['how it is waited for', { options: { maximumWait: 5, pollingInterval: 5 } }],
	])('%s', async (_what, hidden) => {
		const outcome = await bench.run({ ...edit, ...hidden });
		expect(outcome.error).toBeUndefined();
		expect(bench.bodies()).toEqual([body]);
		expect(bench.sandbox.requests).toHaveLength(1);
	});

	it('a preset leaves the sides of a custom size out', async () => {
		await bench.run({ ...edit, imageSize: 'square', imageWidth: 800, imageHeight: 800 });
		expect(bench.bodies()).toEqual([{ input: { ...body.input, image_size: 'square' } }]);
	});

	it('of the one operation in the other', async () => {
		const outcome = await bench.run({
			...edit,
			operation: 'imageToVideo',
			image: url(IMAGE),
			imageSize: 'square',
			numberOfImages: 4,
		});
		expect(outcome.error).toBeUndefined();
		expect(bench.bodies()).toEqual([{ input: { prompt: 'Blue', image_url: IMAGE, duration: 5 } }]);
	});
});
