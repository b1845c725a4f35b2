import { parseJson } from '../../../../nodes/shared/values/json';

describe('parseJson', () => {
	it.each([
		['a safe integer', '9007199254740991', 9007199254740991],
		['the first unsafe one', '9007199254740992', '9007199254740992'],
		['a long id', '1099511627776123457', '1099511627776123457'],
		['a negative one', '-1099511627776123457', '-1099511627776123457'],
		['a large number with a fraction', '12345678901234567.5', '12345678901234567.5'],
		['a fraction of many digits', '0.12345678901234567', 0.12345678901234567],
		['a number with an exponent', '1e22', 1e22],
		['a number of many digits with an exponent', '1.2345678901234567e+3', 1234.5678901234567],
		['an infinite one', '1e999', '1e999'],
		['a number of hundreds of digits', '1'.repeat(400), '1'.repeat(400)],
	])('reads %s', (_what, written, value) => {
		expect(parseJson(written)).toEqual(value);
		expect(parseJson(`{"a":[${written}],"b":1}`)).toEqual({ a: [value], b: 1 });
	});

	it.each(['X', '{"a":X}', '{"a": X}', '{"a":\tX}', '[X]', '[1,X]', '[\nX]'])(
		'keeps a large number in %j',
		(json) => {
			for (const large of [
				'1099511627776123457',
				'-1099511627776123457',
				'1e999',
				'1e+999',
				'-12.5E999',
			]) {
				const quoted = JSON.parse(json.replace('X', `"${large}"`)) as unknown;
				expect(parseJson(json.replace('X', large))).toEqual(quoted);
			}
		},
	);

	it('changes nothing in texts', () => {
		const value = {
			'1099511627776123457': '1099511627776123457',
			quoted: 'say "1099511627776123457", \\',
			'"': ':1099511627776123457',
			'\\': '\\"1099511627776123457',
		};
		expect(parseJson(JSON.stringify(value))).toEqual(value);
	});

	it('reads many of them, and the escaped characters of a long text', () => {
		const text = JSON.stringify({ a: '\n"'.repeat(2_000_000) });
		const long = `[${'1099511627776123457,'.repeat(50_000)}${text}]`;
		const read = parseJson(long) as unknown[];
		expect(read).toHaveLength(50_001);
		expect(new Set(read.slice(0, -1))).toEqual(new Set(['1099511627776123457']));
		expect(read.at(-1)).toEqual(JSON.parse(text));
	});

	it.each(['', '{', '1-1099511627776123457', '01099511627776123457', '{"a":1099511627776123457'])(
		'refuses invalid JSON: %j',
		(text) => {
			expect(() => parseJson(text)).toThrow(SyntaxError);
		},
	);
});
