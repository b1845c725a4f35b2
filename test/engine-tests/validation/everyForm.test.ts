import type { IDataObject, INodeParameters, INodeProperties } from 'n8n-workflow';

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { runflow, wan, everyParameter, shown, type Placed } from '../../descriptions/parameters';
import type { Outcome } from '../../engine/engine';
import { AFTER, images, MADE_REFERENCE, url } from '../../engine/workflows';
import { useBench } from '../context';
import { formsOf, sampleOf, type Form } from './forms';

/**
 * Each form in which a value can come is entered into each parameter of the nodes. It is read as what it plainly means, or
 * refused by the parameter's displayed name; none is silently another value. The parameters come from the descriptions,
 * so a new one is tried without a word here, or the test says what it lacks.
 */
const bench = useBench();

const ONE = 'https://example.com/1.png';
const CLIP = 'https://example.com/clip.mp4';

/** Answers in place of Runflow. */
const proxy = createServer((_request, response) => {
	const run = JSON.stringify({ id: 'run-1', status_code: 'queued' });
	response.writeHead(200, { 'content-type': 'application/json' }).end(run);
});
beforeAll(async () => {
	await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
	proxy.closeAllConnections();
	await new Promise((resolve) => proxy.close(resolve));
});

const byId = (value: unknown) => ({ __rl: true, mode: 'id', value }) as unknown as INodeParameters;

/** What each operation is set to, apart from the parameter that is tried. */
const BASES: Record<string, () => INodeParameters> = {
	proEdit: () => ({
		operation: 'proEdit',
		completion: 'immediately',
		prompt: 'Blue',
		images: images(ONE),
	}),
	imageToVideo: () => ({
		operation: 'imageToVideo',
		completion: 'immediately',
		image: url(ONE),
	}),
	textToVideo: () => ({
		operation: 'textToVideo',
		completion: 'immediately',
		prompt: 'Blue',
	}),
	run: () => ({
		resource: 'model',
		operation: 'run',
		completion: 'immediately',
		model: byId('alibaba/wan/v2.7/pro/edit'),
		inputMode: 'json',
		inputJson: JSON.stringify({ prompt: 'Blue', image_urls: [ONE] }),
	}),
};

/** Choices of the node itself, which n8n does not let an expression make. */
const FIXED = ['operation', 'resource'];
/** Parameters that only hold others, notices, and the form of a model, which has tests of its own. */
const HOLDERS: ReadonlySet<string> = new Set([
	'collection',
	'fixedCollection',
	'notice',
	'resourceMapper',
]);

/** What a parameter needs besides itself, and a value where the description suggests none. */
interface Scene {
	with?: INodeParameters;
	value?: unknown;
	/** The same, known only when the tests run. */
	valueNow?: () => unknown;
	/** Its place, if that is not its path. */
	place?: (raw: unknown) => INodeParameters;
	/** What any parameter of the type must not be, but this one may, as code. */
	takes?: string[];
}

const locator = (name: string) => (raw: unknown) => ({ [name]: url(raw) });
const option = (own: unknown): INodeParameters => ({ options: own }) as INodeParameters;
const batch = (own: unknown): INodeParameters =>
	({ requestOptions: { batching: { batch: own } } }) as INodeParameters;
const request = (own: unknown): INodeParameters => ({ requestOptions: own }) as INodeParameters;
const entry = (name: unknown, value: unknown) => option({ metadata: { entry: [{ name, value }] } });

// It is looked at once, when the short time is over.
const POLLED: INodeParameters = {
	completion: 'polling',
	options: { pollingInterval: 0.02, maximumWait: 0.0005 },
};

