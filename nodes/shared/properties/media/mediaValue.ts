import type { Origin } from '../../validation/media/origin';
import {
	invalid,
	NOTHING,
	valid,
	type BinaryFields,
	type FileRule,
	type MediaContext,
	type ValidationResult,
} from '../../validation/result';
import { trimText } from '../../values/text';
import { validateSource } from './media';
import { mediaSources, type Source } from './mediaSources';

/**
 * One image, video, sound or file of any format, where a text may be an address as well as the name of a binary field: a
 * form has no choice between the two in front of it.
 * @param title the name of the field, for messages
 */
export function mediaValue(kind: Origin['kind'], title: string): FileRule {
	return (value, _read, media) => {
		const [source, ...others] = sourcesOf(value, media.fields);
		if (source === undefined) return NOTHING;
		if (others.length > 0) {
			return invalid(
				`takes one file, but has ${others.length + 1}`,
				'Pick one in the expression, or split them into separate items before this node.',
			);
		}
		return validateEither(source, { ...ANY, kind, title, which: '' }, media);
	};
}

/** A list of images or other files, each as {@link mediaValue} takes it. */
export function mediaListValue(kind: Origin['kind'], title: string): FileRule {
	return (value, _read, media) => {
		const accepted: unknown[] = [];
		for (const [index, source] of sourcesOf(value, media.fields).entries()) {
			const which = `: ${kind} ${index + 1}`;
			const result = validateEither(source, { ...ANY, kind, title, which }, media);
			if (!('accepted' in result)) return result;
			accepted.push(result.accepted);
		}
		return accepted.length === 0 ? NOTHING : valid(accepted);
	};
}

/** Several names of binary fields in one text are a list, as several addresses are. */
function sourcesOf(value: unknown, fields: BinaryFields): Source[] {
	const names = typeof value === 'string' ? value.split(',').map(trimText) : [];
	const areFields = names.length > 0 && names.every((name) => fields.find(name) !== undefined);
	return mediaSources(value, areFields, fields);
}

const ANY = { anyFormat: true, takes: 'either' } as const;

/** What cannot be an address: it has none of its signs. */
const NAME = /^[\w -]{1,60}$/;

function validateEither(
	{ value, binary }: Source,
	origin: Origin,
	media: MediaContext,
): ValidationResult {
	const name = typeof value === 'string' ? trimText(value) : undefined;
	const isFile = name !== undefined && (media.fields.find(name) !== undefined || NAME.test(name));
	return validateSource({ value: name ?? value, binary: binary || isFile }, origin, media);
}
