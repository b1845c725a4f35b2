import { invalid, NOTHING, valid } from '../../../../nodes/shared/validation/result';
import {
	jsonObject,
	keyValuePairs,
	requiredPairs,
} from '../../../../nodes/shared/validation/objects';
import { PICK_A_FIELD, readNothing } from './values';

const NO_NAME = invalid('has an entry without a name', 'Give the entry a name, or remove it.');

describe('jsonObject', () => {
	it.each<[unknown, object]>([
		['{"a": 1}', { a: 1 }],
		['\u200b {"a": {"b": []}} ', { a: { b: [] } }],
		[{ a: 'b' }, { a: 'b' }],
		['{"id": "1099511627776123457"}', { id: '1099511627776123457' }],
		[{ id: 2 ** 60 }, { id: 2 ** 60 }],
	])('reads %j', (value, object) => {
		expect(jsonObject(value, readNothing)).toEqual(valid(object));
	});

	it.each([undefined, null, '', ' \u200b', 'null', {}, '{}', ' { } '])(
		'sends nothing for %j',
		(value) => {
			expect(jsonObject(value, readNothing)).toEqual(NOTHING);
		},
	);

	it.each<[unknown, string]>([
		['[1]', '"[1]"'],
		['"a"', '""a""'],
		['7', '"7"'],
		['1099511627776123457', '"1099511627776123457"'],
		['{a: 1}', '"{a: 1}"'],
		[[{ a: 1 }], '[{"a":1}]'],
		[7, '7'],
		[true, 'true'],
		[() => 7, 'function'],
	])('refuses %p, which is not an object', (value, shown) => {
		expect(jsonObject(value, readNothing)).toEqual(
			invalid(
				`must be a JSON object, but is ${shown}`,
				'Write it like {"name": "value", "count": 2}, with names and texts in double quotes.',
			),
		);
	});

	it('refuses a number that would be sent as another one', () => {
		expect(jsonObject('{"id": 1099511627776123457}', readNothing)).toEqual(
			invalid(
				'has the number 1099511627776123457, which is too long to be sent exactly',
				'Put it in quotes: "1099511627776123457".',
			),
		);
	});

	it('refuses an object that became text', () => {
		expect(jsonObject(' [object Object]', readNothing)).toEqual(
			invalid('has an object that became text: " [object Object]"', PICK_A_FIELD),
		);
	});
});

