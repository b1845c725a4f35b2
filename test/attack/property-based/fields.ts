import fc, { type Arbitrary } from 'fast-check';

import { anything, isVisible, mostly, right, type Entered } from './entered';

/** One parameter whose value lands in the body. */
export interface Field {
	/** Its stored name; those of the Options collection begin with `options.` */
	name: string;
	displayed: string;
	/** Where it lands. */
	to: string;
	entered: Arbitrary<Entered>;
	/** Left out of the workflow where the editor does so. */
	isOptional: boolean;
	/** Whether an expression that finds nothing is refused. */
	mustFind: boolean;
	/** Whether n8n stores a locator with a mode around the value. */
	isLocator?: true;
}

function characters(text: string): number {
	return Array.from(text).length;
}

/** Texts in any script, with control characters, up to a length as people count it. */
function text(max: number): Arbitrary<Entered> {
	const texts = fc
		.oneof(
			fc.string({ unit: 'grapheme' }),
			fc.string({ unit: 'binary' }),
			fc.constantFrom(
				'Make it blue',
				'把天空变蓝',
				'😀'.repeat(max < 600 ? max : 200),
				'a\r\n"b"\t\\',
			),
			fc.constant('x'.repeat(Math.min(max, 5000))),
		)
		.filter((words) => isVisible(words) && characters(words) <= max);
	return fc.oneof(
		{ weight: 9, arbitrary: right(texts, (words) => words) },
		{ weight: 1, arbitrary: right(fc.integer(), (number) => String(number)) },
	);
}

/** Whole numbers, as such and as sheets give them. */
function whole(min: number, max: number): Arbitrary<Entered> {
	const numbers = fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max));
	return fc.oneof(
		right(numbers, (number) => number),
		right(
			numbers.map((number) => String(number)),
			(words) => Number(words),
		),
		right(
			numbers.map((number) => ` ${number}\n`),
			(words) => Number(words),
		),
	);
}

const flags = right(
	fc.constantFrom<boolean | string>(true, false, 'true', 'FALSE', ' True '),
	(value) => String(value).trim().toLowerCase() === 'true',
);

/** Web addresses, with what people paste around them. */
const webAddresses = fc
	.oneof(
		fc.webUrl({ withQueryParameters: true, withFragments: true }),
		fc.constantFrom(
			'https://example.com/1.png',
			'http://127.0.0.1:8080/a?b=c&d=%20',
			'HTTPS://EXAMPLE.COM/1.PNG',
			'https://例え.jp/画像.png',
		),
	)
	.filter((address) => address.length <= 2000);

const addresses = right(
	fc.tuple(webAddresses, fc.constantFrom('', ' ', '\n')).map((parts) => parts.join('')),
	(address) => address.trim(),
);

function media(mimeTypes: readonly [string, ...string[]]): Arbitrary<Entered> {
	const inline = fc
		.tuple(fc.constantFrom(...mimeTypes), fc.uint8Array({ minLength: 1, maxLength: 60 }))
		.map(([type, bytes]) => `data:${type};base64,${Buffer.from(bytes).toString('base64')}`);
	return fc.oneof(
		{ weight: 4, arbitrary: addresses },
		{ weight: 1, arbitrary: right(inline, (address) => address) },
	);
}

/** Where a file comes from: an address most often, sometimes a binary field of any name. */
function source(mimeTypes: readonly [string, ...string[]]): Arbitrary<Entered> {
	const fields = anything.map((entered): Entered => ({ ...entered, isBinaryField: true }));
	return fc.oneof(
		{ weight: 40, arbitrary: mostly(media(mimeTypes)) },
		{ weight: 1, arbitrary: fields },
	);
}

export const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/bmp', 'image/webp'] as const;

const FIELDS_OF_ALL: readonly Field[] = [
	option('Negative Prompt', 'negativePrompt', 'input.negative_prompt', text(500)),
	option('Prompt Expansion', 'promptExpansion', 'input.enable_prompt_expansion', flags),
	option('Safety Checker', 'safetyChecker', 'input.enable_safety_checker', flags),
	option('Seed', 'seed', 'input.seed', whole(0, 2147483647)),
	{ ...option('Callback URL', 'callbackUrl', 'callback_url', addresses), mustFind: true },
	{
		...option('Client Reference', 'clientReference', 'client_ref', text(255)),
		mustFind: true,
	},
];

function option(displayed: string, name: string, to: string, entered: Arbitrary<Entered>): Field {
	return {
		name: `options.${name}`,
		displayed,
		to,
		entered: mostly(entered),
		isOptional: true,
		mustFind: false,
	};
}

function field(displayed: string, name: string, to: string, entered: Arbitrary<Entered>): Field {
	return { name, displayed, to, entered: mostly(entered), isOptional: false, mustFind: true };
}

/**
 * The presets, and explicit sizes in both spellings.
 * @see docs/runflow-api.md, "Pro Edit: limits upstream"; docs/readings.md, row 18
 */
const sizes = right(
	fc.oneof(
		fc.constantFrom(
			'square_hd',
			'square',
			'portrait_4_3',
			'portrait_16_9',
			'landscape_4_3',
			'landscape_16_9',
		),
		fc
			.tuple(
				fc.integer({ min: 768, max: 2048 }),
				fc.constantFrom('x', '*'),
				fc.integer({ min: 768, max: 2048 }),
			)
			.map((parts) => parts.join('')),
	),
	(size) => size,
);

/** All but the list of images. @see docs/runflow-api.md, "Pro Edit: input" */
export const PRO_EDIT: readonly Field[] = [
	{ ...field('Prompt', 'prompt', 'input.prompt', text(6000)) },
	field('Image Size', 'imageSize', 'input.image_size', sizes),
	field('Number of Images', 'numberOfImages', 'input.num_images', whole(1, 4)),
	...FIELDS_OF_ALL,
];

function locator(displayed: string, name: string, to: string, entered: Arbitrary<Entered>): Field {
	return { name, displayed, to, entered, isOptional: true, mustFind: true, isLocator: true };
}

const resolution = field(
	'Resolution',
	'resolution',
	'input.resolution',
	right(fc.constantFrom('720p', '1080p'), (word) => word),
);

const duration = field('Duration (Seconds)', 'duration', 'input.duration', whole(2, 15));

/** @see docs/runflow-api.md, "Image to Video: input" */
export const IMAGE_TO_VIDEO: readonly Field[] = [
	field('Prompt', 'prompt', 'input.prompt', text(5000)),
	resolution,
	duration,
	locator('Image', 'image', 'input.image_url', source(IMAGE_TYPES)),
	locator('End Image', 'endImage', 'input.end_image_url', source(IMAGE_TYPES)),
	locator('Video', 'video', 'input.video_url', source(['video/mp4', 'video/quicktime'])),
	locator('Audio', 'audio', 'input.audio_url', source(['audio/wav', 'audio/mpeg'])),
	...FIELDS_OF_ALL,
];

/** @see docs/runflow-api.md, "Text to Video: input" */
export const TEXT_TO_VIDEO: readonly Field[] = [
	field('Prompt', 'prompt', 'input.prompt', text(5000)),
	locator('Audio', 'audio', 'input.audio_url', source(['audio/wav', 'audio/mpeg'])),
	field(
		'Aspect Ratio',
		'aspectRatio',
		'input.aspect_ratio',
		right(fc.constantFrom('16:9', '9:16', '1:1', '4:3', '3:4'), (word) => word),
	),
	resolution,
	duration,
	...FIELDS_OF_ALL,
];

/** One image of Pro Edit's list. */
export const anImage: Arbitrary<Entered> = source(IMAGE_TYPES);
