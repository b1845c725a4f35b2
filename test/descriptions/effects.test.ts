import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { jsonOf, createEngine, type Outcome } from '../engine/engine';
import { AFTER, binary, images, sources, url, wanWorkflow } from '../engine/workflows';
import { useBench } from '../engine-tests/context';
import { everyParameter, wan } from './parameters';
import { selfSigned } from './selfSigned';

/**
 * No parameter is dead: each is set once, and something is seen that is not seen without it. (Exact bodies are the
 * subject of test/engine-tests.)
 */
const bench = useBench();

const ONE = 'https://example.com/1.png';
const edit: INodeParameters = {
	operation: 'proEdit',
	completion: 'immediately',
	prompt: 'Blue',
	images: images(ONE),
};
const video: INodeParameters = {
	operation: 'imageToVideo',
	completion: 'immediately',
	image: url(ONE),
};
const polled: INodeParameters = {
	...edit,
	completion: 'polling',
	options: { pollingInterval: 0.02 },
};

const fromText: INodeParameters = {
	operation: 'textToVideo',
	completion: 'immediately',
	prompt: 'A shoe turns',
};

type See = (outcome: Outcome) => unknown;

/** One field of the input that was sent. */
const input =
	(name: string): See =>
	() =>
		(bench.bodies()[0] as { input: IDataObject } | undefined)?.input[name];
const body =
	(name: string): See =>
	() =>
		(bench.bodies()[0] as IDataObject | undefined)?.[name];
const header =
	(name: string): See =>
	() =>
		bench.sandbox.posts('/runs')[0]?.headers[name];
const message: See = ({ error }) => error?.message;
const item: See = (outcome) => jsonOf(outcome.items(AFTER))[0];
const binaryFields: See = (outcome) => Object.keys(outcome.items(AFTER)[0]?.binary ?? {});
const countReads: See = () =>
	bench.sandbox.requests.filter(({ method }) => method === 'GET').length;

interface Effect {
	/** What the node is set to without the parameter, and with it. */
	without: INodeParameters;
	set: INodeParameters;
	see: See;
	/** What is seen with it. */
	gives: unknown;
	items?: IDataObject[];
	manual?: true;
}

/** An option that is added to others. */
function option(base: INodeParameters, own: INodeParameters): INodeParameters {
	return { ...base, options: { ...(base.options as INodeParameters | undefined), ...own } };
}

function inOptions(own: INodeParameters, see: See, gives: unknown, base = edit): Effect {
	return { without: base, set: option(base, own), see, gives };
}

function sends(base: INodeParameters, own: INodeParameters, name: string, gives: unknown): Effect {
	return { without: base, set: { ...base, ...own }, see: input(name), gives };
}

const pair = { name: 'order', value: '1001' };
const batching = (batchSize: number, batchInterval: number): INodeParameters => ({
	requestOptions: { batching: { batch: { batchSize, batchInterval } } },
});
/** Milliseconds between the first create request and the last. */
const between = (): number => {
	const times = bench.sandbox.posts('/runs').map(({ at }) => at);
	return (times.at(-1) ?? 0) - (times[0] ?? 0);
};