describe('keyValuePairs', () => {
	it.each<[unknown, object]>([
		[{ entry: [{ name: 'a', value: 'b' }] }, { a: 'b' }],
		[{ entry: [{ name: ' a\u200b', value: ' b ' }] }, { a: ' b ' }],
		[{ entry: [{ name: 7, value: 8 }] }, { 7: 8 }],
		[{ entry: [{ name: 'a', value: { b: [1] } }] }, { a: { b: [1] } }],
		[{ entry: [{ name: 'a', value: '' }] }, { a: '' }],
		[{ entry: [{ name: 'a', value: null }, { name: 'b' }] }, { a: '', b: '' }],
		[{ entry: [{ name: 'a', value: 0 }] }, { a: 0 }],
		[{ entry: [{ name: 'toString', value: 'a' }] }, { toString: 'a' }],
		[{ entry: [{ name: '', value: ' ' }, { name: 'a', value: 'b' }, {}] }, { a: 'b' }],
	])('reads %j', (value, object) => {
		expect(keyValuePairs(value, readNothing)).toEqual(valid(object));
	});

	it.each([undefined, null, '', {}, { entry: [] }, { entry: [{}] }, { entry: [{ name: ' ' }] }])(
		'sends nothing for %j',
		(value) => {
			expect(keyValuePairs(value, readNothing)).toEqual(NOTHING);
		},
	);

	it.each<[unknown, string]>([
		['a', '"a"'],
		[7, '7'],
		[[{ name: 'a' }], '[{"name":"a"}]'],
		[{ a: 'b' }, '{"a":"b"}'],
		[{ entry: null }, '{"entry":null}'],
		[{ entry: { name: 'a' } }, '{"entry":{"name":"a"}}'],
		[{ entry: 'a' }, '{"entry":"a"}'],
		[{ entry: [{ name: 'a' }, 'b'] }, '{"entry":[{"name":"a"},"b"]}'],
		[{ entry: [['a', 'b']] }, '{"entry":[["a","b"]]}'],
	])('refuses %j, which is not entries', (value, shown) => {
		expect(keyValuePairs(value, readNothing)).toEqual(
			invalid(
				`must be entries, but is ${shown}`,
				'For an object from an expression, use Metadata (JSON).',
			),
		);
	});

	it.each([{ value: 'b' }, { name: ' ', value: 0 }, { name: { a: 1 }, value: 'b' }])(
		'refuses the entry %j among others, which has no name',
		(entry) => {
			expect(keyValuePairs({ entry: [{ name: 'a', value: 'b' }, entry] }, readNothing)).toEqual(
				NO_NAME,
			);
		},
	);

	it('refuses two entries of the same name', () => {
		const entry = [
			{ name: 'a', value: 1 },
			{ name: 'b', value: 2 },
			{ name: 'a ', value: 3 },
		];
		expect(keyValuePairs({ entry }, readNothing)).toEqual(
			invalid('has two entries named "a"', 'Give each entry a different name.'),
		);
	});

	it('refuses a name that n8n does not send', () => {
		expect(keyValuePairs({ entry: [{ name: '__proto__', value: 'a' }] }, readNothing)).toEqual(
			invalid('has the name __proto__, which n8n does not send', 'Choose another name.'),
		);
	});

	it('refuses a value that JSON cannot hold', () => {
		expect(keyValuePairs({ entry: [{ name: 'a', value: NaN }] }, readNothing)).toEqual(
			invalid('has a number that JSON cannot hold, such as NaN', 'Correct the calculation.'),
		);
	});
});

describe('requiredPairs', () => {
	it.each<[unknown, unknown[]]>([
		[{ entry: [{ name: 'a', value: 'b' }] }, [{ name: 'a', value: 'b' }]],
		[{ entry: [{ name: ' a ', value: ' b\u200b' }] }, [{ name: 'a', value: 'b' }]],
		[
			{
				entry: [
					{ name: 'a', value: 7 },
					{ name: 'a', value: false },
				],
			},
			[
				{ name: 'a', value: '7' },
				{ name: 'a', value: 'false' },
			],
		],
		[
			{ entry: [{ name: 'a' }, { name: 'b', value: null }, { name: 'c', value: ' ' }] },
			[
				{ name: 'a', value: '' },
				{ name: 'b', value: '' },
				{ name: 'c', value: '' },
			],
		],
		[{ entry: [] }, []],
		[{}, []],
		[undefined, []],
		['', []],
	])('reads %j', (value, pairs) => {
		expect(requiredPairs(value, readNothing)).toEqual(valid(pairs));
	});

	it.each([{}, { name: '', value: '' }, { value: 'b' }])(
		'refuses the entry %j, without which everything would match',
		(entry) => {
			expect(requiredPairs({ entry: [entry] }, readNothing)).toEqual(NO_NAME);
		},
	);

	it.each<[unknown, string]>([
		['a', '"a"'],
		[{ a: 'b' }, '{"a":"b"}'],
	])('refuses %j, which is not entries', (value, shown) => {
		expect(requiredPairs(value, readNothing)).toEqual(
			invalid(`must be entries, but is ${shown}`, 'Add an entry for each pair.'),
		);
	});

	it.each<[unknown, string]>([
		[{ b: 1 }, '{"b":1}'],
		[['b'], '["b"]'],
		[NaN, 'NaN'],
		['[object Object]', '"[object Object]"'],
	])('refuses the value %j, which is not text', (given, shown) => {
		expect(requiredPairs({ entry: [{ name: 'a', value: given }] }, readNothing)).toEqual(
			invalid(
				`must have text as the value of "a", but has ${shown}`,
				'Pick a single field in the expression.',
			),
		);
	});
});
