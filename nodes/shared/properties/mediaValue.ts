import type { MediaKind } from '../api/files/mediaTypes';
import type { Origin } from '../validation/origin';
import {
	invalid,
	NOTHING,
	valid,
	type BinaryFields,
	type FileRule,
	type ValidationResult,
} from '../validation/result';
import { flattenSources, validateSource } from './media';

/**
 * One image, video, sound or file, where a text may be an address as well as the name of a binary field: a form has no
 * choice between the two in front of it.
 * @param title the name of the field, for messages
 */
export function mediaValue(kind: MediaKind, title: string): FileRule {
	return (value, _read, fields) => {
		const [source, ...others] = flattenSources(value);
		if (source === undefined) return NOTHING;
		if (others.length > 0) {
			return invalid(
				`takes one file, but has ${others.length + 1}`,
				'Pick one in the expression, or split them into items of their own before this node.',
			);
		}
		return validateEither(source, { kind, title, which: '' }, fields);
	};
}

/** A list of images or other files, each as {@link mediaValue} takes it. */
export function mediaListValue(kind: MediaKind, title: string): FileRule {
	return (value, _read, fields) => {
		const accepted: unknown[] = [];
		for (const [index, source] of flattenSources(value).entries()) {
			const origin: Origin = { kind, title, which: `: ${kind} ${index + 1}` };
			const result = validateEither(source, origin, fields);
			if (!('accepted' in result)) return result;
			accepted.push(result.accepted);
		}
		return accepted.length === 0 ? NOTHING : valid(accepted);
	};
}

function validateEither(
	{ value, binary }: { value: unknown; binary: boolean },
	origin: Origin,
	fields: BinaryFields,
): ValidationResult {
	const isField = typeof value === 'string' && fields.names().includes(value.trim());
	return validateSource(value, binary || isField, origin, fields);
}
