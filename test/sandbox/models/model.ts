import type { Json } from '../json';

/** Lowest and highest allowed value, both included. */
export interface Range {
	readonly min: number;
	readonly max: number;
}

interface Row {
	readonly name: string;
	readonly required: boolean;
	readonly description?: string;
	/** What Runflow is said to use for a value that is left out. */
	readonly defaultValue?: Json;
	readonly isFeatured?: boolean;
}

/** A text that is one of the presets, or two sides in pixels. @see docs/runflow-api.md, "Pro Edit: limits upstream" */
export interface ImageSizeRule {
	readonly presets: Readonly<Record<string, { readonly width: number; readonly height: number }>>;
	readonly side: Range;
}

export interface StringField extends Row {
	readonly type: 'string';
	readonly allowed?: readonly string[];
	readonly maxLength?: number;
	readonly imageSize?: ImageSizeRule;
}

/** A whole number, or any number. */
export interface NumberField extends Row {
	readonly type: 'integer' | 'number';
	readonly range: Range;
}

export interface BooleanField extends Row {
	readonly type: 'boolean';
}

/** One medium. `file` is the model page's word for sound. */
export interface MediaField extends Row {
	readonly type: 'image' | 'video' | 'file';
}

export interface MediaListField extends Row {
	readonly type: 'image_list';
	readonly items: Range;
}

/** An object with fields of its own, or any JSON. */
export interface JsonField extends Row {
	readonly type: 'json';
	readonly fields?: readonly Field[];
}

/** A field of a type that no page names; it takes any JSON. */
export interface UnknownField extends Row {
	readonly type: 'unknown';
	readonly typeCode: string;
}

/** One row of a model page's "Input schema". */
export type Field =
	StringField | NumberField | BooleanField | MediaField | MediaListField | JsonField | UnknownField;

/** What one row alone cannot say. @see docs/runflow-api.md, "Media combinations" */
export type Rule =
	| { readonly kind: 'at-least-one'; readonly fields: readonly [string, ...string[]] }
	| { readonly kind: 'never-together'; readonly field: string; readonly other: string };

/** A model page as data. */
export interface Model {
	readonly id: string;
	readonly name: string;
	readonly category: string;
	readonly price: { readonly usd: number; readonly per: 'image' | 'second' | 'request' };
	/** `none`: the output has no files. */
	readonly output: 'image' | 'video' | 'audio' | 'none';
	readonly fields: readonly Field[];
	readonly rules: readonly Rule[];
	/** `inactive`: not in the public list, and not to be run. `unavailable`: its provider is down. */
	readonly state?: 'inactive' | 'unavailable';
}
