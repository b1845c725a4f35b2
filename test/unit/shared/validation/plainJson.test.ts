import {
	asJson,
	changedNumber,
	nameProblem,
	numberProblem,
} from '../../../../nodes/shared/validation/plainJson';
import { CIRCULAR, PICK_A_FIELD } from './values';

it.each([
	['{"id": 1099511627776123457}', '1099511627776123457'],
	['{"a": [-9007199254740993]}', '-9007199254740993'],
	['{"a": 9007199254740993, "b": 9007199254740995}', '9007199254740993'],
	['{"a": 12345678901234567.5}', '12345678901234567.5'],
	['{"a": 12345678901234567.25}', '12345678901234567.25'],
	['{"a": 1e999}', '1e999'],
	['{"a": 1E+999}', '1E+999'],
	['{"a": -1.5e999}', '-1.5e999'],
	['{"a": 12345678901234567e1}', '12345678901234567e1'],
	['{"a": 9007199254740991, "b": 1.5e300, "c": 1E+30, "d": 100000000000000000000}', undefined],
	['{"a": 12345678901234567000, "b": 0.1234567890123456789}', undefined],
	['{"a": "1099511627776123457", "b\\"1099511627776123457": 1}', undefined],
	['{"a": "b\\\\", "c": 1, "d": "1099511627776123457"}', undefined],
	// The same number, written in another way than JavaScript does.
	['[1.0e30, 1.00E30, 10e29, 1000e27, -1.0e30, 1e-3]', undefined],
	['[0.1e30, 0.01e30, 0.001e30, -0.1e30, -0.01e+30]', undefined],
	['[1020304050607000000000, 10.20304050607e20, 100000000000000000000.00]', undefined],
	// A fraction is rounded, as everywhere in JavaScript.
	['[9007199254740991.4, -9007199254740991.4]', undefined],
])('finds the number of %s that JavaScript would change', (words, number) => {
	expect(changedNumber(words)).toBe(number);
});

it('says how to send a number that JavaScript would change', () => {
	expect(numberProblem('[9007199254740993]')).toEqual({
		problem: 'has the number 9007199254740993, which is too long to be sent exactly',
		advice: 'Put it in quotes: "9007199254740993".',
	});
	expect(numberProblem('[9007199254740992]')).toBeUndefined();
});

it.each<[unknown, unknown]>([
	[undefined, undefined],
	[() => 7, undefined],
	[null, null],
	['a', 'a'],
	[{ a: [1, { b: null }] }, { a: [1, { b: null }] }],
	[[new Date(0)], ['1970-01-01T00:00:00.000Z']],
	[{ toJSON: () => undefined }, undefined],
	[
		{ Constructor: 1, proto: 2 },
		{ Constructor: 1, proto: 2 },
	],
])('converts %p to JSON', (value, json) => {
	expect(asJson(value)).toEqual({ json });
});

it.each([NaN, [Infinity], { a: { b: -Infinity } }])(
	'refuses %p, which JSON cannot hold',
	(value) => {
		expect(asJson(value)).toEqual({
			problem: 'has a number that JSON cannot hold, such as NaN',
			advice: 'Correct the calculation.',
		});
	},
);

it.each([10n, [10n], CIRCULAR])('refuses %p, which cannot become JSON', (value) => {
	expect(asJson(value)).toEqual({
		problem: 'cannot be written as JSON',
		advice: 'Select the fields to send.',
	});
});

it.each<[unknown, string]>([
	[{ a: undefined }, '"a"'],
	[[{ b: { c: undefined, d: undefined } }], '"c"'],
	[[undefined], '"0"'],
])('refuses %p, which has a field without a value', (value, name) => {
	expect(asJson(value)).toEqual({
		problem: `has nothing under ${name}`,
		advice: 'Check what the expression finds there, or leave the field out.',
	});
});

it.each(['[object Object]', { a: ['[object Object]'] }, { a: 1, b: { '[object Object]': 1 } }])(
	'refuses %j, which has an object that became text',
	(value) => {
		expect(asJson(value)).toEqual({
			problem: 'has an object that became text: "[object Object]"',
			advice: PICK_A_FIELD,
		});
	},
);

it.each(['__proto__', 'constructor', 'prototype'])('refuses the name %s at any depth', (name) => {
	const refusal = {
		problem: `has the name ${name}, which n8n does not send`,
		advice: 'Choose another name.',
	};
	expect(nameProblem(name)).toEqual(refusal);
	expect(asJson(Object.fromEntries([[name, 1]]))).toEqual(refusal);
	expect(asJson({ a: 1, b: [{ c: Object.fromEntries([[name, 1]]) }] })).toEqual(refusal);
});

it('accepts other names', () => {
	expect(nameProblem('proto')).toBeUndefined();
});

it('accepts up to 100 nested levels', () => {
	const nested = (levels: number) =>
		JSON.parse('{"a":'.repeat(levels) + '1' + '}'.repeat(levels)) as unknown;
	expect(asJson(nested(100))).toEqual({ json: nested(100) });
	expect(asJson(nested(101))).toEqual({
		problem: 'has more than 100 nested levels',
		advice: 'Select the fields to send.',
	});
});
