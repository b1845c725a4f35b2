import type { FieldType } from 'n8n-workflow';

import { mediaListValue, mediaValue } from '../../../shared/properties/media/mediaValue';
import { anyJson, anyNumber, anyWholeNumber, json } from '../../../shared/validation/anyValue';
import { flag, text } from '../../../shared/validation/rules';
import type { FileRule } from '../../../shared/validation/result';

/** How values of a type are entered in the form, and which may be sent. */
interface InputType {
	/** The form's control, in n8n's words. */
	control: FieldType;
	/** What the label adds to the field's name. */
	hint?: string;
	/** @param title the field's name, for messages about files */
	rule: (title: string) => FileRule;
}

const JSON_VALUE: InputType = { control: 'object', hint: 'JSON', rule: () => json };

/** The types on model pages. @see docs/runflow-api.md, "Catalogue" */
const INPUT_TYPES: ReadonlyMap<string, InputType> = new Map<string, InputType>([
	['string', { control: 'string', rule: () => text() }],
	['integer', { control: 'number', rule: () => anyWholeNumber }],
	['number', { control: 'number', rule: () => anyNumber }],
	['boolean', { control: 'boolean', rule: () => flag }],
	['json', JSON_VALUE],
	// n8n's names, where it has kept nothing else.
	['object', JSON_VALUE],
	['array', JSON_VALUE],
	['image', media('image')],
	['video', media('video')],
	['audio', media('audio')],
	['file', media('file')],
	[
		'image_list',
		{
			control: 'string',
			hint: 'URLs or binary fields',
			rule: (title) => mediaListValue('image', title),
		},
	],
]);

/** Runflow's allowed values are unknown, so the value is sent unchanged. */
const UNKNOWN: InputType = { control: 'string', rule: () => anyJson };

/** The type of a field, by Runflow's name for it. */
export function inputType(type: string): InputType {
	return INPUT_TYPES.get(type) ?? UNKNOWN;
}

function media(kind: Parameters<typeof mediaValue>[0]): InputType {
	return {
		control: 'string',
		hint: 'URL or binary field',
		rule: (title) => mediaValue(kind, title),
	};
}
