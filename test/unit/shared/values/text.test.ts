import {
	hasWords,
	plainText,
	searchWords,
	trimText,
	unquoted,
} from '../../../../nodes/shared/values/text';

it.each(['\u200b', '\u200e', '\u2060', '\ufeff', '\u00a0', '\u00ad', '\u3000', ' \r\n\t'])(
	'trims %j',
	(invisible) => {
		expect(trimText(`${invisible}a${invisible}b${invisible}`)).toBe(`a${invisible}b`);
		expect(trimText(invisible)).toBe('');
	},
);

it('needs no more time for a long run of spaces in the middle', () => {
	const words = `a${' '.repeat(1_000_000)}b`;
	expect(trimText(` ${words} `)).toBe(words);
});

it.each(['"a"', "'a'", '`a`', '“a”', '‘a’', '«a»', '<a>', ' "\'a\'" ', '\u200b"a"\u200b', 'a'])(
	'takes quotes off %s',
	(words) => {
		expect(unquoted(words)).toBe('a');
	},
);

it.each(['"', '"a', "a'", '“a"', '<a'])('keeps %s', (words) => {
	expect(unquoted(words)).toBe(words);
});

it.each<[unknown, string | undefined]>([
	['a ', 'a '],
	[7, '7'],
	[false, 'false'],
	[new Date(0), '1970-01-01T00:00:00.000Z'],
	[{ toJSON: () => '2026-11-29' }, '2026-11-29'],
	[new URL('https://example.com'), 'https://example.com/'],
	[new Date(NaN), undefined],
	[NaN, undefined],
	[{ a: 1 }, undefined],
	[['a'], undefined],
	[Buffer.from('a'), undefined],
	[null, undefined],
])('has the text of %p', (value, words) => {
	expect(plainText(value)).toBe(words);
});

it.each([
	['shoe BLUE', true],
	['  blue  ', true],
	['', true],
	['blue boot', false],
])('finds %j in a text: %s', (search, isFound) => {
	expect(hasWords('A Blue Shoe', searchWords(search))).toBe(isFound);
});
