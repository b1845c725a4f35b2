import { isJsonObject, type Json } from '../json';
import type { ImageSizeRule } from '../models/model';
import type { Switches } from '../switches';
import { problem, type Problem } from './problem';

export interface PixelSize {
	readonly width: number;
	readonly height: number;
}

type Spelling = Switches['imageSizeSpelling'];

const SEPARATORS: Readonly<Record<Spelling, string>> = { x: 'x', '*': '*', both: 'x*', object: '' };

/**
 * In: an image_size and how explicit sizes are spelt. Out: the size in pixels, or null when it is none.
 * @see docs/runflow-api.md, "Pro Edit: input" and "Pro Edit: limits upstream": the spelling of an explicit size is
 * unknown
 */
export function readImageSize(
	value: Json,
	rule: ImageSizeRule,
	spelling: Spelling,
): PixelSize | null {
	if (typeof value === 'string') {
		// Own properties only: 'constructor' is not a preset.
		const preset = Object.entries(rule.presets).find(([name]) => name === value)?.[1];
		return preset ?? readExplicitSize(value, SEPARATORS[spelling]);
	}
	if (spelling !== 'object' || !isJsonObject(value) || Object.keys(value).length !== 2) return null;
	const { width, height } = value;
	return Number.isInteger(width) && Number.isInteger(height)
		? { width: Number(width), height: Number(height) }
		: null;
}

/**
 * In: an image_size, its rule and the spelling. Out: what is wrong with it.
 * @see docs/runflow-api.md, "Pro Edit: limits upstream"
 */
export function checkImageSize(
	value: Json,
	rule: ImageSizeRule,
	spelling: Spelling,
): readonly Problem[] {
	if (typeof value !== 'string' && spelling !== 'object') {
		return problem('string_type', 'Input should be a valid string');
	}
	const size = readImageSize(value, rule, spelling);
	if (size === null) {
		return problem(
			'value_error',
			`Input should be ${Object.keys(rule.presets).join(', ')} or explicit dimensions`,
		);
	}
	const isPreset = typeof value === 'string' && Object.keys(rule.presets).includes(value);
	const { min, max } = rule.side;
	const fits = [size.width, size.height].every((side) => side >= min && side <= max);
	return isPreset || fits
		? []
		: problem('value_error', `Each side should be ${min} to ${max} pixels`);
}

function readExplicitSize(text: string, separators: string): PixelSize | null {
	const match = /^([1-9]\d{0,4})([x*])([1-9]\d{0,4})$/.exec(text);
	if (match === null || !separators.includes(match[2] ?? '')) return null;
	return { width: Number(match[1]), height: Number(match[3]) };
}
