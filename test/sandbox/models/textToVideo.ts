import type { Model } from './model';

/**
 * Wan 2.7 Text to Video. Its page shows `prompt`, `duration` and `resolution`; the other rows and all limits are
 * upstream's.
 * @see docs/runflow-api.md, "Text to Video: input" and "Text to Video: limits upstream"
 */
export const textToVideo: Model = {
	id: 'alibaba/wan/v2.7/text-to-video',
	name: 'Wan 2.7 - Text to Video',
	category: 'text-to-video',
	price: { usd: 0.1, per: 'second' },
	output: 'video',
	fields: [
		{ name: 'prompt', type: 'string', required: true, maxLength: 5000 },
		{ name: 'duration', type: 'integer', required: false, range: { min: 2, max: 15 } },
		{ name: 'resolution', type: 'string', required: false, allowed: ['720p', '1080p'] },
		{
			name: 'aspect_ratio',
			type: 'string',
			required: false,
			allowed: ['16:9', '9:16', '1:1', '4:3', '3:4'],
		},
		{ name: 'negative_prompt', type: 'string', required: false, maxLength: 500 },
		{ name: 'audio_url', type: 'file', required: false },
		{ name: 'enable_prompt_expansion', type: 'boolean', required: false },
		{ name: 'seed', type: 'integer', required: false, range: { min: 0, max: 2147483647 } },
		{ name: 'enable_safety_checker', type: 'boolean', required: false },
	],
	rules: [],
};
