import { imageToVideo } from './imageToVideo';
import { INVENTED_MODELS } from './invented';
import type { Model } from './model';
import { proEdit } from './proEdit';
import { textToVideo } from './textToVideo';

/** The models that the sandbox speaks. @see docs/runflow-api.md, "Models" and "Catalogue" */
export const MODELS: readonly Model[] = [proEdit, imageToVideo, textToVideo, ...INVENTED_MODELS];

/**
 * In: how many models there are, null for those of `MODELS` alone. Out: the catalogue, filled up with copies of one
 * simple model, or cut off.
 */
export function catalogueOf(size: number | null): readonly Model[] {
	if (size === null) return MODELS;
	const added = Array.from({ length: Math.max(0, size - MODELS.length) }, (_, index) =>
		addedModel(index),
	);
	return [...MODELS, ...added].slice(0, size);
}

function addedModel(index: number): Model {
	const number = String(index + 1).padStart(4, '0');
	return {
		id: `sandbox/added/model-${number}`,
		name: `Added Model ${number}`,
		category: 'text-to-image',
		price: { usd: 0.01, per: 'image' },
		output: 'image',
		fields: [{ name: 'prompt', type: 'string', required: true }],
		rules: [],
	};
}