const EFFECTS: Record<string, Effect> = {
	operation: {
		without: edit,
		set: { ...edit, ...video },
		see: () => bench.sandbox.posts()[0]?.path,
		gives: '/v1/models/alibaba/wan/v2.7/image-to-video/runs',
	},
	prompt: sends(edit, { prompt: 'Red' }, 'prompt', 'Red'),
	images: sends(edit, { images: images('https://example.com/2.png') }, 'image_urls', [
		'https://example.com/2.png',
	]),
	imageSize: sends(edit, { imageSize: 'square' }, 'image_size', 'square'),
	imageWidth: sends(
		{ ...edit, imageSize: 'custom', imageHeight: 800 },
		{ imageWidth: 900 },
		'image_size',
		'900x800',
	),
	imageHeight: sends(
		{ ...edit, imageSize: 'custom', imageWidth: 800 },
		{ imageHeight: 900 },
		'image_size',
		'800x900',
	),
	numberOfImages: sends(edit, { numberOfImages: 3 }, 'num_images', 3),
	image: sends(
		video,
		{ image: url('https://example.com/2.png') },
		'image_url',
		'https://example.com/2.png',
	),
	endImage: sends(video, { endImage: url(ONE) }, 'end_image_url', ONE),
	video: sends(
		video,
		{ image: url(''), video: url('https://example.com/1.mp4') },
		'video_url',
		'https://example.com/1.mp4',
	),
	audio: sends(
		video,
		{ audio: url('https://example.com/1.mp3') },
		'audio_url',
		'https://example.com/1.mp3',
	),
	resolution: sends(video, { resolution: '720p' }, 'resolution', '720p'),
	duration: sends(video, { duration: 7 }, 'duration', 7),
	aspectRatio: sends(fromText, { aspectRatio: '9:16' }, 'aspect_ratio', '9:16'),
	completion: {
		without: polled,
		set: { ...polled, completion: 'immediately' },
		see: countReads,
		gives: 0,
	},
	downloadOutputs: {
		without: polled,
		set: { ...polled, downloadOutputs: true },
		see: binaryFields,
		gives: ['data'],
	},
	simplify: {
		without: edit,
		set: { ...edit, simplify: false },
		see: (outcome) => Object.keys(item(outcome) as object).includes('input'),
		gives: true,
	},
	'options.negativePrompt': inOptions({ negativePrompt: 'text' }, input('negative_prompt'), 'text'),
	'options.promptExpansion': inOptions(
		{ promptExpansion: false },
		input('enable_prompt_expansion'),
		false,
	),
	'options.safetyChecker': inOptions(
		{ safetyChecker: false },
		input('enable_safety_checker'),
		false,
	),
	'options.seed': inOptions({ seed: 7 }, input('seed'), 7),
	'options.additionalInput': inOptions({ additionalInput: '{"extra": 1}' }, input('extra'), 1),
	'options.callbackUrl': inOptions(
		{ callbackUrl: 'https://example.com/hook' },
		body('callback_url'),
		'https://example.com/hook',
	),
	'options.clientReference': inOptions({ clientReference: 'r-1' }, body('client_ref'), 'r-1'),
	'options.idempotencyKey': inOptions({ idempotencyKey: 'k-1' }, header('idempotency-key'), 'k-1'),
	'options.metadata': inOptions({ metadata: { entry: [pair] } }, body('metadata'), {
		order: '1001',
	}),
	'options.metadataJson': inOptions({ metadataJson: '{"a": {"b": 1}}' }, body('metadata'), {
		a: { b: 1 },
	}),
	'options.outputPropertyName': inOptions({ outputPropertyName: 'clip' }, binaryFields, ['clip'], {
		...polled,
		downloadOutputs: true,
	}),
	'options.includeInputFields': {
		without: edit,
		set: option(edit, { includeInputFields: true }),
		see: (outcome) => (item(outcome) as { row?: number }).row,
		gives: 7,
		items: [{ row: 7 }],
	},
	'options.splitOutputs': inOptions(
		{ splitOutputs: true },
		(outcome) => Object.keys(item(outcome) as object).includes('output_item'),
		true,
		polled,
	),
	'options.assetReference': inOptions(
		{ assetReference: 'signedUrl' },
		() => /^https?:/.test(String((input('image_urls')({} as Outcome) as string[])[0])),
		true,
		{ ...edit, images: sources(binary('data')) },
	),
	'options.maximumWait': {
		...inOptions(
			{ maximumWait: 0.002 },
			message,
			'The run is not finished after 0.002 minutes [item 0]',
			option(polled, { maximumWait: 0.001 }),
		),
		manual: true,
	},
	'options.pollingInterval': {
		...inOptions({ pollingInterval: 0.02 }, (outcome) => Number(countReads(outcome)) > 2, true, {
			...edit,
			completion: 'polling',
			options: { maximumWait: 0.045 },
		}),
		manual: true,
	},
	// With a pause between them, items are independent: the error of the second does not stop the first.
	'requestOptions.batching.batch.batchInterval': {
		without: { ...edit, prompt: '={{ $json.prompt }}' },
		set: { ...edit, prompt: '={{ $json.prompt }}', ...batching(50, 20) },
		see: () => bench.bodies().length,
		gives: 1,
		items: [{ prompt: 'Blue' }, { prompt: '' }],
	},
	'requestOptions.batching.batch.batchSize': {
		without: { ...edit, ...batching(2, 1500) },
		set: { ...edit, ...batching(1, 1500) },
		see: () => between() > 1400,
		gives: true,
		items: [{}, {}],
	},
	'requestOptions.timeout': {
		without: edit,
		set: { ...edit, requestOptions: { timeout: 50 } },
		// It gives up, and looks up the run, which was started.
		see: countReads,
		gives: 1,
	},
};

