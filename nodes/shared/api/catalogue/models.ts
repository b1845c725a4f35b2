import type { IDataObject } from 'n8n-workflow';

import { asText, isObject } from '../../values/json';
import type { ApiAnswer } from '../result/result';

/** A page of the catalogue. */
export interface ModelsPage {
	/** The models' records, as Runflow shows them. */
	models: IDataObject[];
	/** The cursor of the next page; empty where there is none. */
	next: string;
}

/**
 * The models on a page of the catalogue; undefined if the response is not such a page.
 * @see docs/runflow-api.md, "Catalogue"
 */
export function readModels({ body }: ApiAnswer): ModelsPage | undefined {
	const items = isObject(body) ? body.items : body;
	if (!Array.isArray(items)) return undefined;
	const next = isObject(body) ? asText(body.next ?? body.next_pq) : '';
	return { models: (items as unknown[]).filter(isObject), next };
}

/** A model's record; undefined where the response is none. */
export function readModel({ body }: ApiAnswer): IDataObject | undefined {
	return isObject(body) && asText(body.slug) !== '' ? body : undefined;
}

/**
 * What a model is run by, such as `alibaba/wan/v2.7/pro/edit`; empty where its record does not say. Whether `slug` has
 * the owner in front is not documented.
 * @see docs/runflow-api.md, "Catalogue"
 */
export function readModelId(model: IDataObject): string {
	const slug = asText(model.slug);
	const owner = OWNERS.map((name) => ownerIn(model[name])).find((found) => found !== '') ?? '';
	if (slug === '' || owner === '' || slug.startsWith(`${owner}/`))
		return slug.includes('/') ? slug : '';
	return `${owner}/${slug}`;
}

/** Where a record may name the owner. */
const OWNERS = ['owner', 'model_creator', 'creator'];

function ownerIn(value: unknown): string {
	return isObject(value) ? asText(value.slug) : asText(value);
}

/** Whether a model can be run at all, as far as its record says. */
export function isActive(model: IDataObject): boolean {
	const status = asText(model.status_code);
	return status === '' || status === 'active';
}

/** One field of a model's input. */
export interface ModelInput {
	name: string;
	/** What people call it. */
	title: string;
	description: string;
	/** Such as `image_list`. */
	type: string;
	isRequired: boolean;
	/** Whether Runflow shows it among the first. */
	isFeatured: boolean;
	/** What Runflow takes where the field is left out; undefined where the record does not say. */
	defaultValue: unknown;
	/** The only values that it takes; none where the record does not list them. */
	choices: Choice[];
}

/** A value that a field takes. */
export interface Choice {
	value: string | number;
	title: string;
}

/**
 * The fields of a model's input, in their order; undefined where the record does not show them.
 * @see docs/runflow-api.md, "Catalogue"
 */
export function readInputs(model: IDataObject): ModelInput[] | undefined {
	const { inputs } = model;
	if (!Array.isArray(inputs)) return undefined;
	return (inputs as unknown[])
		.filter(isObject)
		.filter((input) => asText(input.name) !== '')
		.map((input, index) => ({ input, order: orderOf(input) ?? index }))
		.sort((a, b) => a.order - b.order)
		.map(({ input }) => readInput(input));
}

function orderOf({ sort_order: order }: IDataObject): number | undefined {
	return typeof order === 'number' ? order : undefined;
}

function readInput(input: IDataObject): ModelInput {
	const name = asText(input.name);
	return {
		name,
		title: asText(input.display_name).trim() || titleOf(name),
		description: asText(input.description).trim(),
		type: asText(input.variable_type_code),
		isRequired: input.is_required === true,
		isFeatured: input.is_featured === true,
		defaultValue: input.default_value ?? undefined,
		choices: readChoices(input.validator_attrs),
	};
}

/** A name such as `num_images` as people write it. */
function titleOf(name: string): string {
	return name
		.split(/[_-]+/)
		.filter((word) => word !== '')
		.map((word) => word.charAt(0).toUpperCase() + word.slice(1))
		.join(' ');
}

/**
 * The values that a validator lists. How it does so is not documented, so each of the usual names is taken, and nothing
 * where the list holds anything but values.
 * @see docs/runflow-api.md, "Catalogue"
 */
function readChoices(attributes: unknown): Choice[] {
	if (!isObject(attributes)) return [];
	const lists: unknown[] = CHOICES.map((name) => attributes[name]);
	const list = lists.find((found): found is unknown[] => Array.isArray(found)) ?? [];
	const choices = list.map(readChoice);
	return choices.every((choice) => choice !== undefined) ? choices : [];
}

const CHOICES = ['choices', 'enum', 'options', 'values', 'allowed_values', 'allowed'];

function readChoice(entry: unknown): Choice | undefined {
	const value = isObject(entry) ? entry.value : entry;
	if (typeof value !== 'string' && typeof value !== 'number') return undefined;
	const title = isObject(entry) ? asText(entry.label ?? entry.name ?? entry.title) : '';
	return value === '' ? undefined : { value, title: title === '' ? String(value) : title };
}
