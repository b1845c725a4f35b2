import type { Model } from './model';

/**
 * Wan 2.7 Pro Edit, row by row as on its page; type and required are its columns, the limits are those in its
 * descriptions. The sides of an explicit `image_size` are upstream's.
 * @see docs/runflow-api.md, "Pro Edit: input" and "Pro Edit: limits upstream"
 */
export const proEdit: Model = {
	id: 'alibaba/wan/v2.7/pro/edit',
	name: 'Wan 2.7 - Pro Edit',
	category: 'image-to-image',
	price: { usd: 0.075, per: 'image' },
	output: 'image',
	fields: [
		{ name: 'prompt', type: 'string', required: true },
		{ name: 'image_urls', type: 'image_list', required: true, items: { min: 1, max: 4 } },
		{ name: 'negative_prompt', type: 'string', required: false, maxLength: 500 },
		{
			name: 'image_size',
			type: 'string',
			required: false,
			imageSize: {
				presets: {
					square_hd: { width: 1024, height: 1024 },
					square: { width: 512, height: 512 },
					portrait_4_3: { width: 768, height: 1024 },
					portrait_16_9: { width: 576, height: 1024 },
					landscape_4_3: { width: 1024, height: 768 },
					landscape_16_9: { width: 1024, height: 576 },
				},
				side: { min: 768, max: 2048 },
			},
		},
		{ name: 'num_images', type: 'integer', required: false, range: { min: 1, max: 4 } },
		{ name: 'enable_prompt_expansion', type: 'boolean', required: false },
		{ name: 'seed', type: 'integer', required: false, range: { min: 0, max: 2147483647 } },
		{ name: 'enable_safety_checker', type: 'boolean', required: false },
	],
	rules: [],
};
