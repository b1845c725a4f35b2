import { errorAnswer, jsonAnswer, passed, refused, validationAnswer } from '../http/answer';
import type { Answer, Call, Checked } from '../http/answer';
import type { Json, JsonObject } from '../json';
import { catalogueOf } from '../models';
import type { Model } from '../models/model';
import { MODEL_EMBEDS, partsOf, renderModel } from '../models/renderModel';
import type { SandboxState } from '../state';
import type { Switches } from '../switches';
import { uuidOf } from '../uuidOf';
import { badQuery, readListQuery, readNames, type ListFields, type Sort } from './listQuery';
import { page, project } from './paging';
import type { Request } from './route';

/** By which of its fields is not documented; names that the list does not have are refused. */
const LIST_FIELDS: ListFields = {
	sorts: ['created_at', 'name', 'slug'],
	filters: ['slug', 'name', 'category_code', 'status_code'],
};

/**
 * In: a call without a key. Out: the public and active models, whatever `q` says.
 * @see docs/runflow-api.md, "Catalogue"
 */
export function listPublicModels(state: SandboxState, call: Call): Answer {
	if (state.switches.publicModels === 'missing')
		return errorAnswer(404, 'NOT_FOUND', 'No such endpoint.');
	const models = catalogueOf(state.switches.catalogueSize);
	return listOf(
		models.filter((model) => model.state !== 'inactive'),
		state,
		call,
	);
}

/**
 * In: limit, sort_by, pq, q, fields, embed. Out: a page of all models.
 * @see docs/runflow-api.md, "Catalogue"
 */
export function listModels({ state, call }: Request): Answer {
	return listOf(catalogueOf(state.switches.catalogueSize), state, call);
}

/**
 * In: an owner and the slug or the id of one of its models. Out: the model, or 404.
 * @see docs/runflow-api.md, "Catalogue": whether a slug of several segments is taken is unknown
 */
export function getModel({ state, call, params }: Request): Answer {
	const { switches } = state;
	const shape = readShape(call, switches, 'single');
	if (!shape.ok) return shape.answer;
	const [owner = '', path = ''] = params;
	const model = catalogueOf(switches.catalogueSize).find(
		(one) => partsOf(one).creator === owner && isNamedBy(one, path, switches.modelPath),
	);
	return model === undefined
		? errorAnswer(404, 'MODEL_NOT_FOUND', 'Model not found.')
		: jsonAnswer(200, shape.value(model));
}

function listOf(models: readonly Model[], { switches }: SandboxState, call: Call): Answer {
	const query = readListQuery(call.query, LIST_FIELDS, switches.filters);
	if (!query.ok) return query.answer;
	const shape = readShape(call, switches, 'list');
	if (!shape.ok) return shape.answer;
	const { matches, sorts } = query.value;
	const found = models
		.map((model) => ({ model, record: renderModel(model, switches, []) }))
		.filter(({ record }) => matches(record))
		.sort((one, other) => compare(one.record, other.record, sorts))
		.map(({ model }) => model);
	return jsonAnswer(
		200,
		switches.modelListShape === 'array'
			? found.map(shape.value)
			: page(found, query.value, switches.pagingSpelling, shape.value),
	);
}

/** How each model of an answer is shown, or 422 for an embed or a field that there is not. */
function readShape(
	call: Call,
	switches: Switches,
	read: 'list' | 'single',
): Checked<(model: Model) => JsonObject> {
	const wanted = readNames(call.query, 'embed');
	const fields = readNames(call.query, 'fields');
	const [first] = catalogueOf(1);
	const known = first === undefined ? [] : Object.keys(renderModel(first, switches, MODEL_EMBEDS));
	const errors = [
		...(wanted.every((name) => MODEL_EMBEDS.some((one) => one === name))
			? []
			: [badQuery('embed')]),
		...(fields.every((name) => known.includes(name)) ? [] : [badQuery('fields')]),
	];
	if (errors.length > 0) return refused(validationAnswer(errors));
	const embeds = embedsOf(switches.modelInputs, wanted, read);
	return passed((model) => project(renderModel(model, switches, embeds), fields));
}

function embedsOf(
	inputs: Switches['modelInputs'],
	wanted: readonly string[],
	read: 'list' | 'single',
): readonly string[] {
	if (inputs === 'embed') return wanted;
	return inputs === 'always' || (inputs === 'single' && read === 'single') ? MODEL_EMBEDS : [];
}

function isNamedBy(model: Model, path: string, modelPath: Switches['modelPath']): boolean {
	if (path === uuidOf(model.id)) return true;
	const { slug } = partsOf(model);
	if (modelPath === 'segments') return path === slug;
	if (path.includes('/')) return false;
	return modelPath === 'encoded' ? decodeURIComponent(path) === slug : path === slug;
}

function compare(one: JsonObject, other: JsonObject, sorts: readonly Sort[]): number {
	for (const { field, descending } of sorts) {
		const order = textOf(one[field]).localeCompare(textOf(other[field]));
		if (order !== 0) return descending ? -order : order;
	}
	return 0;
}

function textOf(value: Json | undefined): string {
	return typeof value === 'string' ? value : '';
}
