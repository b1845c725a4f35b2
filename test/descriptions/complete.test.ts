import type {
	IBinaryData,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { setBodyValue } from '../../nodes/shared/properties/body';
import { validateFields } from '../../nodes/shared/properties/bodyField';
import {
	CALLBACK_WAIT,
	IMAGE_POLLING,
	VIDEO_POLLING,
} from '../../nodes/shared/run/nodeRun/pollingPolicy';
import { operations } from '../../nodes/Wan27/operations';
import { binary } from '../engine/workflows';
import { modelOf, OPERATIONS } from './models';
import { choicesOf, everyParameter, EVERYTHING, wan } from './parameters';

/**
 * An agent that builds a workflow fills in a parameter from its description alone, so it must know what is
 * taken. The rules themselves say what is accepted: the description has every limit that a refusal names.
 */
const checked = operations.flatMap(({ option, fields, options }) =>
	everyParameter([...fields, ...options]).map(
		(placed) => [`${option.name} ${placed.path}`, placed] as const,
	),
);
const shared = everyParameter(wan.properties)
	.filter(({ path, property }) => path.startsWith('options.') && property.routing !== undefined)
	.filter(({ path }) => !checked.some(([, known]) => path.endsWith(`.${known.path}`)))
	// All operations have the same ones.
	.filter(({ path }, index, all) => all.findIndex((one) => one.path === path) === index)
	.map((placed) => [placed.path, placed] as const);

const sentAway = [...checked, ...shared].filter(([, { property }]) => property.routing?.send);

const TEXT: IBinaryData = { data: 'eA==', mimeType: 'text/plain', fileName: 'a.txt' };
const LONG_URL = `https://example.com/${'x'.repeat(9999)}`;
/** Values. Each rule refuses some of them. */
const PROBES: unknown[] = [
	-1,
	1e12,
	0.5,
	'x'.repeat(9999),
	LONG_URL,
	'no such thing',
	['1', '2', '3', '4', '5'].map((n) => `https://example.com/${n}.png`),
	[],
	binary('data'),
];

/** Why a parameter refuses a value, without the value itself. */
function refusalFor(
	property: INodeProperties,
	value: unknown,
	others: Record<string, unknown> = {},
): string {
	const { property: to = '', preSend = [] } = property.routing?.send ?? {};
	const request: IHttpRequestOptions = { url: '', body: {} };
	setBodyValue(request, to, value);
	const context = {
		getNodeParameter: (name: string) => (name === property.name ? value : (others[name] ?? null)),
		getNode: () => ({ type: 'n8n-nodes-runflow.wan27' }),
		getInputData: () => ({ json: {}, binary: { data: TEXT } }),
		helpers: { assertBinaryData: () => TEXT },
	} as unknown as IExecutePaginationFunctions;
	const { problem = '' } = validateFields(context, { preSend, options: request }) ?? {};
	return problem
		.replace(/, but .*/, '')
		.replace(/^has \d+ characters/, '')
		.replace(/: image \d+/, '');
}

/** What is known of a parameter without trying it: its description, those of what is in it, its choices. */
function textOf(property: INodeProperties): string {
	return [
		...everyParameter([property]).flatMap(
			({ property: { description = '', hint = '', modes = [] } }) => [
				description,
				hint,
				...modes.map(({ displayName }) => displayName),
			],
		),
		...choicesOf(property).flatMap(({ name, description = '' }) => [name, description]),
	].join('\n');
}

/** Every number, value and format that the refusals of a parameter name. */
function limitsOf(property: INodeProperties): string[] {
	const refusals = PROBES.map((probe) => refusalFor(property, probe));
	const limits = refusals.flatMap((words) => words.match(/\b\d+p?\b|\b[A-Z][A-Z\d]{2,}\b/g) ?? []);
	return [...new Set(limits)].sort();
}

describe('what a rule refuses is in the description', () => {
	it.each(sentAway)('%s', (_where, { property }) => {
		const text = textOf(property);
		for (const limit of limitsOf(property)) {
			expect(text).toMatch(new RegExp(`\\b${limit}\\b`));
		}
	});

	const found = sentAway
		.map(([where, { property }]) => [where, limitsOf(property)] as const)
		.filter(([, limits]) => limits.length > 0);

	it.each(OPERATIONS)('%s has the limits of its row of MODELS', (name, value) => {
		const own = found
			.filter(([where]) => where.startsWith(`${name} `))
			.map(([where, limits]) => [where.slice(name.length + 1), limits] as const);
		expect(Object.fromEntries(own)).toEqual(modelOf(value).limits);
	});

	it('the options that all operations share have limits', () => {
		const others = found.filter(([where]) => where.startsWith('options.'));
		expect(Object.fromEntries(others)).toEqual({
			'options.additionalInput': ['JSON'],
			'options.callbackUrl': ['2048'],
			'options.clientReference': ['255'],
			'options.idempotencyKey': ['255'],
			'options.metadataJson': ['JSON'],
		});
	});

	it.each(['imageWidth', 'imageHeight'])('%s, which is sent as a part of Image Size', (name) => {
		const [, size] = sentAway.find(([where]) => where === 'Pro Edit imageSize') ?? [];
		const own = propertyOf('Pro Edit', name);
		const sides: Record<string, unknown> = { imageWidth: 1024, imageHeight: 1024, [name]: 1 };
		const problem = refusalFor(size?.property ?? own, 'custom', sides);
		expect(problem.match(/\d+/g)).toEqual(['768', '2048']);
		for (const limit of ['768', '2048']) expect(own.description).toContain(limit);
	});

	it.each(sentAway)('%s: the editor keeps numbers within the same limits', (_where, placed) => {
		const { type, typeOptions = {} } = placed.property;
		if (type !== 'number') return;
		const limits = limitsOf(placed.property);
		const { minValue, maxValue, numberPrecision } = typeOptions;
		expect([String(minValue), String(maxValue)].sort()).toEqual(limits);
		expect(numberPrecision).toBe(0);
	});
});

/** What the documentation pages say of a field beyond its limits, in the words by which one finds it. */
const FROM_THE_PAGES = OPERATIONS.flatMap(([name, value]) =>
	Object.entries(modelOf(value).says).map(([path, words]) => [name, path, words] as const),
);

function propertyOf(operation: string, path: string): INodeProperties {
	const found = checked.find(([where]) => where === `${operation} ${path}`);
	if (found === undefined) throw new Error(`${operation} has no ${path}`);
	return found[1].property;
}

it.each(FROM_THE_PAGES)('%s, %s says what its page says', (operation, path, words) => {
	const text = textOf(propertyOf(operation, path));
	for (const word of words) expect(text).toMatch(word);
});

describe('every number', () => {
	const numbers = EVERYTHING.filter(([, { property }]) => property.type === 'number');

	it.each(numbers.map(([owner, { path, property }]) => [`${owner} ${path}`, property] as const))(
		'%s has a unit in its description',
		(_where, { displayName, description = '' }) => {
			const [, unit] = /\((\w+)\)$/.exec(displayName) ?? [];
			const text = description.toLowerCase();
			if (unit !== undefined) expect(text).toContain(unit.toLowerCase());
			else expect(text).toMatch(/pixels|images|items|results|whole number/);
		},
	);
});

/** What is done where these are left out, and in which words their descriptions say so. */
const LEFT_OUT: Record<string, RegExp> = {
	'options.idempotencyKey': /Default: made by the node/,
	'options.maximumWait':
		/0 means the default: 10 for Pro Edit, 30 for videos and other models, 120 on callback|0 means the default of 30/,
	'options.pollingInterval':
		/0 means the default: 5 for Pro Edit, 15 for videos and other models|0 means the default of 15/,
	'options.seed': /Default: random/,
	'options.statuses': /Default: any status/,
	'requestOptions.timeout': /Default: 300000/,
};

it.each(Object.entries(LEFT_OUT))('%s says what happens without it', (path, words) => {
	const found = EVERYTHING.filter(([, placed]) => placed.path === path);
	expect(found.length).toBeGreaterThan(0);
	for (const [, { property }] of found) expect(property.description).toMatch(words);
});

it('offers no number of items per batch that n8n takes for another one', () => {
	// n8n's engine sends one at a time for everything below 1, also for -1.
	const path = 'requestOptions.batching.batch.batchSize';
	const [, found] = EVERYTHING.find(([, placed]) => placed.path === path) ?? [];
	expect(found?.property.typeOptions?.minValue).toBe(1);
	expect(found?.property.description).toBe('How many items are sent at a time');
});

it('says the times by which the node waits', () => {
	const minutes = (ms: number): string => String(ms / 60_000);
	const seconds = (ms: number): string => String(ms / 1000);
	const describe = (path: string): string =>
		EVERYTHING.find(([, placed]) => placed.path === path)?.[1].property.description ?? '';
	const wait = describe('options.maximumWait').match(/\d+/g);
	expect(wait).toEqual(
		[0, IMAGE_POLLING.maxWait, VIDEO_POLLING.maxWait, CALLBACK_WAIT].map(minutes),
	);
	const interval = describe('options.pollingInterval').match(/\d+/g);
	expect(interval).toEqual(
		[0, IMAGE_POLLING.maximumInterval, VIDEO_POLLING.maximumInterval].map(seconds),
	);
});
