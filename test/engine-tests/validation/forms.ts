import type { INodeProperties } from 'n8n-workflow';

import { choicesOf } from '../../descriptions/parameters';

/** What a form of entering a value plainly means. */
export type Meaning =
	/** The value itself. */
	| 'value'
	/** Nothing is filled in. */
	| 'empty'
	/** Nothing could be found: the node may leave it out, unless that changes what is paid for or what starts. */
	| 'missing'
	/** Nothing that the parameter can be. */
	| 'wrong';

/** One way in which a value comes into a parameter. */
export interface Form {
	what: string;
	/** What the workflow stores. */
	raw: unknown;
	means: Meaning;
}

/** An expression; n8n gives its value as text if anything follows the braces. */
function expression(code: string, behind = ''): string {
	return `={{ ${code} }}${behind}`;
}

/** Values of no type that any parameter of the type takes, as code. */
const WRONG: Record<string, string[]> = {
	boolean: ['"maybe"', '2', '({ a: 1 })', '["x", "y"]', 'NaN', '[]', '"constructor"'],
	number: ['"ten"', 'true', '({ a: 1 })', '[1, 2]', 'NaN', 'Infinity', '-5', '"5 or 6"', '"1,5"'],
	options: ['"no such word"', '7', '({ a: 1 })', '["x", "y"]', 'NaN', 'true', '"__proto__"'],
	multiOptions: ['"no such word"', '7', '({ a: 1 })', '["x", "y"]', 'NaN', 'true', '[[]]', '[7]'],
	string: ['({ a: 1 })', '["a", "b"]', 'NaN', 'Infinity', '/x/'],
	resourceLocator: ['({ a: 1 })', '["a", "b"]', 'NaN', '7', 'true', '"no address"'],
	json: ['"{a: 1}"', '7', '["a", "b"]', 'NaN', 'true', '"[1]"', '"{\\"a\\": 1099511627776123457}"'],
};

/** Literals that an import or another program may have put into the workflow. */
const WRONG_LITERALS: Record<string, unknown[]> = {
	boolean: ['maybe', 2],
	number: ['ten', true],
	options: ['no such word', 7],
	multiOptions: ['no such word', 7, ['no such word']],
	string: [],
	resourceLocator: [],
	json: ['{a: 1}'],
};

const INVISIBLE = [' ', '\n', '\u200b', '\u00a0', '\ufeff'];

/** Spellings of a value that mean the same, as code. */
function spellings(property: INodeProperties, value: unknown): string[] {
	const code = JSON.stringify(value);
	const words = typeof value === 'string' ? value : code;
	const texts = [words, ...INVISIBLE.map((space) => space + words + space)];
	if (property.type === 'multiOptions') {
		const entries = value as string[];
		const names = entries.map((entry) => nameOf(property, entry));
		const lists = [names, entries.map((entry) => `${entry} `)];
		return [
			code,
			JSON.stringify(code),
			...[...lists, ...[',', ', ', ';', '|', '\n'].map((sign) => entries.join(sign))].map((one) =>
				JSON.stringify(one),
			),
		];
	}
	if (property.type === 'options') {
		const name = nameOf(property, words);
		texts.push(name, name.toUpperCase(), ` ${name}`, words.toUpperCase());
	}
	if (property.type === 'boolean') texts.push(words.toUpperCase(), ` ${words}`);
	return [code, ...texts.map((text) => JSON.stringify(text))];
}

function nameOf(property: INodeProperties, value: string): string {
	return choicesOf(property).find((choice) => choice.value === value)?.name ?? value;
}

/** A value that the parameter takes, other than its default. */
export function sampleOf(property: INodeProperties): unknown {
	const { type, default: usual, typeOptions = {} } = property;
	const choices = choicesOf(property).map(({ value }) => value);
	switch (type) {
		case 'boolean':
			return usual !== true;
		case 'number': {
			const { minValue = 1, maxValue = Number.MAX_SAFE_INTEGER } = typeOptions;
			return [minValue, minValue + 1].find((number) => number !== usual && number <= maxValue);
		}
		case 'options':
			return choices.find((value) => value !== usual && value !== '');
		case 'multiOptions':
			return choices.slice(-2);
		case 'json':
			return '{"a": [1]}';
		default:
			return 'sample-1';
	}
}

/** Every form of a value for a parameter. */
export function formsOf(property: INodeProperties, value: unknown): Form[] {
	const form = (raw: unknown, means: Meaning): Form => ({ what: JSON.stringify(raw), raw, means });
	const own = spellings(property, value);
	const [code = ''] = own;
	const wrong = WRONG[property.type];
	const literals = WRONG_LITERALS[property.type];
	if (wrong === undefined || literals === undefined) {
		throw new Error(`Give the type ${property.type} its wrong forms in ${__filename}`);
	}
	const takesExpressions = property.noDataExpression !== true;
	return [
		...(takesExpressions
			? [
					...own.map((one) => form(expression(one), 'value')),
					...INVISIBLE.map((space) => form(expression(code, space), 'value')),
					...wrong.map((one) => form(expression(one), 'wrong')),
					...["''", 'null'].map((one) => form(expression(one), 'empty')),
					...['undefined', '$json.nothing', '[][0]'].map((one) => form(expression(one), 'missing')),
					form(expression('$json.nothing', ' '), 'missing'),
				]
			: []),
		...own
			.slice(0, 3)
			.map((one): unknown => JSON.parse(one))
			.map((one) => form(one, 'value')),
		...literals.map((one) => form(one, 'wrong')),
	];
}
