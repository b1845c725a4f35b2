import type { Json, JsonObject } from '../json';
import type { Field, Range } from './model';

/** How a record says which values a field takes. @see docs/runflow-api.md, "Catalogue": no page says how */
export type ValidatorSpelling = 'choices' | 'enum' | 'options' | 'values' | 'none';

interface Validator {
	readonly validator_code: string | null;
	readonly validator_attrs: JsonObject | null;
}

interface Words {
	readonly allowed: (values: readonly string[]) => Validator;
	readonly range: (range: Range) => Validator;
	readonly length: (max: number) => Validator;
	readonly items: (range: Range) => Validator;
}

const NONE: Validator = { validator_code: null, validator_attrs: null };

const WORDS: Readonly<Record<Exclude<ValidatorSpelling, 'none'>, Words>> = {
	choices: {
		allowed: (choices) => validator('choice', { choices }),
		range: ({ min, max }) => validator('range', { min, max }),
		length: (max) => validator('max_length', { max_length: max }),
		items: ({ min, max }) => validator('items', { min_items: min, max_items: max }),
	},
	// As JSON Schema has it.
	enum: {
		allowed: (values) => validator('enum', { enum: values }),
		range: ({ min, max }) => validator('range', { minimum: min, maximum: max }),
		length: (max) => validator('length', { maxLength: max }),
		items: ({ min, max }) => validator('items', { minItems: min, maxItems: max }),
	},
	// As a form has it.
	options: {
		allowed: (values) =>
			validator('select', { options: values.map((value) => ({ value, label: titleOf(value) })) }),
		range: ({ min, max }) => validator('between', { min_value: min, max_value: max }),
		length: (max) => validator('text_length', { min: 0, max }),
		items: ({ min, max }) => validator('list_length', { min, max }),
	},
	// As Pydantic has it.
	values: {
		allowed: (values) => validator('one_of', { values }),
		range: ({ min, max }) => validator('range', { ge: min, le: max }),
		length: (max) => validator('string_length', { max_length: max }),
		items: ({ min, max }) => validator('list_length', { min_length: min, max_length: max }),
	},
};

/**
 * In: a field and the spelling. Out: the `validator_code` and `validator_attrs` of its record, null when the field
 * takes any value of its type.
 * @see docs/runflow-api.md, "Catalogue"
 */
export function renderValidator(field: Field, spelling: ValidatorSpelling): Validator {
	if (spelling === 'none') return NONE;
	const words = WORDS[spelling];
	switch (field.type) {
		case 'string':
			if (field.allowed !== undefined) return words.allowed(field.allowed);
			return field.maxLength === undefined ? NONE : words.length(field.maxLength);
		case 'integer':
		case 'number':
			return words.range(field.range);
		case 'image_list':
			return words.items(field.items);
		case 'json':
			return field.fields === undefined
				? NONE
				: validator('fields', { fields: field.fields.map((one) => nested(one, spelling)) });
		default:
			return NONE;
	}
}

/**
 * In: a name such as `num_images`. Out: `Num Images`.
 */
export function titleOf(name: string): string {
	return name
		.split('_')
		.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
		.join(' ');
}

function nested(field: Field, spelling: ValidatorSpelling): Json {
	return {
		name: field.name,
		variable_type_code: field.type,
		is_required: field.required,
		default_value: field.defaultValue ?? null,
		...renderValidator(field, spelling),
	};
}

function validator(code: string, attrs: JsonObject): Validator {
	return { validator_code: code, validator_attrs: attrs };
}
