import { types } from 'node:util';

import { readingsOf, spellingsOf } from './spellings';

/** Something that must be seen in no place but its own. */
export interface Secret {
	/** What it is called where it is kept. */
	name: string;
	value: string;
}

/** A secret that was seen, and where in the value that was searched. */
export interface Sighting {
	secret: Secret;
	path: string;
}

/** A part of a value, with the way to it. */
interface Part {
	value: unknown;
	key: string;
	within: Part | undefined;
}

/**
 * Searches a value for secrets: in all texts, bytes and names in it, at any depth, also behind properties that
 * are not enumerable (an error's stack and cause) or named by symbols, in maps, sets and addresses.
 * @returns the first sighting of each secret
 */
export function findSecrets(value: unknown, secrets: readonly Secret[]): Sighting[] {
	const sought = secrets.map((secret) => ({ secret, spellings: spellingsOf(secret.value) }));
	const found = new Map<Secret, Sighting>();
	const search = (text: string, at: Part): void => {
		const readings = readingsOf(text);
		for (const { secret, spellings } of sought) {
			if (found.has(secret)) continue;
			if (spellings.some((spelling) => readings.some((reading) => reading.includes(spelling)))) {
				found.set(secret, { secret, path: pathOf(at) });
			}
		}
	};

	const known = new Set<object>();
	const open: Part[] = [{ value, key: '', within: undefined }];
	for (let part = open.pop(); part !== undefined; part = open.pop()) {
		if (part.key !== '') search(part.key, part);
		const text = textOf(part.value);
		if (text !== undefined) search(text, part);
		else if (typeof part.value === 'object' && part.value !== null && !known.has(part.value)) {
			known.add(part.value);
			// The first part is the next one.
			open.push(...partsOf(part.value, part).reverse());
		}
	}
	return [...found.values()];
}

function textOf(value: unknown): string | undefined {
	if (typeof value === 'string') return value;
	if (value instanceof URL || value instanceof URLSearchParams) return value.toString();
	if (types.isAnyArrayBuffer(value)) return Buffer.from(value).toString();
	if (ArrayBuffer.isView(value)) {
		return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
	}
	return undefined;
}

function partsOf(value: object, within: Part): Part[] {
	const parts = Reflect.ownKeys(value).map((key) => ({
		value: read(value, key),
		key: String(key),
		within,
	}));
	if (types.isMap(value)) {
		for (const [key, one] of value) {
			parts.push({ value: key, key: 'key', within }, { value: one, key: 'value', within });
		}
	}
	if (types.isSet(value))
		for (const one of value) parts.push({ value: one, key: 'member', within });
	return parts;
}

function read(value: object, key: string | symbol): unknown {
	try {
		return Reflect.get(value, key) as unknown;
	} catch (error) {
		// What a getter throws can be seen as well.
		return error;
	}
}

function pathOf(part: Part): string {
	const keys: string[] = [];
	for (let at: Part | undefined = part; at !== undefined; at = at.within) {
		if (at.key !== '') keys.unshift(at.key);
	}
	return keys.join('.');
}
