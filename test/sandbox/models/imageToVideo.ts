import type { Model } from './model';

/**
 * Wan 2.7 Image to Video, row by row as on its page; type, required and allowed values are its columns. The page
 * states no limits: those and the rules are upstream's.
 * @see docs/runflow-api.md, "Image to Video: input", "Image to Video: limits upstream" and "Media combinations"
 */
export const imageToVideo: Model = {
	id: 'alibaba/wan/v2.7/image-to-video',
	name: 'Wan 2.7 - Image to Video',
	category: 'image-to-video',
	price: { usd: 0.1, per: 'second' },
	output: 'video',
	fields: [
		{ name: 'prompt', type: 'string', required: false, maxLength: 5000 },
		{ name: 'image_url', type: 'image', required: false },
		{ name: 'end_image_url', type: 'image', required: false },
		{ name: 'video_url', type: 'video', required: false },
		{ name: 'audio_url', type: 'file', required: false },
		{ name: 'resolution', type: 'string', required: false, allowed: ['720p', '1080p'] },
		{ name: 'duration', type: 'integer', required: false, range: { min: 2, max: 15 } },
		{ name: 'negative_prompt', type: 'string', required: false, maxLength: 500 },
		{ name: 'enable_prompt_expansion', type: 'boolean', required: false },
		{ name: 'seed', type: 'integer', required: false, range: { min: 0, max: 2147483647 } },
		{ name: 'enable_safety_checker', type: 'boolean', required: false },
	],
	rules: [
		{ kind: 'at-least-one', fields: ['image_url', 'video_url'] },
		{ kind: 'never-together', field: 'image_url', other: 'video_url' },
		{ kind: 'never-together', field: 'audio_url', other: 'video_url' },
	],
};
