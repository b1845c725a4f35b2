import type { INodePropertyOptions } from 'n8n-workflow';

import { asText } from '../../shared/values/json';
import { trimText } from '../../shared/values/text';
import {
	negativePrompt,
	promptExpansion,
	safetyChecker,
	seed,
} from '../../shared/properties/model';
import { essentialField } from '../../shared/properties/bodyField';
import { findChoice, requiredText, wholeNumber } from '../../shared/validation/rules';
import {
	valid,
	isEmpty,
	isInvalid,
	NOTHING,
	invalid,
	show,
	type Rule,
	type ValidationResult,
} from '../../shared/validation/result';
import { mediaList } from '../../shared/properties/media/media';
import { mediaSource } from '../../shared/properties/media/mediaSource';
import { IMAGE_POLLING } from '../../shared/run/nodeRun/pollingPolicy';
import { runRouting } from '../../shared/run/executeItem';
import type { Operation } from '../../shared/properties/operation';

const CUSTOM_SIZE = 'custom';
/** Pixels on each side. @see docs/runflow-api.md, "Pro Edit: limits upstream" */
const SIDE = { min: 768, max: 2048 };

/** @see docs/runflow-api.md, "Pro Edit: limits upstream" */
const SIZES = [
	{ name: 'Automatic', value: '', description: 'Follows the last input image' },
	{
		name: 'Custom',
		value: CUSTOM_SIZE,
		description: `Any width and height from ${SIDE.min} to ${SIDE.max} pixels`,
	},
	{ name: 'Landscape 16:9', value: 'landscape_16_9' },
	{ name: 'Landscape 4:3', value: 'landscape_4_3' },
	{ name: 'Portrait 16:9', value: 'portrait_16_9', description: 'Upright: 9 wide, 16 high' },
	{ name: 'Portrait 4:3', value: 'portrait_4_3', description: 'Upright: 3 wide, 4 high' },
	{ name: 'Square', value: 'square' },
	{ name: 'Square HD', value: 'square_hd', description: 'More pixels than Square' },
] as const satisfies INodePropertyOptions[];

/**
 * A preset unchanged, or both sides as `1024x768` (`1024 × 768` is the same) or `1024*768`. The seed types the field as
 * a string and does not say how explicit sizes are spelled: any other spelling can be given as Additional Input.
 * @see docs/runflow-api.md, "Pro Edit: input" and "Pro Edit: limits upstream"; docs/readings.md, row 18
 */
const imageSize: Rule<string> = (value, read) => {
	if (isEmpty(value)) return NOTHING;
	const choice = findChoice(SIZES, value);
	if (choice === undefined) return explicitSize(value);
	if (choice === '') return NOTHING;
	if (choice !== CUSTOM_SIZE) return valid(choice);
	const width = side('Image Width')(read('imageWidth'), read);
	if (isInvalid(width)) return width;
	const height = side('Image Height')(read('imageHeight'), read);
	return isInvalid(height) ? height : valid(`${asText(width.accepted)}x${asText(height.accepted)}`);
};

function explicitSize(value: unknown): ValidationResult<string> {
	const size = trimText(asText(value));
	const [, width = '', sign = '', height = ''] = /^(\d+)\s*([xX×*])\s*(\d+)$/.exec(size) ?? [];
	const fits = [width, height].every(
		(side) => Number(side) >= SIDE.min && Number(side) <= SIDE.max,
	);
	return fits
		? valid(`${width}${sign === '*' ? '*' : 'x'}${height}`)
		: invalid(
				`must be a size from the list or one such as 1024x768, but is ${show(value)}`,
				`Each side has ${SIDE.min} to ${SIDE.max} pixels. Enter other notations under Options → Additional Input, as image_size.`,
			);
}

function side(name: string): Rule<number> {
	const number = wholeNumber(SIDE.min, SIDE.max, name);
	return (value, read) =>
		isEmpty(value)
			? invalid('is empty', 'Give both sides in pixels, or choose another Image Size.', name)
			: number(value, read);
}

/** Wan 2.7 Pro Edit. @see docs/runflow-api.md, "Pro Edit: input", row by row */
export const proEdit: Operation = {
	option: {
		name: 'Pro Edit',
		value: 'proEdit',
		action: 'Edit images',
		description: 'Edit 1 to 4 images with a prompt, for $0.075 per edited image',
		routing: runRouting({
			endpoint: '/v1/models/alibaba/wan/v2.7/pro/edit/runs',
			policy: IMAGE_POLLING,
		}),
	},
	fields: [
		essentialField('input.prompt', requiredText('Say what to change in the images.'), {
			displayName: 'Prompt',
			name: 'prompt',
			type: 'string',
			typeOptions: { rows: 4 },
			required: true,
			default: '',
			placeholder: 'e.g. Put the shoe of image 1 on the beach of image 2',
			hint: 'Refer to the images by their order, top to bottom: image 1 to image 4',
			description: 'What to change, in English or Chinese',
		}),
		essentialField('input.image_urls', mediaList('Images', 1, 4), {
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
				'1 to 4 images to edit, in the order that the prompt refers to. An expression can give a list of URLs or of binary fields.',
			options: [
				{
					displayName: 'Image',
					name: 'image',
					values: [
						mediaSource({
							displayName: 'Image',
							name: 'source',
							placeholder: 'e.g. https://example.com/shoe.png',
							description:
								'The image, by its URL or its binary field: JPEG, PNG, BMP or WEBP, up to 20 MB',
						}),
					],
				},
			],
		}),
		essentialField('input.image_size', imageSize, {
			displayName: 'Image Size',
			name: 'imageSize',
			type: 'options',
			default: '',
			description: 'Size of the edited images',
			options: [...SIZES],
		}),
		{
			displayName: 'Image Width',
			name: 'imageWidth',
			type: 'number',
			typeOptions: { minValue: SIDE.min, maxValue: SIDE.max, numberPrecision: 0 },
			displayOptions: { show: { imageSize: [CUSTOM_SIZE] } },
			default: 1024,
			description: `Width in whole pixels, ${SIDE.min} to ${SIDE.max}`,
		},
		{
			displayName: 'Image Height',
			name: 'imageHeight',
			type: 'number',
			typeOptions: { minValue: SIDE.min, maxValue: SIDE.max, numberPrecision: 0 },
			displayOptions: { show: { imageSize: [CUSTOM_SIZE] } },
			default: 1024,
			description: `Height in whole pixels, ${SIDE.min} to ${SIDE.max}`,
		},
		essentialField('input.num_images', wholeNumber(1, 4), {
			displayName: 'Number of Images',
			name: 'numberOfImages',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 4, numberPrecision: 0 },
			default: 1,
			description: 'How many edited images to make, 1 to 4. Each is charged.',
		}),
	],
	options: [negativePrompt('images'), promptExpansion, safetyChecker('images'), seed('images')],
};
