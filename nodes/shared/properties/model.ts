import type { INodeProperties } from 'n8n-workflow';

import { flag, oneOf, text, wholeNumber } from '../validation/rules';
import { bodyField, essentialField } from './bodyField';

/** @see docs/runflow-api.md, "Pro Edit: input" */
const MAX_SEED = 2147483647;
/** @see docs/runflow-api.md, "Pro Edit: input" */
const MAX_NEGATIVE_PROMPT_CHARACTERS = 500;

/** The kind of output that a model makes, as descriptions name it. */
type OutputKind = 'images' | 'video';

/** The row `negative_prompt` of a model's input schema. */
export function negativePrompt(output: OutputKind): INodeProperties {
	return bodyField('input.negative_prompt', text({ max: MAX_NEGATIVE_PROMPT_CHARACTERS }), {
		displayName: 'Negative Prompt',
		name: 'negativePrompt',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. blurry, text, watermark',
		description: `What to keep out of the ${output}, in up to ${MAX_NEGATIVE_PROMPT_CHARACTERS} characters`,
	});
}

/** The row `enable_prompt_expansion` of a model's input schema. */
export const promptExpansion: INodeProperties = bodyField('input.enable_prompt_expansion', flag, {
	displayName: 'Prompt Expansion',
	name: 'promptExpansion',
	type: 'boolean',
	default: true,
	description: 'Whether Runflow may add detail to the prompt before it is used',
});

/** The row `enable_safety_checker` of a model's input schema. */
export function safetyChecker(output: OutputKind): INodeProperties {
	return bodyField('input.enable_safety_checker', flag, {
		displayName: 'Safety Checker',
		name: 'safetyChecker',
		type: 'boolean',
		default: true,
		description: `Whether to moderate the input and the ${output}`,
	});
}

/** The row `seed` of a model's input schema. */
export function seed(output: OutputKind): INodeProperties {
	return bodyField('input.seed', wholeNumber(0, MAX_SEED), {
		displayName: 'Seed',
		name: 'seed',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: MAX_SEED, numberPrecision: 0 },
		default: 0,
		description: `Whole number from 0 to ${MAX_SEED}. The same seed and input give similar ${output} again. Default: random.`,
	});
}

/**
 * The row `resolution` of a video model's input schema.
 * @param description what it decides, and what decides the shape of the video
 */
export function resolution(description: string): INodeProperties {
	return essentialField(
		'input.resolution',
		oneOf('720p', '1080p', { name: 'Automatic', value: '' }),
		{
			displayName: 'Resolution',
			name: 'resolution',
			type: 'options',
			default: '',
			description,
			options: [
				{ name: '1080p', value: '1080p' },
				{ name: '720p', value: '720p' },
				{ name: 'Automatic', value: '', description: 'Runflow chooses' },
			],
		},
	);
}

/**
 * The row `duration` of a video model's input schema.
 * @param limits whole seconds, both included
 */
export function videoDuration({ min, max }: { min: number; max: number }): INodeProperties {
	return essentialField('input.duration', wholeNumber(min, max), {
		displayName: 'Duration (Seconds)',
		name: 'duration',
		type: 'number',
		typeOptions: { minValue: min, maxValue: max, numberPrecision: 0 },
		default: 5,
		description: `Length of the video in whole seconds, ${min} to ${max}. Each second is charged.`,
	});
}
