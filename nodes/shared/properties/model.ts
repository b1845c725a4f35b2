import type { INodeProperties } from 'n8n-workflow';

import { flag, text, wholeNumber } from '../validation/rules';
import { bodyField } from './bodyField';

/** @see docs/runflow-api.md, "Pro Edit: input" */
const MAX_SEED = 2147483647;
/** @see docs/runflow-api.md, "Pro Edit: input" */
const MAX_NEGATIVE_PROMPT_CHARACTERS = 500;

/** What a model makes, in the words of a sentence. */
type Made = 'images' | 'video';

/** The row `negative_prompt` of a model's input schema. */
export function negativePrompt(made: Made): INodeProperties {
	return bodyField('input.negative_prompt', text({ max: MAX_NEGATIVE_PROMPT_CHARACTERS }), {
		displayName: 'Negative Prompt',
		name: 'negativePrompt',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. blurry, text, watermark',
		description: `What to keep out of the ${made}, in up to ${MAX_NEGATIVE_PROMPT_CHARACTERS} characters`,
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
export function safetyChecker(made: Made): INodeProperties {
	return bodyField('input.enable_safety_checker', flag, {
		displayName: 'Safety Checker',
		name: 'safetyChecker',
		type: 'boolean',
		default: true,
		description: `Whether the input and the ${made} made are moderated`,
	});
}

/** The row `seed` of a model's input schema. */
export function seed(made: Made): INodeProperties {
	return bodyField('input.seed', wholeNumber(0, MAX_SEED), {
		displayName: 'Seed',
		name: 'seed',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: MAX_SEED, numberPrecision: 0 },
		default: 0,
		description: `Whole number from 0 to ${MAX_SEED}. The same seed and input give much the same ${made} again. Left out: a random one.`,
	});
}
