import type { IDataObject } from 'n8n-workflow';

import { findMissing, foundNothing } from '../../../shared/validation/expression';
import {
	invalid,
	isEmpty,
	isInvalid,
	NOTHING,
	show,
	valid,
	type FileRule,
} from '../../../shared/validation/result';
import { jsonObject } from '../../../shared/validation/objects';
import { asText, isObject } from '../../../shared/values/json';
import { trimText } from '../../../shared/values/text';
import { inputType } from './inputTypes';

/** A field of the form as it is stored with the node; a workflow from elsewhere may lack any of its properties. */
interface StoredField {
	id: string;
	title: string;
	type: string;
	isRequired: boolean;
	/** The only values that may be sent; undefined for any. */
	values: unknown[] | undefined;
}

/**
 * The input of a model as its form gives it: each field by its type, under the name that it has in the form. Fields
 * that are left empty are not sent.
 */
export const formInput: FileRule = (value, read, media) => {
	// The whole form may be one expression.
	if (!isObject(value) || !('mappingMode' in value)) return jsonObject(value, read);
	const stored = read('inputFields', { rawExpressions: true });
	const whole = isObject(stored) ? stored.value : undefined;
	if (value.mappingMode === 'autoMapInputData' || !(isEmpty(whole) || isObject(value.value))) {
		return invalid('must be filled in field by field', 'Fill them in, or choose JSON under Input.');
	}
	const filledIn = isObject(value.value) ? value.value : {};
	const raw = isObject(whole) ? whole : {};
	const input: Record<string, unknown> = {};
	for (const field of storedFields(value.schema, filledIn)) {
		if (findMissing(raw[field.id], filledIn[field.id]) !== undefined) {
			return foundNothing(field.title, MISSING);
		}
		const result = fieldRule(field)(filledIn[field.id], read, media);
		if (isInvalid(result)) return { parameter: field.title, ...result };
		if (result.accepted !== undefined) input[field.id] = result.accepted;
	}
	return valid(input);
};

const MISSING =
	"Check the field name. To leave the field out when there is no value, write {{ $json.x ?? '' }} with nothing after it.";

/** The fields that are in the form, and values that no field of it has. */
function storedFields(schema: unknown, filledIn: IDataObject): StoredField[] {
	const fields = (Array.isArray(schema) ? schema : []).filter(isObject);
	const known = new Set(fields.map(({ id }) => id));
	const others = Object.keys(filledIn).filter((id) => !known.has(id));
	return [
		...fields.filter(({ removed }) => removed !== true).map(readStoredField),
		...others.map((id) => readStoredField({ id })),
	].filter(({ id }) => id !== '');
}

function readStoredField(field: IDataObject): StoredField {
	const id = asText(field.id);
	const options = Array.isArray(field.options) ? (field.options as unknown[]) : [];
	return {
		id,
		title: asText(field.title) || asText(field.displayName) || id,
		type: asText(field.variableType) || asText(field.type),
		isRequired: field.required === true,
		values: options.length === 0 ? undefined : options.filter(isObject).map(({ value }) => value),
	};
}

function fieldRule({ title, type, isRequired, values }: StoredField): FileRule {
	const rule: FileRule = values === undefined ? inputType(type).rule(title) : oneOfValues(values);
	return (value, read, media) => {
		const result = rule(value, read, media);
		return isRequired && 'accepted' in result && result.accepted === undefined
			? invalid(
					'is empty',
					'The model needs it. If you used an expression, check that it finds something.',
				)
			: result;
	};
}

/** One of the values that the form lists, with the list's type if it is given as text. */
function oneOfValues(values: unknown[]): FileRule {
	return (value) => {
		if (isEmpty(value)) return NOTHING;
		const text = trimText(asText(value));
		const found = values.find((known) => text !== '' && String(known) === text);
		return found === undefined
			? invalid(
					`must be one of ${values.join(', ')}, but is ${show(value)}`,
					'Choose one from the list. If the model accepts this value by now, refresh the list of fields.',
				)
			: valid(found);
	};
}
