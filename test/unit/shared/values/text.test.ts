import { trimText, unquoted } from '../../../../nodes/shared/values/text';

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
