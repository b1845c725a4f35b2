import { asJson, changedNumber } from '../../../../nodes/shared/validation/plainJson';

it.each([
	['{"id": 1099511627776123457}', '1099511627776123457'],
	['{"a": [-9007199254740993]}', '-9007199254740993'],
	['{"a": 12345678901234567.5}', '12345678901234567.5'],
	['{"a": 1e999}', '1e999'],
	['{"a": 9007199254740991, "b": 1.5e300, "c": 1E+30, "d": 100000000000000000000}', undefined],
	['{"a": 12345678901234567000, "b": 0.1234567890123456789}', undefined],
	['{"a": "1099511627776123457", "b\\"1099511627776123457": 1}', undefined],
])('finds the number of %s that JavaScript would change', (words, number) => {
	expect(changedNumber(words)).toBe(number);
});

it.each([NaN, [Infinity], { a: { b: -Infinity } }])('refuses %p, which JSON has not', (value) => {
	expect(asJson(value)).toMatchObject({
		problem: 'has a number that JSON cannot hold, such as NaN',
	});
});
