import type { JsonObject } from '../json';
import { uuidOf } from '../uuidOf';
import type { Switches } from '../switches';
import type { Field, Model } from './model';
import { renderValidator, titleOf } from './validators';

const CHANGED_AT = '2026-04-08T00:00:00.000+00:00';

/** What can be embedded in a record. @see docs/runflow-api.md, "Catalogue" */
export const MODEL_EMBEDS = ['inputs', 'outputs'] as const;

/**
 * In: a model, the switches and what is embedded. Out: its record in the catalogue.
 * @see docs/runflow-api.md, "Catalogue"
 */
export function renderModel(
	model: Model,
	switches: Switches,
	embeds: readonly string[],
): JsonObject {
	const { creator, slug } = partsOf(model);
	return {
		id: uuidOf(model.id),
		...(switches.modelSlug === 'full'
			? { slug: model.id }
			: { slug, creator: { slug: creator, name: titleOf(creator) } }),
		name: model.name,
		description: null,
		category_code: model.category,
		status_code: model.state === 'inactive' ? 'inactive' : 'active',
		availability_status: model.state === 'unavailable' ? 'unavailable' : 'available',
		license_code: 'commercial',
		max_resolution: null,
		pricing_note: `$${model.price.usd} per ${model.price.per}`,
		created_at: CHANGED_AT,
		updated_at: CHANGED_AT,
		...(embeds.includes('inputs') ? { inputs: renderInputs(model, switches) } : {}),
		...(embeds.includes('outputs') ? { outputs: renderOutputs() } : {}),
	};
}

/**
 * In: a model. Out: the two parts of its id: who made it, and the rest.
 * @see docs/runflow-api.md, "Create a run"
 */
export function partsOf({ id }: Model): { readonly creator: string; readonly slug: string } {
	const end = id.indexOf('/');
	return { creator: id.slice(0, end), slug: id.slice(end + 1) };
}

/** By name: their order on the page is `sort_order`. */
function renderInputs({ fields }: Model, switches: Switches): readonly JsonObject[] {
	return fields
		.map((field, index) => ({ field, index }))
		.sort((one, other) => (one.field.name < other.field.name ? -1 : 1))
		.map(({ field, index }) => renderInput(field, index, switches));
}

function renderInput(
	field: Field,
	index: number,
	{ validatorSpelling }: Pick<Switches, 'validatorSpelling'>,
): JsonObject {
	return {
		name: field.name,
		display_name: titleOf(field.name),
		description: field.description ?? null,
		variable_type_code: field.type === 'unknown' ? field.typeCode : field.type,
		default_behavior_code: field.defaultValue === undefined ? 'omit' : 'default',
		...renderValidator(field, validatorSpelling),
		is_required: field.required,
		default_value: field.defaultValue ?? null,
		sort_order: index,
		is_featured: field.isFeatured ?? false,
	};
}

/** The rows of both model pages. @see docs/runflow-api.md, "Output" */
function renderOutputs(): readonly JsonObject[] {
	return ['outputs', 'seed', 'model_data', 'nsfw_detected', 'timing'].map((name, index) => ({
		name,
		display_name: titleOf(name),
		description: null,
		variable_type_code: 'json',
		sort_order: index,
	}));
}
