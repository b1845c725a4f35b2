import { sent } from '../fields/sent';
import { flag, mediaList, requiredText, text, wholeNumber } from '../fields/rules';
import { accept, isEmpty, isRefusal, NOTHING, type Rule } from '../fields/verdict';
import { mediaSource } from '../fields/mediaSource';
import { IMAGE_PACE } from '../behaviour/pace';
import { startsRun } from '../behaviour/startsRun';
import type { Operation } from './operation';

const CUSTOM_SIZE = 'custom';
/** Pixels on each side. @see runflow-api.md section 9b, "pixel bounds" */
const SIDE = { min: 768, max: 2048 };

/**
 * A preset as it is, or both sides as `1024x768`. The seed types the field as a string and does not say
 * how explicit sizes are spelled; another spelling can be given as an expression.
 * @see SEED-E, `image_size`; runflow-api.md sections 9b and 10 (18)
 */
const imageSize: Rule = (value, read) => {
	if (isEmpty(value)) return NOTHING;
	if (value !== CUSTOM_SIZE) return text()(value, read);
	const sides = [
		wholeNumber(SIDE.min, SIDE.max, 'Image Width')(read('imageWidth') ?? 0, read),
		wholeNumber(SIDE.min, SIDE.max, 'Image Height')(read('imageHeight') ?? 0, read),
	];
	const bad = sides.find(isRefusal);
	if (bad !== undefined) return bad;
	return accept(sides.map((side) => ('accepted' in side ? String(side.accepted) : '')).join('x'));
};

/** Wan 2.7 Pro Edit. @see SEED-E (seeds/000_cb95cb03e638c78c.txt), row by row */
export const proEdit: Operation = {
	option: {
		name: 'Pro Edit',
		value: 'proEdit',
		action: 'Edit images',
		description: 'Change one to four images as a prompt says, for $0.075 per image made',
		routing: startsRun({
			endpoint: '/v1/models/alibaba/wan/v2.7/pro/edit/runs',
			pace: IMAGE_PACE,
		}),
	},
	fields: [
		sent('input.prompt', requiredText('Say what to change in the images.'), {
			displayName: 'Prompt',
			name: 'prompt',
			type: 'string',
			typeOptions: { rows: 4 },
			required: true,
			default: '',
			placeholder: 'e.g. Put the shoe of image 1 on the beach of image 2',
			description:
				'What to change, in English or Chinese. Refer to the images as image 1, image 2, image 3 and image 4.',
		}),
		sent('input.image_urls', mediaList(1, 4), {
			displayName: 'Images',
			name: 'images',
			type: 'fixedCollection',
			typeOptions: {
				multipleValues: true,
				multipleValueButtonText: 'Add Image',
				sortable: true,
			},
			default: { image: [{ source: { __rl: true, mode: 'url', value: '' } }] },
			placeholder: 'Add Image',
			description:
				'One to four images to work from. Their order is the one by which the prompt refers to them. An expression may give a list of URLs.',
			options: [
				{
					displayName: 'Image',
					name: 'image',
					values: [
						mediaSource({
							displayName: 'Source',
							name: 'source',
							placeholder: 'e.g. https://example.com/shoe.png',
							description: 'Where Runflow finds the image: JPEG, PNG, BMP or WEBP, up to 20 MB',
						}),
					],
				},
			],
		}),
		sent('input.image_size', imageSize, {
			displayName: 'Image Size',
			name: 'imageSize',
			type: 'options',
			default: '',
			description: 'How large the edited images are',
			options: [
				{ name: 'Automatic', value: '', description: 'Follows the last input image' },
				{ name: 'Custom', value: CUSTOM_SIZE, description: 'Any width and height' },
				{ name: 'Landscape 16:9', value: 'landscape_16_9' },
				{ name: 'Landscape 4:3', value: 'landscape_4_3' },
				{ name: 'Portrait 16:9', value: 'portrait_16_9' },
				{ name: 'Portrait 4:3', value: 'portrait_4_3' },
				{ name: 'Square', value: 'square' },
				{ name: 'Square HD', value: 'square_hd' },
			],
		}),
		{
			displayName: 'Image Width',
			name: 'imageWidth',
			type: 'number',
			typeOptions: { minValue: SIDE.min, maxValue: SIDE.max, numberPrecision: 0 },
			displayOptions: { show: { imageSize: [CUSTOM_SIZE] } },
			default: 1024,
			description: `In pixels, ${SIDE.min} to ${SIDE.max}`,
		},
		{
			displayName: 'Image Height',
			name: 'imageHeight',
			type: 'number',
			typeOptions: { minValue: SIDE.min, maxValue: SIDE.max, numberPrecision: 0 },
			displayOptions: { show: { imageSize: [CUSTOM_SIZE] } },
			default: 1024,
			description: `In pixels, ${SIDE.min} to ${SIDE.max}`,
		},
		sent('input.num_images', wholeNumber(1, 4), {
			displayName: 'Number of Images',
			name: 'numberOfImages',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 4, numberPrecision: 0 },
			default: 1,
			description: 'How many edited images to make, 1 to 4. Each is charged.',
		}),
	],
	options: [
		sent('input.negative_prompt', text({ max: 500 }), {
			displayName: 'Negative Prompt',
			name: 'negativePrompt',
			type: 'string',
			typeOptions: { rows: 2 },
			default: '',
			placeholder: 'e.g. blurry, text, watermark',
			description: 'What to keep out of the images, in up to 500 characters',
		}),
		sent('input.enable_prompt_expansion', flag, {
			displayName: 'Prompt Expansion',
			name: 'promptExpansion',
			type: 'boolean',
			default: true,
			description: 'Whether Runflow may add detail to the prompt before it is used',
		}),
		sent('input.enable_safety_checker', flag, {
			displayName: 'Safety Checker',
			name: 'safetyChecker',
			type: 'boolean',
			default: true,
			description: 'Whether the input and the images made are moderated',
		}),
		sent('input.seed', wholeNumber(0, 2147483647), {
			displayName: 'Seed',
			name: 'seed',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 2147483647, numberPrecision: 0 },
			default: 0,
			description:
				'Whole number from 0 to 2147483647. The same seed and input give much the same images again.',
		}),
	],
};
