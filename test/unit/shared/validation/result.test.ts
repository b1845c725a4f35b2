import {
	invalid,
	isEmpty,
	isInvalid,
	NOTHING,
	show,
	valid,
} from '../../../../nodes/shared/validation/result';
import { CIRCULAR } from './values';

it.each<[unknown, string]>([
	['a', '"a"'],
	['', '""'],
	[7, '7'],
	[NaN, 'NaN'],
	[-Infinity, '-Infinity'],
	[10n, '10'],
	[true, 'true'],
	[null, 'null'],
	[undefined, 'undefined'],
	[() => 7, 'function'],
	[Symbol('a'), 'symbol'],
	[Buffer.from('a'), 'a Buffer'],
	[new Uint8Array(1), 'a Buffer'],
	[{ a: [1, 'b'] }, '{"a":[1,"b"]}'],
	[[10n], 'object'],
	[CIRCULAR, 'object'],
])('shows %p in a message as %s', (value, shown) => {
	expect(show(value)).toBe(shown);
});

it('shows at most 60 characters of a value', () => {
	const longest = 'x'.repeat(58);
	expect(show(longest)).toBe(`"${longest}"`);
	expect(show(`${longest}y`)).toBe(`"${longest}y…`);
	expect(show([longest])).toBe(`["${longest}…`);
});

it.each([undefined, null, '', ' \n', '\u200b'])('treats %j as left empty', (value) => {
	expect(isEmpty(value)).toBe(true);
});

it.each([0, false, NaN, 'a', ' a ', [], {}])('treats %j as filled in', (value) => {
	expect(isEmpty(value)).toBe(false);
});

it('names the parameter of a refusal only where it is another one', () => {
	expect(Object.entries(invalid('is empty', 'Fill it in.'))).toEqual([
		['problem', 'is empty'],
		['advice', 'Fill it in.'],
	]);
	expect(invalid('is empty', 'Fill it in.', 'Seed')).toEqual({
		problem: 'is empty',
		advice: 'Fill it in.',
		parameter: 'Seed',
	});
});

it('accepts that nothing is filled in', () => {
	expect('accepted' in NOTHING).toBe(true);
	expect(isInvalid(NOTHING)).toBe(false);
});

it('distinguishes refusals from accepted values', () => {
	expect(isInvalid(invalid('is empty', 'Fill it in.'))).toBe(true);
	expect(isInvalid(valid({ problem: 'none' }))).toBe(false);
});
