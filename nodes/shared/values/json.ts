import type { IDataObject } from 'n8n-workflow';

/** Whether a value read from JSON is an object with fields (not null, not a list). */
export function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text as it is, numbers and booleans as they are written, anything else as an empty string. */
export function asText(value: unknown): string {
	if (typeof value === 'string') return value;
	return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