/** Parameters that only hold others, and notices. */
const HOLDERS = [
	'options',
	'mediaNotice',
	'callbackNotice',
	'requestOptions',
	'requestOptions.batching',
];
/** Seen by their holders' effects. */
const PARTS = [
	'images.image.source',
	'options.metadata.entry.name',
	'options.metadata.entry.value',
];
/** Seen below, with their own servers. */
const ON_THE_WAY = ['requestOptions.allowUnauthorizedCerts', 'requestOptions.proxy'];

const FILE = { data: { base64: 'iVBORw0KGgo=', mimeType: 'image/png', fileName: 'a.png' } };

it('has an effect for every parameter', () => {
	const all = new Set(everyParameter(wan.properties).map(({ path }) => path));
	const known = [...Object.keys(EFFECTS), ...HOLDERS, ...PARTS, ...ON_THE_WAY];
	expect({
		'Add these to EFFECTS': [...all].filter((path) => !known.includes(path)),
		'Remove these, which no operation has': known.filter((path) => !all.has(path)),
	}).toEqual({ 'Add these to EFFECTS': [], 'Remove these, which no operation has': [] });
	expect(known).toHaveLength(all.size);
});

it.each(Object.entries(EFFECTS))(
	'%s has an effect',
	async (path, effect) => {
		const { without, set, see, gives, items = [{}], manual = false } = effect;
		// Answers that take their time, where the time is the subject.
		const answerDelayMs = path === 'requestOptions.timeout' ? 400 : 0;
		const seen: unknown[] = [];
		for (const parameters of [without, set]) {
			bench.sandbox.configure({ manual, answerDelayMs });
			seen.push(see(await bench.run(parameters, items, {}, [FILE])));
			bench.sandbox.reset();
		}
		expect(seen[1]).toEqual(gives);
		expect(seen[0]).not.toEqual(gives);
	},
	60_000,
);

describe('on the way to Runflow', () => {
	const RUN = { id: 'run-1', status_code: 'queued' };
	let server: Server | undefined;

	async function listen(made: Server): Promise<number> {
		server = made;
		await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
		return (made.address() as AddressInfo).port;
	}
	afterEach(async () => {
		server?.closeAllConnections();
		await new Promise((resolve) => server?.close(resolve));
	});

	const run = async (baseUrl: string, requestOptions: INodeParameters) => {
		const credentials = {
			apiKey: 'rf_live_on_the_way',
			baseUrl,
			callbackSecrets: '',
			organizationId: '',
		};
		const engine = await createEngine({ runflowApi: credentials });
		return await engine.run(wanWorkflow({ ...edit, requestOptions }));
	};

	it('requestOptions.allowUnauthorizedCerts has an effect', async () => {
		const port = await listen(
			createHttpsServer(selfSigned(), (_request, response) => {
				response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(RUN));
			}),
		);
		const refused = await run(`https://localhost:${port}`, {});
		expect(refused.error?.message).toBe(
			'Runflow could not be reached: its certificate is not trusted [item 0]',
		);
		expect(refused.error?.description).toContain('switch on Ignore SSL Issues (Insecure)');
		const taken = await run(`https://localhost:${port}`, { allowUnauthorizedCerts: true });
		expect(taken.error).toBeUndefined();
		expect(item(taken)).toMatchObject({ id: 'run-1' });
	});

	it('requestOptions.proxy has an effect', async () => {
		const requested: string[] = [];
		const port = await listen(
			createHttpServer((request, response) => {
				requested.push(`${request.method ?? ''} ${request.url ?? ''}`);
				response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(RUN));
			}),
		);
		const outcome = await run('http://runflow.invalid', { proxy: `http://127.0.0.1:${port}` });
		expect(outcome.error).toBeUndefined();
		expect(requested).toEqual([
			'POST http://runflow.invalid/v1/models/alibaba/wan/v2.7/pro/edit/runs',
		]);
	});
});
