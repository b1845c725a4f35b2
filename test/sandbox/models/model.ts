/** Lowest and highest allowed value, both included. */
export interface Range {
	readonly min: number;
	readonly max: number;
}

interface Row {
	readonly name: string;
	readonly required: boolean;
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

export interface IntegerField extends Row {
	readonly type: 'integer';
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

/** One row of a model page's "Input schema". */
export type Field = StringField | IntegerField | BooleanField | MediaField | MediaListField;

/** What one row alone cannot say. @see docs/runflow-api.md, "Media combinations" */
export type Rule =
	| { readonly kind: 'at-least-one'; readonly fields: readonly [string, ...string[]] }
	| { readonly kind: 'never-together'; readonly field: string; readonly other: string };

/** A model page as data. */
export interface Model {
	readonly id: string;
	readonly price: { readonly usd: number; readonly per: 'image' | 'second' };
	readonly output: 'image' | 'video';
	readonly fields: readonly Field[];
	readonly rules: readonly Rule[];
}
