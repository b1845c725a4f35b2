import type { FieldType, INodePropertyOptions, ResourceMapperField } from 'n8n-workflow';

import type { Choice, ModelInput } from '../../../shared/api/catalogue/models';
import { nameProblem } from '../../../shared/validation/plainJson';
import { inputType } from './inputTypes';

/**
 * A field of the form, as n8n stores it with the node. n8n keeps unknown properties.
 * @see docs/n8n-engine.md, "Resource mapper"
 */
export interface FormField extends ResourceMapperField {
	/** Runflow's type, such as `image_list`. n8n has no such types. */
	variableType: string;
	/** The name of the field without what the label adds to it, for messages. */
	title: string;
}

/**
 * The form of a model's input. Shown at first are the fields that are required or that Runflow itself shows first; the
 * others can be added.
 *
 * n8n evaluates every text that it stores with the node if it begins with an equals sign, so no text from outside may.
 */
export function formOf(inputs: ModelInput[]): FormField[] {
	const usable = inputs.filter(({ name }) => NAME.test(name) && nameProblem(name) === undefined);
	const isShown = ({ isRequired, isFeatured }: ModelInput) => isRequired || isFeatured;
	const showsSome = usable.some(isShown);
	return usable.map((input) => ({
		...fieldOf(input),
		// n8n would send false for a switch that the user has not touched.
		removed: !(isShown(input) || (!showsSome && input.type !== 'boolean')) || isUnset(input),
	}));
}

/** The names that n8n can store a value by. */
const NAME = /^[\w.-]+$/;

/** Whether a field is a switch that is neither on nor off unless the user sets it. */
function isUnset({ type, isRequired, defaultValue }: ModelInput): boolean {
	return type === 'boolean' && !isRequired && typeof defaultValue !== 'boolean';
}

function fieldOf(input: ModelInput): FormField {
	const { name, type, isRequired } = input;
	const options = optionsOf(input.choices);
	const defaultValue = defaultOf(input);
	return {
		id: name,
		displayName: labelOf(input),
		defaultMatch: false,
		canBeUsedToMatch: false,
		required: isRequired,
		display: true,
		type: options === undefined ? controlOf(input) : 'options',
		...(options === undefined ? {} : { options }),
		...(defaultValue === undefined ? {} : { defaultValue }),
		readOnly: false,
		variableType: plain(type),
		title: titleOf(input),
	};
}

function controlOf({ type, defaultValue }: ModelInput): FieldType {
	const { control } = inputType(type);
	// n8n's control for an object refuses a list.
	return control === 'object' && Array.isArray(defaultValue) ? 'array' : control;
}

function titleOf({ title, name }: ModelInput): string {
	return plain(title) || name;
}

/** n8n's form has no place for descriptions, so the label holds a short one. */
function labelOf(input: ModelInput): string {
	const { hint } = inputType(input.type);
	const title = titleOf(input);
	const label = hint === undefined ? title : `${title} (${hint})`;
	const [sentence = ''] = plain(input.description).split(/(?<=[.!?])\s|\n/);
	const description = sentence.replace(/\.$/, '');
	const whole = description === '' ? label : `${label}: ${description}`;
	return whole.length <= MAX_LABEL ? whole : `${whole.slice(0, MAX_LABEL).replace(/\s+\S*$/, '')}…`;
}

const MAX_LABEL = 100;

/** The values of a list; undefined if it has none, or n8n would change one. */
function optionsOf(choices: Choice[]): INodePropertyOptions[] | undefined {
	const isSafe = choices.every(({ value }) => plain(String(value)) === String(value));
	if (choices.length === 0 || !isSafe) return undefined;
	return choices.map(({ value, title }) => ({ name: plain(title) || String(value), value }));
}

/** The initial value; undefined if Runflow's default is unknown or does not fit n8n's control. */
function defaultOf({ defaultValue: value, type, choices }: ModelInput): FormField['defaultValue'] {
	const { control } = inputType(type);
	if (control === 'object') {
		return typeof value === 'object' ? JSON.stringify(value) : undefined;
	}
	if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
		return undefined;
	}
	if (value === '' || plain(String(value)) !== String(value)) return undefined;
	if (choices.length > 0) return choices.some((one) => one.value === value) ? value : undefined;
	return control === 'string' || typeof value === control ? value : undefined;
}

/** A text that n8n does not take for an expression. */
function plain(text: string): string {
	return text.trim().replace(/^[=\s]+/, '');
}
