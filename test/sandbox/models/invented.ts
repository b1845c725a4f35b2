import type { Model } from './model';

const SEED_RANGE = { min: 0, max: 2147483647 };

/**
 * Models that Runflow does not have, which between them show each type of field, defaults, choices, and a model that
 * cannot be run. Their owner is `sandbox`.
 * @see docs/runflow-api.md, "Catalogue"
 */
export const INVENTED_MODELS: readonly Model[] = [
	{
		id: 'sandbox/text-to-image/v1',
		name: 'Text to Image',
		category: 'text-to-image',
		price: { usd: 0.02, per: 'image' },
		output: 'image',
		fields: [
			{
				name: 'prompt',
				type: 'string',
				required: true,
				maxLength: 2000,
				isFeatured: true,
				description: 'What the picture shows.',
			},
			{
				name: 'style',
				type: 'string',
				required: false,
				allowed: ['photo', 'drawing', '3d'],
				defaultValue: 'photo',
				isFeatured: true,
			},
			{
				name: 'num_images',
				type: 'integer',
				required: false,
				range: { min: 1, max: 8 },
				defaultValue: 1,
			},
			{ name: 'seed', type: 'integer', required: false, range: SEED_RANGE },
			{ name: 'enable_safety_checker', type: 'boolean', required: false, defaultValue: true },
		],
		rules: [],
	},
	{
		id: 'sandbox/upscale',
		name: 'Upscale',
		category: 'image-to-image',
		price: { usd: 0.01, per: 'image' },
		output: 'image',
		fields: [
			{ name: 'image', type: 'image', required: true, description: 'The picture to enlarge.' },
			{
				name: 'factor',
				type: 'number',
				required: false,
				range: { min: 1, max: 4 },
				defaultValue: 2.5,
				description: 'How many times larger the picture becomes.',
			},
		],
		rules: [],
	},
	{
		id: 'sandbox/combine/images',
		name: 'Combine Images',
		category: 'image-to-image',
		price: { usd: 0.05, per: 'request' },
		output: 'image',
		fields: [
			{ name: 'images', type: 'image_list', required: true, items: { min: 2, max: 10 } },
			{ name: 'layout', type: 'string', required: true, allowed: ['row', 'column', 'grid'] },
			{
				name: 'canvas',
				type: 'json',
				required: false,
				description: 'The area that the images are laid out on.',
				fields: [
					{ name: 'width', type: 'integer', required: true, range: { min: 64, max: 4096 } },
					{ name: 'height', type: 'integer', required: true, range: { min: 64, max: 4096 } },
					{ name: 'color', type: 'string', required: false, defaultValue: '#ffffff' },
				],
			},
		],
		rules: [],
	},
	{
		id: 'sandbox/restyle/video/fast',
		name: 'Restyle Video',
		category: 'video-to-video',
		price: { usd: 0.04, per: 'second' },
		output: 'video',
		fields: [
			{ name: 'video', type: 'video', required: true },
			{ name: 'soundtrack', type: 'file', required: false },
			{ name: 'strength', type: 'number', required: true, range: { min: 0, max: 1 } },
			{ name: 'keep_sound', type: 'boolean', required: true },
		],
		rules: [],
	},
	{
		id: 'sandbox/text-to-speech',
		name: 'Text to Speech',
		category: 'text-to-audio',
		price: { usd: 0.001, per: 'request' },
		output: 'audio',
		fields: [
			{ name: 'text', type: 'string', required: true, maxLength: 1000 },
			{
				name: 'voice',
				type: 'string',
				required: false,
				allowed: ['low', 'high'],
				defaultValue: 'low',
			},
		],
		rules: [],
	},
	{
		id: 'sandbox/describe-image',
		name: 'Describe Image',
		category: 'image-to-text',
		price: { usd: 0.002, per: 'request' },
		output: 'none',
		fields: [{ name: 'image_url', type: 'image', required: true }],
		rules: [],
	},
	{
		id: 'sandbox/random-image',
		name: 'Random Image',
		category: 'text-to-image',
		price: { usd: 0.005, per: 'image' },
		output: 'image',
		fields: [],
		rules: [],
	},
	{
		id: 'sandbox/custom',
		name: 'Custom Weights',
		category: 'text-to-image',
		price: { usd: 0.03, per: 'image' },
		output: 'image',
		fields: [
			{ name: 'prompt', type: 'string', required: true },
			{ name: 'weights', type: 'unknown', typeCode: 'lora_list', required: false },
			{ name: 'extra', type: 'json', required: false, defaultValue: { steps: 20 } },
		],
		rules: [],
	},
	{
		id: 'sandbox/unavailable',
		name: 'Unavailable Model',
		category: 'text-to-image',
		price: { usd: 0.02, per: 'image' },
		output: 'image',
		fields: [{ name: 'prompt', type: 'string', required: true }],
		rules: [],
		state: 'unavailable',
	},
	{
		id: 'sandbox/inactive',
		name: 'Inactive Model',
		category: 'text-to-image',
		price: { usd: 0.02, per: 'image' },
		output: 'image',
		fields: [{ name: 'prompt', type: 'string', required: true }],
		rules: [],
		state: 'inactive',
	},
];
