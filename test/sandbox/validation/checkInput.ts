import type { FieldError } from '../http/answer';
import type { JsonObject } from '../json';
import type { Model, Rule } from '../models/model';
import { checkField, type CheckContext } from './checkField';

const LOC = ['body', 'input'] as const;

/**
 * In: a model, the `input` of a create call and the context. Out: one entry for every bad field, in the order of
 * the model's table, then the fields that it does not know, then the combinations that it does not take.
 * @see docs/runflow-api.md, "Wan 2.7" and "Errors"
 */
export function checkInput(
	model: Model,
	input: JsonObject,
	context: CheckContext,
): readonly FieldError[] {
	const rows = model.fields.flatMap((field): readonly FieldError[] => {
		const value = input[field.name];
		if (value === undefined) {
			return field.required
				? [{ loc: [...LOC, field.name], msg: 'Field required', type: 'missing' }]
				: [];
		}
		return checkField(field, value, context).map(({ at, msg, type }) => ({
			loc: [...LOC, field.name, ...at],
			msg,
			type,
		}));
	});
	const known = model.fields.map((field) => field.name);
	return [
		...rows,
		...unknownFields(LOC, input, known),
		...model.rules.flatMap((rule) => checkRule(rule, input)),
	];
}

/**
 * In: where an object stands, the object and the names it may have. Out: an entry for every other name.
 * The documents do not say whether unknown fields are refused; the sandbox takes the strict reading.
 */
export function unknownFields(
	loc: readonly string[],
	value: JsonObject,
	known: readonly string[],
): readonly FieldError[] {
	return Object.keys(value)
		.filter((name) => !known.includes(name))
		.map((name) => ({
			loc: [...loc, name],
			msg: 'Extra inputs are not permitted',
			type: 'extra_forbidden',
		}));
}

function checkRule(rule: Rule, input: JsonObject): readonly FieldError[] {
	const given = (name: string): boolean => input[name] !== undefined;
	if (rule.kind === 'never-together') {
		const msg = `${rule.field} cannot be combined with ${rule.other}`;
		return given(rule.field) && given(rule.other)
			? [{ loc: [...LOC, rule.field], msg, type: 'value_error' }]
			: [];
	}
	const msg = `One of ${rule.fields.join(', ')} is required`;
	return rule.fields.some(given) ? [] : [{ loc: [...LOC, rule.fields[0]], msg, type: 'missing' }];
}