const SCENES: Record<string, Scene> = {
	'images.image.source': {
		value: ONE,
		place: (raw) => ({ images: images(raw) }),
		takes: ['["a", "b"]'],
	},
	image: { value: CLIP.replace('mp4', 'png'), place: locator('image') },
	endImage: { value: ONE, place: locator('endImage') },
	video: { with: { image: url('') }, value: CLIP, place: locator('video') },
	audio: { value: 'https://example.com/1.mp3', place: locator('audio') },
	imageSize: { value: 'square_hd' },
	imageWidth: { with: { imageSize: 'custom', imageHeight: 800 } },
	imageHeight: { with: { imageSize: 'custom', imageWidth: 800 } },
	completion: { with: POLLED, value: 'immediately' },
	downloadOutputs: { with: POLLED },
	'options.includeInputFields': { with: POLLED, value: true },
	'options.splitOutputs': { with: POLLED, value: true },
	'options.outputPropertyName': { with: { ...POLLED, downloadOutputs: true } },
	'options.pollingInterval': { with: POLLED, value: 0.03 },
	'options.maximumWait': {
		with: { completion: 'polling', options: { pollingInterval: 0.02 } },
		value: 7,
	},
	'options.additionalInput': { value: '{"negative_prompt": "text"}' },
	'options.callbackUrl': { value: 'https://example.com/hook' },
	'options.metadata.entry.name': { place: (raw) => entry(raw, '1001') },
	'options.metadata.entry.value': {
		place: (raw) => entry('order', raw),
		// An expression may give any value for it.
		takes: ['({ a: 1 })', '["a", "b"]', '/x/'],
	},
	model: { value: 'alibaba/wan/v2.7/pro/edit', place: (raw) => ({ model: byId(raw) }) },
	inputMode: { value: 'json' },
	inputJson: { value: JSON.stringify({ prompt: 'Red', image_urls: [ONE] }) },
	'requestOptions.batching.batch.batchSize': {
		place: (raw) => batch({ batchSize: raw, batchInterval: 1 }),
	},
	'requestOptions.batching.batch.batchInterval': {
		value: 3,
		place: (raw) => batch({ batchSize: 1, batchInterval: raw }),
	},
	'requestOptions.timeout': { value: 60_000, place: (raw) => request({ timeout: raw }) },
	'requestOptions.proxy': {
		valueNow: () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
		place: (raw) => request({ proxy: raw }),
	},
};

/** What n8n itself says before the node is asked, without the displayed name. */
const OF_N8N = [/^The proxy is not valid/, /^The "url" argument must be of type string/];

interface Parameter extends Placed {
	node: string;
	type: string;
	/** The operation in which it is tried, one of BASES. */
	operation: string;
	/** The displayed names of the parameter and of what it is in. */
	names: string[];
}

const NODES = [wan, runflow];

/** The parameters of a node, those that operations share only once. */
function parametersOf({
	name,
	displayName: node,
	properties,
}: (typeof NODES)[number]): Parameter[] {
	const seen = new Set<string>();
	return properties.flatMap((root) => {
		const all = everyParameter([root]);
		const { resource = [], operation: of = [] } = root.displayOptions?.show ?? {};
		// The other operations of the node Runflow start no run; their tests are in test/engine-tests/runflow.
		if (name === 'runflow' && resource.length > 0 && !resource.includes('model')) return [];
		if (name === 'runflow' && of.length > 0 && !of.includes('run')) return [];
		const [first = name === 'wan27' ? 'proEdit' : 'run'] = of as string[];
		const operation = name === 'wan27' ? first : 'run';
		return all.flatMap(({ path, property }) => {
			// The operations share parameters.
			if (HOLDERS.has(property.type) || FIXED.includes(path) || seen.has(path)) return [];
			seen.add(path);
			const holders = all.filter((other) => path.startsWith(`${other.path}.`));
			const named = [property, ...holders.map((holder) => holder.property)];
			const names = named.map(({ displayName }) => displayName);
			return [{ node, type: `n8n-nodes-runflow.${name}`, operation, path, property, names }];
		});
	});
}

const PARAMETERS = NODES.flatMap(parametersOf);

/** Everything that can be seen of what came of a form. */
type Seen = { refused: string } | { seen: string };

