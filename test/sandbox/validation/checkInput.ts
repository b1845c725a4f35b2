import type { FieldError } from '../http/answer';
import type { JsonObject } from '../json';
import type { Model, Rule } from '../models/model';
import { checkFields, type CheckContext } from './checkField';

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
	const problems = checkFields(model.fields, input, context);
	return [
		...problems.map(({ at, msg, type }) => ({ loc: [...LOC, ...at], msg, type })),
		...model.rules.flatMap((rule) => checkRule(rule, input)),
	];
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
