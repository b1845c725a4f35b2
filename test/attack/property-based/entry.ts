import fc, { type Arbitrary } from 'fast-check';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { anything, isVisible, mostly, nothing, right, type Entered } from './entered';
import { anImage, IMAGE_TO_VIDEO, PRO_EDIT, TEXT_TO_VIDEO, type Field } from './fields';

export type OperationName = 'proEdit' | 'imageToVideo' | 'textToVideo';

/** Everything that a user has entered for one item. */
export interface Entry {
	operation: OperationName;
	/** By the stored name of the parameter; what is not there was left as it is. */
	fields: Record<string, Entered>;
	/** Pro Edit's list, where it was filled in. */
	images?: Entered[];
	/** Width and height, where Image Size is Custom. */
	sides?: [Entered, Entered] | undefined;
	metadata?: { name: Entered; value: Entered }[] | undefined;
	metadataJson?: Entered | undefined;
	additionalInput?: Entered | undefined;
}

/** Names of people's own, some of them such as JavaScript's objects have. */
const names = fc.oneof(
	fc.string({ minLength: 1 }).filter(isVisible),
	fc.constantFrom('order', 'toString', 'hasOwnProperty', 'größe', 'a.b', '0'),
);

const objects = fc
	.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 5 })
	// n8n takes these out of every object that it copies, before the node sees it. @see docs/n8n-engine.md, "Names
	// that are dropped"
	.filter((object) => !/"(?:__proto__|constructor|prototype)":/.test(JSON.stringify(object)));

const jsonObjects: Arbitrary<Entered> = fc.oneof(
	right(objects, (object) => object),
	right(
		fc.oneof(
			objects.map((object) => JSON.stringify(object, null, 1)),
			fc.constantFrom(
				'{"toString": {"polluted": 1}, "order": 7, "order": 8}',
				`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`,
			),
		),
		(words) => JSON.parse(words) as unknown,
	),
);

/** Fields that the documents name, with values that they allow: they win over the parameters. */
const knownInput: Arbitrary<Entered> = right(
	fc.record(
		{
			seed: fc.integer({ min: 0, max: 2147483647 }),
			negative_prompt: fc.string({ minLength: 1, maxLength: 100 }).filter(isVisible),
			enable_prompt_expansion: fc.boolean(),
		},
		{ requiredKeys: [] },
	),
	(input) => input,
);

const pairs = fc.oneof(
	{
		weight: 4,
		arbitrary: fc.uniqueArray(
			fc.record({
				name: right(names, (name) => name.trim()),
				value: right(fc.oneof(fc.string(), fc.integer(), fc.boolean(), objects), (value) => value),
			}),
			{ maxLength: 3, selector: ({ name }) => name.sent },
		),
	},
	{
		weight: 1,
		arbitrary: fc.array(
			fc.record({ name: mostly(right(names, (name) => name.trim())), value: anything }),
			{
				maxLength: 3,
			},
		),
	},
);

const shared = {
	metadata: fc.option(pairs, { nil: undefined }),
	metadataJson: fc.option(mostly(jsonObjects), { nil: undefined }),
	additionalInput: fc.option(mostly(knownInput), { nil: undefined, freq: 3 }),
};

/** Some of the fields that may be left out, and all others. */
function entries(fields: readonly Field[]): Arbitrary<Record<string, Entered>> {
	return fc.record(Object.fromEntries(fields.map(({ name, entered }) => [name, entered])), {
		requiredKeys: fields.filter(({ isOptional }) => !isOptional).map(({ name }) => name),
	});
}

const side = fc.oneof(
	{ weight: 3, arbitrary: right(fc.integer({ min: 768, max: 2048 }), (number) => number) },
	{ weight: 1, arbitrary: fc.oneof(nothing, anything) },
);

const proEdit: Arbitrary<Entry> = fc
	.record({
		operation: fc.constant('proEdit' as const),
		fields: entries(PRO_EDIT),
		images: fc.oneof(
			{ weight: 6, arbitrary: fc.array(anImage, { minLength: 1, maxLength: 4 }) },
			{ weight: 1, arbitrary: fc.array(anImage, { maxLength: 6 }) },
		),
		sides: fc.option(fc.tuple(side, side), { nil: undefined, freq: 3 }),
		...shared,
	})
	.map((entry): Entry => entry);