async function tryOne(parameter: Parameter, raw: unknown): Promise<Seen> {
	const { path, operation, type } = parameter;
	const scene = SCENES[path] ?? {};
	const base = { ...baseOf(operation), ...scene.with };
	const own = scene.place?.(raw) ?? placed(path, parameter.property, raw);
	const parameters = { ...base, ...own };
	if (own.options !== undefined && base.options !== undefined) {
		parameters.options = { ...(base.options as object), ...(own.options as object) };
	}
	bench.sandbox.reset();
	const outcome = await bench
		.run(parameters, [{}], { type })
		.catch((error: unknown) => error as Error);
	const error = outcome instanceof Error ? outcome : outcome.error;
	const message = error?.message.replace(/ \[item 0\]$/, '') ?? '';
	const nothingStarted = bench.sandbox.posts('/runs').length === 0;
	const isNamed = parameter.names.some(
		(name) =>
			message.startsWith(`${name} `) ||
			message.startsWith(`${name}:`) ||
			message.startsWith(`The expression for ${name}`) ||
			message.includes(`"${name}"`),
	);
	if (nothingStarted && (isNamed || OF_N8N.some((own) => own.test(message))))
		return { refused: message };
	return {
		seen: JSON.stringify([message, outcome instanceof Error ? [] : seenOf(outcome)], trimmed),
	};
}

function baseOf(operation: string): INodeParameters {
	const base = BASES[operation];
	if (base === undefined) throw new Error(`Give the operation ${operation} a row in BASES`);
	return base();
}

function placed(path: string, { type }: INodeProperties, raw: unknown): INodeParameters {
	const [name = '', inner, ...deeper] = path.split('.');
	if (deeper.length > 0) throw new Error(`Say in SCENES where ${path} stands`);
	const value = type === 'resourceLocator' ? url(raw) : raw;
	return { [name]: inner === undefined ? value : { [inner]: value } } as INodeParameters;
}

function seenOf(outcome: Outcome): unknown {
	const posts = bench.sandbox.posts('/runs').map(({ json, headers }) => {
		const { client_ref: reference, ...body } = json as IDataObject;
		const isMade = typeof reference === 'string' && MADE_REFERENCE.test(reference);
		const key = headers['idempotency-key'];
		return { body: isMade ? body : json, key: isMade && key === undefined ? undefined : key };
	});
	const items = outcome
		.items(AFTER)
		.map(({ json, binary }) => [Object.keys(json), json.status, Object.keys(binary ?? {})]);
	return {
		posts: posts.map(({ body, key }) => ({ body, key: isOwn(key) ? key : undefined })),
		items,
	};
}

/** Whether the user gave a key: those that the node makes differ from run to run. */
function isOwn(key: string | undefined): boolean {
	return key === 'sample-1';
}

function trimmed(_name: string, value: unknown): unknown {
	return typeof value === 'string' ? value.replace(/^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu, '') : value;
}

/** Whether the scene is one in which the editor shows the parameter. */
function isShown({ type, operation, path, property }: Parameter, value: unknown): boolean {
	const { with: others, place } = SCENES[path] ?? {};
	const own = place?.(value) ?? placed(path, property, value);
	const description = NODES.find(({ name }) => type.endsWith(`.${name}`));
	const values = { ...baseOf(operation), ...others, ...own };
	return description !== undefined && shown(description, values).some((one) => one.path === path);
}

let forms = 0;
const problems: string[] = [];

it.each(PARAMETERS)('$node, $operation: $path', async (parameter) => {
	const { node, path, property } = parameter;
	const scene = SCENES[path] ?? {};
	const { value = scene.valueNow?.() ?? sampleOf(property), takes = [] } = scene;
	const set = await tryOne(parameter, value);
	if ('refused' in set) throw new Error(`Say in SCENES how ${path} is set: ${set.refused}`);
	expect(isShown(parameter, value)).toBe(true);
	const left = await tryOne(parameter, property.type === 'multiOptions' ? [] : '');

	const judge = async ({ raw, means, what }: Form): Promise<void> => {
		forms += 1;
		const came = await tryOne(parameter, raw);
		if ('refused' in came) return;
		if (means === 'value' && came.seen === set.seen) return;
		if ((means === 'empty' || means === 'missing') && 'seen' in left && came.seen === left.seen)
			return;
		if (means === 'wrong' && takes.some((code) => what.includes(JSON.stringify(code).slice(1, -1))))
			return;
		problems.push(`${node}: ${path} = ${what} (${means}) gives ${came.seen}, set ${set.seen}`);
	};
	for (const form of formsOf(property, value)) await judge(form);
	expect(problems.splice(0)).toEqual([]);
});

it('has tried every parameter', () => {
	console.info(`${PARAMETERS.length} parameters, ${forms} forms`);
});
