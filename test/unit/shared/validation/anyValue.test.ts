import {
	anyJson,
	anyNumber,
	anyWholeNumber,
	json,
} from '../../../../nodes/shared/validation/anyValue';
import { invalid, valid } from '../../../../nodes/shared/validation/result';
import { readNothing } from './values';

it.each([
	['anyWholeNumber', anyWholeNumber],
	['anyNumber', anyNumber],
	['anyJson', anyJson],
	['json', json],
])('%s sends nothing for an empty value', (_name, rule) => {
	for (const empty of [undefined, null, '', ' \u200b']) {
		expect(rule(empty, readNothing)).toEqual({ accepted: undefined });
	}
});

describe('anyWholeNumber', () => {
	it.each<[unknown, number]>([
		[7, 7],
		[0, 0],
		['-7', -7],
		[' 42 ', 42],
		[Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
	])('reads %j', (value, number) => {
		expect(anyWholeNumber(value, readNothing)).toEqual(valid(number));
	});

	it.each<[unknown, string]>([
		[1.5, '1.5'],
		['7 px', '"7 px"'],
		[2 ** 53, '9007199254740992'],
		[true, 'true'],
		[[7], '[7]'],
		[NaN, 'NaN'],
	])('refuses %p', (value, shown) => {
		expect(anyWholeNumber(value, readNothing)).toEqual(
			invalid(
				`must be a whole number, but is ${shown}`,
				'Correct the number, or the expression that gives it.',
			),
		);
	});
});

describe('anyNumber', () => {
	it.each<[unknown, number]>([
		[1.5, 1.5],
		[0, 0],
		['0.25', 0.25],
		[' 1e300 ', 1e300],
	])('reads %j', (value, number) => {
		expect(anyNumber(value, readNothing)).toEqual(valid(number));
	});

	it.each<[unknown, string]>([
		['1,5', '"1,5"'],
		['1e999', '"1e999"'],
		[NaN, 'NaN'],
		[false, 'false'],
		[{ a: 1 }, '{"a":1}'],
	])('refuses %p', (value, shown) => {
		expect(anyNumber(value, readNothing)).toEqual(
			invalid(
				`must be a number, but is ${shown}`,
				'Correct the number, or the expression that gives it. Decimals have a point.',
			),
		);
	});
});

describe('anyJson', () => {
	it.each<[unknown, unknown]>([
		['{"a": 1}', '{"a": 1}'],
		[7, 7],
		[false, false],
		[[], []],
		[{ a: [null, 'b'] }, { a: [null, 'b'] }],
		[new Date(0), '1970-01-01T00:00:00.000Z'],
	])('sends %j', (value, sent) => {
		expect(anyJson(value, readNothing)).toEqual(valid(sent));
	});

	it('refuses what JSON cannot hold', () => {
		expect(anyJson(10n, readNothing)).toEqual(
			invalid('cannot be written as JSON', 'Select the fields to send.'),
		);
	});
});

describe('json', () => {
	it.each<[unknown, unknown]>([
		['{"width": 1024}', { width: 1024 }],
		['\u200b [1, 2] ', [1, 2]],
		['"a"', 'a'],
		['false', false],
		['null', undefined],
		[{ width: 1024 }, { width: 1024 }],
		[7, 7],
	])('reads %j', (value, sent) => {
		expect(json(value, readNothing)).toEqual({ accepted: sent });
	});

	it.each<[string, string]>([
		['{width: 1024}', '"{width: 1024}"'],
		["{'width': 1024}", `"{'width': 1024}"`],
		['cat', '"cat"'],
	])('refuses %s', (value, shown) => {
		expect(json(value, readNothing)).toEqual(
			invalid(
				`must be JSON, but is ${shown}`,
				'It looks like {"width": 1024}: names and text in double quotes.',
			),
		);
	});

	it('refuses a number that would be sent as another one', () => {
		expect(json('{"id": 1099511627776123457}', readNothing)).toEqual(
			invalid(
				'has the number 1099511627776123457, which is too long to be sent exactly',
				'Put it in quotes: "1099511627776123457".',
			),
		);
	});

	it.each(['{"constructor": 1}', { constructor: 1 }])('refuses a name of %j', (value) => {
		expect(json(value, readNothing)).toEqual(
			invalid('has the name constructor, which n8n does not send', 'Choose another name.'),
		);
	});
});
