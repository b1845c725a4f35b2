import {
	invalid,
	isEmpty,
	NOTHING,
	valid,
	type Rule,
} from '../../../../nodes/shared/validation/result';
import {
	byPath,
	findUnreadable,
	readSettings,
	type SettingsTable,
} from '../../../../nodes/shared/validation/settings';

const X = '={{ $json.x }}';

/** A number, or a refusal of anything else. */
const number: Rule<number> = (value) => {
	if (isEmpty(value)) return NOTHING;
	return typeof value === 'number' ? valid(value) : invalid('must be a number', 'Correct it.');
};

const TABLE: SettingsTable<{ first: number; second: number }> = {
	first: { path: 'options.first', title: 'First', rule: number, otherwise: 1 },
	second: { path: 'second', title: 'Second', rule: number, otherwise: 2 },
};
const MUST_FIND: typeof TABLE = { ...TABLE, second: { ...TABLE.second, mustFind: true } };

/** Reads the values of an object by their paths. */
function from(values: Readonly<Record<string, unknown>>) {
	return (path: string) => values[path];
}

const FOUND_NOTHING = {
	parameter: 'The expression for Second',
	problem: 'found nothing',
	advice: 'Correct the expression, or choose fixed values.',
};
const NO_NUMBER = { problem: 'must be a number', advice: 'Correct it.' };

describe('readSettings', () => {
	it('takes what is filled in, and the defaults of the rest', () => {
		expect(readSettings(TABLE, from({ 'options.first': 7 }))).toEqual({
			values: { first: 7, second: 2 },
			problem: undefined,
		});
		expect(readSettings(TABLE, from({ 'options.first': 0, second: 0 }))).toEqual({
			values: { first: 0, second: 0 },
			problem: undefined,
		});
	});

	it('says what is wrong with the first setting that it cannot read, and takes its default', () => {
		expect(readSettings(TABLE, from({ 'options.first': 'a', second: 'b' }))).toEqual({
			values: { first: 1, second: 2 },
			problem: { parameter: 'First', ...NO_NUMBER },
		});
		expect(readSettings(TABLE, from({ 'options.first': 7, second: 'b' }))).toEqual({
			values: { first: 7, second: 2 },
			problem: { parameter: 'Second', ...NO_NUMBER },
		});
	});

	it('keeps the name that a rule gives in its refusal', () => {
		const rule: Rule<number> = () => invalid('is empty', 'Fill it in.', 'Third');
		const table = { first: { ...TABLE.first, rule } };
		expect(readSettings(table, from({})).problem).toEqual({
			parameter: 'Third',
			problem: 'is empty',
			advice: 'Fill it in.',
		});
	});

	it('lets a rule read other settings', () => {
		const rule: Rule<number> = (_, read) => valid(read('second') as number);
		const table = { first: { ...TABLE.first, rule } };
		expect(readSettings(table, from({ second: 8 })).values).toEqual({ first: 8 });
	});

	it.each([undefined, null, '', ' '])(
		'refuses an expression that gives %j where one must find something',
		(value) => {
			const raw = from({ second: X });
			expect(readSettings(MUST_FIND, from({ second: value }), raw)).toEqual({
				values: { first: 1, second: 2 },
				problem: FOUND_NOTHING,
			});
		},
	);

	it('names the entry whose expression found nothing', () => {
		const raw = from({ second: { pair: [{ value: 'a' }, { value: X }] } });
		const read = from({ second: { pair: [{ value: 'a' }, { value: '' }] } });
		expect(readSettings(MUST_FIND, read, raw).problem).toEqual({
			...FOUND_NOTHING,
			parameter: 'The expression for Second: pair 2',
		});
	});

	it.each([
		['the expression finds something', MUST_FIND, { second: 7 }, { second: X }, 7],
		['nothing is filled in', MUST_FIND, {}, {}, 2],
		['the setting may be left empty', TABLE, {}, { second: X }, 2],
	])('accepts a setting where %s', (_, table, values, raw, second) => {
		expect(readSettings(table, from(values), from(raw))).toEqual({
			values: { first: 1, second },
			problem: undefined,
		});
	});

	it('needs no stored settings where none must find something', () => {
		expect(readSettings(MUST_FIND, from({}))).toEqual({
			values: { first: 1, second: 2 },
			problem: undefined,
		});
	});
});

describe('findUnreadable', () => {
	it.each<[Record<string, unknown>, string | undefined]>([
		[{ 'options.first': 'a', second: 'b' }, 'First'],
		[{ 'options.first': X, second: 'b' }, 'Second'],
		[{ 'options.first': X, second: [X] }, undefined],
		[{ 'options.first': 7, second: 'b' }, 'Second'],
		[{ 'options.first': 7 }, undefined],
	])('finds what cannot be read in %j, apart from expressions', (raw, title) => {
		const problem = title === undefined ? undefined : { parameter: title, ...NO_NUMBER };
		expect(findUnreadable(TABLE, from(raw))).toEqual(problem);
	});
});

describe('byPath', () => {
	it.each<[string, unknown]>([
		['a', 'b'],
		['options', { statuses: ['x'], inner: { deep: 0 }, list: [{ deep: 1 }] }],
		['options.statuses', ['x']],
		['options.inner.deep', 0],
		['options.other', undefined],
		['options.other.deep', undefined],
		['options.list.0', undefined],
		['a.length', undefined],
		['none.deep', undefined],
		['from', X],
		['from.deep.deeper', X],
	])('reads %s', (path, value) => {
		const read = byPath(
			from({
				a: 'b',
				options: { statuses: ['x'], inner: { deep: 0 }, list: [{ deep: 1 }] },
				from: X,
				none: null,
			}),
		);
		expect(read(path)).toEqual(value);
	});

	it('reads each parameter once', () => {
		const names: string[] = [];
		const read = byPath((name) => {
			names.push(name);
			return name === 'options' ? { a: 1, b: 2 } : undefined;
		});
		const paths = ['options.a', 'options.b', 'none', 'none', 'options'];
		expect(paths.map((path) => read(path))).toEqual([1, 2, undefined, undefined, { a: 1, b: 2 }]);
		expect(names).toEqual(['options', 'none']);
	});
});
