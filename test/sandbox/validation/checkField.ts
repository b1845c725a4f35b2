import { isJsonObject, type Json, type JsonObject } from '../json';
import type { Field, JsonField, MediaListField, NumberField, StringField } from '../models/model';
import type { Switches } from '../switches';
import { checkImageSize } from './imageSize';
import { checkMediaUrl, type MediaPolicy } from './mediaUrl';
import { problem, type Problem } from './problem';
import { unknownFields } from './unknownFields';

/** What checking needs to know besides the tables. */
export interface CheckContext {
	readonly media: MediaPolicy;
	readonly imageSizeSpelling: Switches['imageSizeSpelling'];
}

/**
 * In: the rows of a table, an object and the context. Out: all that is wrong with it: in the order of the table, then
 * the fields that the table does not have.
 * @see docs/runflow-api.md, "Wan 2.7" and "Errors"
 */
export function checkFields(
	fields: readonly Field[],
	object: JsonObject,
	context: CheckContext,
): readonly Problem[] {
	const rows = fields.flatMap((field): readonly Problem[] => {
		const value = object[field.name];
		const problems =
			value === undefined
				? field.required
					? problem('missing', 'Field required')
					: []
				: checkField(field, value, context);
		return problems.map((one) => ({ ...one, at: [field.name, ...one.at] }));
	});
	const known = fields.map(({ name }) => name);
	const unknown = unknownFields([], object, known).map(({ loc, ...one }) => ({ ...one, at: loc }));
	return [...rows, ...unknown];
}

/**
 * In: a row of a model's table and the value given for it. Out: all that is wrong with the value.
 * @see docs/runflow-api.md, "Pro Edit: input" and "Image to Video: input": types are exact, so no "5" for 5 and no
 * null
 */
function checkField(field: Field, value: Json, context: CheckContext): readonly Problem[] {
	switch (field.type) {
		case 'string':
			return field.imageSize === undefined
				? checkString(field, value)
				: checkImageSize(value, field.imageSize, context.imageSizeSpelling);
		case 'integer':
		case 'number':
			return checkNumber(field, value);
		case 'boolean':
			return typeof value === 'boolean'
				? []
				: problem('bool_type', 'Input should be a valid boolean');
		case 'image_list':
			return checkList(field, value, context);
		case 'image':
		case 'video':
		case 'file':
			return checkMediaUrl(field.type, value, context.media);
		case 'json':
			return checkJson(field, value, context);
		case 'unknown':
			return [];
	}
}

function checkString(field: StringField, value: Json): readonly Problem[] {
	if (typeof value !== 'string') return problem('string_type', 'Input should be a valid string');
	if (value.trim() === '')
		return problem('string_too_short', 'String should have at least 1 character');
	if (field.allowed !== undefined && !field.allowed.includes(value)) {
		return problem(
			'literal_error',
			`Input should be ${field.allowed.map((word) => `'${word}'`).join(' or ')}`,
		);
	}
	const limit = field.maxLength ?? Number.POSITIVE_INFINITY;
	// Characters as people and Python count them, not UTF-16 halves.
	return Array.from(value).length > limit
		? problem('string_too_long', `String should have at most ${limit} characters`)
		: [];
}

function checkNumber({ type, range }: NumberField, value: Json): readonly Problem[] {
	if (typeof value !== 'number' || (type === 'integer' && !Number.isInteger(value))) {
		const code = type === 'integer' ? 'int_type' : 'float_type';
		return problem(code, `Input should be a valid ${type}`);
	}
	if (value < range.min) {
		return problem('greater_than_equal', `Input should be greater than or equal to ${range.min}`);
	}
	return value > range.max
		? problem('less_than_equal', `Input should be less than or equal to ${range.max}`)
		: [];
}

function checkList(field: MediaListField, value: Json, context: CheckContext): readonly Problem[] {
	if (!Array.isArray(value)) return problem('list_type', 'Input should be a valid list');
	const items: readonly Json[] = value;
	const { min, max } = field.items;
	if (items.length < min) return problem('too_short', `List should have at least ${min} item(s)`);
	const tooMany =
		items.length > max ? problem('too_long', `List should have at most ${max} items`) : [];
	const bad = items.flatMap((item, index) =>
		checkMediaUrl('image', item, context.media).map((one) => ({ ...one, at: [index, ...one.at] })),
	);
	return [...tooMany, ...bad];
}

/** A free field takes any JSON but null; one with fields of its own is checked as an input is. */
function checkJson(field: JsonField, value: Json, context: CheckContext): readonly Problem[] {
	if (value === null) return problem('json_type', 'Input should be valid JSON');
	if (field.fields === undefined) return [];
	if (!isJsonObject(value)) return problem('dict_type', 'Input should be an object');
	return checkFields(field.fields, value, context);
}