/** The media that go together, most often. @see docs/runflow-api.md, "Media combinations" */
const together = fc.oneof(
	{
		weight: 5,
		arbitrary: fc.constantFrom<string[]>(
			['image'],
			['image', 'endImage'],
			['image', 'audio'],
			['video'],
			['video', 'endImage'],
		),
	},
	{ weight: 1, arbitrary: fc.subarray<string>(['image', 'endImage', 'video', 'audio']) },
);
const MEDIA = ['image', 'endImage', 'video', 'audio'];

const imageToVideo: Arbitrary<Entry> = fc
	.record({
		operation: fc.constant('imageToVideo' as const),
		fields: entries(
			IMAGE_TO_VIDEO.map((one) => ({
				...one,
				isOptional: one.isOptional && one.isLocator !== true,
			})),
		),
		media: together,
		...shared,
	})
	.map(({ fields, media, ...entry }): Entry => ({
		...entry,
		fields: Object.fromEntries(
			Object.entries(fields).filter(([name]) => !MEDIA.includes(name) || media.includes(name)),
		),
	}));

const textToVideo: Arbitrary<Entry> = fc
	.record({
		operation: fc.constant('textToVideo' as const),
		fields: entries(TEXT_TO_VIDEO),
		...shared,
	})
	.map((entry): Entry => entry);

/** Anything that a user can enter for an operation. */
export const ENTRIES: Record<OperationName, Arbitrary<Entry>> = {
	proEdit,
	imageToVideo,
	textToVideo,
};

/** The fields of an operation. */
export const FIELDS: Record<OperationName, readonly Field[]> = {
	proEdit: PRO_EDIT,
	imageToVideo: IMAGE_TO_VIDEO,
	textToVideo: TEXT_TO_VIDEO,
};

/** What of an entry a workflow stores, and the item that its expressions read. */
export interface Stored {
	parameters: INodeParameters;
	item: IDataObject;
}

/** How n8n stores an entry. */
export function storedOf(entry: Entry): Stored {
	const item: IDataObject = {};
	const stored = (entered: Entered): unknown => {
		if (entered.code !== undefined) return `={{ ${entered.code} }}`;
		const { value, byExpression } = entered;
		if (!byExpression && value !== null && value !== undefined) return value;
		const name = `v${Object.keys(item).length}`;
		item[name] = value as IDataObject[string];
		return `={{ $json.${name} }}`;
	};
	const locator = (entered: Entered): unknown => ({
		__rl: true,
		mode: entered.isBinaryField === true ? 'binary' : 'url',
		value: stored(entered),
	});

	const options: Record<string, unknown> = {};
	const parameters: Record<string, unknown> = {
		operation: entry.operation,
		completion: 'immediately',
		options,
	};
	for (const { name, isLocator } of FIELDS[entry.operation]) {
		const entered = entry.fields[name];
		if (entered === undefined) continue;
		const value = isLocator === true ? locator(entered) : stored(entered);
		if (name.startsWith('options.')) options[name.slice('options.'.length)] = value;
		else parameters[name] = value;
	}
	if (entry.images !== undefined) {
		parameters.images = { image: entry.images.map((image) => ({ source: locator(image) })) };
	}
	if (entry.sides !== undefined) {
		parameters.imageSize = 'custom';
		[parameters.imageWidth, parameters.imageHeight] = entry.sides.map(stored);
	}
	if (entry.metadata !== undefined) {
		options.metadata = {
			entry: entry.metadata.map(({ name, value }) => ({
				name: stored(name),
				value: stored(value),
			})),
		};
	}
	if (entry.metadataJson !== undefined) options.metadataJson = stored(entry.metadataJson);
	if (entry.additionalInput !== undefined) options.additionalInput = stored(entry.additionalInput);
	return { parameters: parameters as INodeParameters, item };
}

/**
 * Whether n8n itself would not take a text in an entry for an expression, in a parameter or in the item: its own
 * business, and not the node's.
 */
export function isPlain(entry: Entry): boolean {
	return !JSON.stringify(entry).includes('"=');
}
