import { invalid, NOTHING, valid, type Rule } from '../../../../nodes/shared/validation/result';
import {
	asNumber,
	callbackUrl,
	duration,
	fieldName,
	findChoice,
	flag,
	isHttpUrl,
	listOf,
	oneOf,
	proxyUrl,
	requiredText,
	text,
	trimmedText,
	wholeNumber,
} from '../../../../nodes/shared/validation/rules';
import { PICK_A_FIELD, readNothing } from './values';

const NOT_TEXT = 'Pick a single field in the expression.';
const OBJECT_AS_TEXT = invalid('has an object that became text: "a [object Object]"', PICK_A_FIELD);

it.each<[string, Rule]>([
	['text', text()],
	['trimmedText', trimmedText],
	['fieldName', fieldName],
	['wholeNumber', wholeNumber(1, 9)],
	['duration', duration],
	['flag', flag],
	['proxyUrl', proxyUrl],
	['callbackUrl', callbackUrl],
	['oneOf', oneOf('a', 'b')],
	['listOf', listOf(text())],
])('%s sends nothing for an empty value', (_name, rule) => {
	for (const empty of [undefined, null, '', ' \u200b']) {
		expect(rule(empty, readNothing)).toEqual(NOTHING);
	}
});

describe('isHttpUrl', () => {
	it.each([
		'https://example.com',
		'http://a',
		'HTTPS://EXAMPLE.COM/a?b=c#d',
		'http://[::1]:3128',
		'http://user:pass@example.com',
	])('takes %s for a web address', (words) => {
		expect(isHttpUrl(words)).toBe(true);
	});

	it.each([
		'',
		'example.com',
		'ftp://example.com',
		'https:example.com',
		'https:/example.com',
		'http://',
		'https:///example.com',
		'xhttps://example.com',
		'https://example.com/a b',
		'https://example.com/a\n',
		'https:// example.com',
		'https://[example.com',
		'https://example.com:port',
	])('does not take %j for a web address', (words) => {
		expect(isHttpUrl(words)).toBe(false);
	});
});

describe('text', () => {
	it.each<[unknown, string]>([
		[' a ', ' a '],
		[7, '7'],
		[false, 'false'],
		[new Date(0), '1970-01-01T00:00:00.000Z'],
	])('keeps %j', (value, words) => {
		expect(text()(value, readNothing)).toEqual(valid(words));
	});

	it.each<[unknown, string]>([
		[{ a: 1 }, '{"a":1}'],
		[['a'], '["a"]'],
		[NaN, 'NaN'],
	])('refuses %p', (value, shown) => {
		expect(text()(value, readNothing)).toEqual(invalid(`must be text, but is ${shown}`, NOT_TEXT));
	});

	it('refuses an object that became text', () => {
		expect(text()('a [object Object]', readNothing)).toEqual(OBJECT_AS_TEXT);
	});
});

describe('requiredText', () => {
	it('accepts text of any length where no maximum is given', () => {
		expect(requiredText('Say something.')('x'.repeat(9999), readNothing)).toEqual(
			valid('x'.repeat(9999)),
		);
	});

	it('refuses nothing at all, with the advice', () => {
		expect(requiredText('Say something.', { max: 3 })(' ', readNothing)).toEqual(
			invalid('is empty', 'Say something.'),
		);
	});

	it.each([
		['abc', valid('abc')],
		['😀😀😀', valid('😀😀😀')],
		['abcd', invalid('has 4 characters, 3 are allowed', 'Shorten it.')],
	])('counts the characters of %j where a maximum is given', (words, result) => {
		expect(requiredText('Say something.', { max: 3 })(words, readNothing)).toEqual(result);
	});
});

describe('trimmedText', () => {
	it('leaves out blanks around the text', () => {
		expect(trimmedText(' a b\u200b', readNothing)).toEqual(valid('a b'));
	});

	it('refuses what is not text', () => {
		expect(trimmedText([7], readNothing)).toEqual(invalid('must be text, but is [7]', NOT_TEXT));
	});
});

describe('fieldName', () => {
	it('leaves out blanks around the name', () => {
		expect(fieldName(' data ', readNothing)).toEqual(valid('data'));
	});

	it('refuses a name that n8n drops', () => {
		expect(fieldName(' __proto__', readNothing)).toEqual(
			invalid('is __proto__, which n8n does not keep', 'Choose another name.'),
		);
	});

	it('refuses what is not text', () => {
		expect(fieldName({ a: 1 }, readNothing)).toEqual(
			invalid('must be text, but is {"a":1}', NOT_TEXT),
		);
	});
});

describe('asNumber', () => {
	it.each<[unknown, number]>([
		[7, 7],
		[-0.5, -0.5],
		[Infinity, Infinity],
		['7', 7],
		['42', 42],
		[' +42\u200b', 42],
		['-42', -42],
		['7.', 7],
		['12.34', 12.34],
		['.5', 0.5],
		['-.25', -0.25],
		['1e3', 1000],
		['15E+10', 15e10],
		['1.5e-10', 1.5e-10],
		['.5e1', 5],
	])('reads %j', (value, number) => {
		expect(asNumber(value)).toBe(number);
	});

	it.each([
		'',
		'.',
		'-',
		'e3',
		'1e',
		'1e+',
		'1e1.5',
		'1.2.3',
		'1,5',
		'1 000',
		'--1',
		'0x10',
		'x7',
		'7x',
		'Infinity',
		'NaN',
		true,
		null,
		undefined,
		[7],
	])('takes %j for no number', (value) => {
		expect(asNumber(value)).toBeNaN();
	});
});

describe('wholeNumber', () => {
	it.each<[unknown, number]>([
		[-2, -2],
		['9', 9],
		['\u200b7\u00a0', 7],
		['1e0', 1],
	])('reads %j', (value, number) => {
		expect(wholeNumber(-2, 9)(value, readNothing)).toEqual(valid(number));
	});

	it.each<[unknown, string]>([
		[-3, '-3'],
		[10, '10'],
		[1.5, '1.5'],
		['seven', '"seven"'],
		[true, 'true'],
		[NaN, 'NaN'],
	])('refuses %p', (value, shown) => {
		expect(wholeNumber(-2, 9)(value, readNothing)).toEqual(
			invalid(
				`must be a whole number from -2 to 9, but is ${shown}`,
				'Correct the number, or the expression that gives it.',
			),
		);
	});

	it('names a part of the parameter', () => {
		expect(wholeNumber(1, 9, 'Width')(0, readNothing)).toHaveProperty('parameter', 'Width');
	});
});

describe('duration', () => {
	it.each([undefined, '', ' ', 0, '0', ' 0\u200b', -0])('takes the default for %j', (value) => {
		expect(duration(value, readNothing)).toEqual(NOTHING);
	});

	it.each([
		[0.5, 0.5],
		['30', 30],
		[525_600, 525_600],
	])('reads %j', (value, number) => {
		expect(duration(value, readNothing)).toEqual(valid(number));
	});

	it.each([
		[-1, '-1'],
		[525_601, '525601'],
		[false, 'false'],
		['none', '"none"'],
	])('refuses %j', (value, shown) => {
		expect(duration(value, readNothing)).toEqual(
			invalid(
				`must be a number from 0 to 525600, but is ${shown}`,
				'Correct it, or enter 0 for the default.',
			),
		);
	});
});

describe('flag', () => {
	it.each<[unknown, boolean]>([
		[true, true],
		[false, false],
		['\ufeffTrue ', true],
		['FALSE', false],
	])('reads %j', (value, found) => {
		expect(flag(value, readNothing)).toEqual(valid(found));
	});

	it.each<[unknown, string]>([
		['yes', '"yes"'],
		[1, '1'],
		[0, '0'],
		[['true'], '["true"]'],
	])('refuses %j', (value, shown) => {
		expect(flag(value, readNothing)).toEqual(
			invalid(
				`must be true or false, but is ${shown}`,
				'Switch it on or off, or correct the expression.',
			),
		);
	});
});

describe('proxyUrl', () => {
	it('leaves out blanks around the address', () => {
		expect(proxyUrl(' http://proxy.example.com:3128\u200b', readNothing)).toEqual(
			valid('http://proxy.example.com:3128'),
		);
	});

	// It may hold a password, so that the message does not show it.
	it.each(['proxy.example.com:3128', 'socks5://user:pass@proxy', 7, { host: 'proxy' }])(
		'refuses %j without showing it',
		(value) => {
			expect(proxyUrl(value, readNothing)).toEqual(
				invalid(
					'must be a web address',
					'It looks like http://proxy.example.com:3128, with the port at its end.',
				),
			);
		},
	);
});

describe('callbackUrl', () => {
	const longest = `https://example.com/${'x'.repeat(2048 - 20)}`;

	it.each([
		['https://example.com/hook', 'https://example.com/hook'],
		[' "https://example.com/hook" ', 'https://example.com/hook'],
		[longest, longest],
	])('accepts %s', (value, url) => {
		expect(callbackUrl(value, readNothing)).toEqual(valid(url));
	});

	it('refuses an address that is too long for Runflow', () => {
		expect(callbackUrl(`${longest}x`, readNothing)).toEqual(
			invalid('has 2049 characters, 2048 are allowed', 'Use a shorter address.'),
		);
	});

	it.each<[unknown, string]>([
		['example.com/hook', '"example.com/hook"'],
		[{ url: 'https://example.com' }, '{"url":"https://example.com"}'],
		[7, '7'],
	])('refuses %j', (value, shown) => {
		expect(callbackUrl(value, readNothing)).toEqual(
			invalid(
				`must be a web address, but is ${shown}`,
				'It starts with https://. Copy the Production URL of a Runflow Trigger or Webhook node.',
			),
		);
	});
});

describe('oneOf', () => {
	it.each([
		[['720p'], 'must be 720p, but is "4k"'],
		[['720p', '1080p'], 'must be 720p or 1080p, but is "4k"'],
		[['720p', '', '1080p', '720p'], 'must be 720p or 1080p, but is "4k"'],
		[['16:9', '9:16', '1:1'], 'must be 16:9, 9:16 or 1:1, but is "4k"'],
	])('names what is allowed of %j', (allowed, problem) => {
		expect(oneOf(...allowed)('4k', readNothing)).toEqual(
			invalid(problem, 'Choose one from the list.'),
		);
	});

	it('accepts each of its words, and nothing', () => {
		expect(oneOf('720p', '1080p')('1080p', readNothing)).toEqual(valid('1080p'));
		expect(oneOf('720p', '1080p')('', readNothing)).toEqual(NOTHING);
	});
});

describe('oneOf, by displayed names', () => {
	const rule = oneOf(
		{ value: 'polling', name: 'When Finished, Polling' },
		{ value: '', name: 'None' },
	);

	it.each(['polling', ' POLLING\u200b', 'when finished,  polling', 'When\n Finished,\t\tPolling'])(
		'reads %j',
		(words) => {
			expect(rule(words, readNothing)).toEqual(valid('polling'));
		},
	);

	it('reads a choice that sends nothing', () => {
		expect(rule('none', readNothing)).toEqual(NOTHING);
	});

	it.each<[unknown, string]>([
		[['polling'], '["polling"]'],
		[7, '7'],
		[true, 'true'],
		['poll', '"poll"'],
		['Whenfinished, polling', '"Whenfinished, polling"'],
		// Its capital letter is an I.
		['poll\u0131ng', '"poll\u0131ng"'],
	])('refuses %j', (value, shown) => {
		expect(rule(value, readNothing)).toEqual(
			invalid(`must be polling, but is ${shown}`, 'Choose one from the list.'),
		);
	});
});

it('finds a choice by its value or its name', () => {
	const choices = [
		{ value: 'a', name: 'First' },
		{ value: 'b', name: 'Second' },
	];
	expect(['B', ' second ', 'c', '', undefined, 7].map((one) => findChoice(choices, one))).toEqual([
		'b',
		'b',
		undefined,
		undefined,
		undefined,
		undefined,
	]);
});

describe('listOf', () => {
	const rule = listOf(oneOf('a', 'b'));

	it.each([
		['a,b'],
		['a; b'],
		['a|b'],
		[' a\nb '],
		['["a", "b"]'],
		[' ["a","b"] '],
		[['a', '', 'B']],
	])('reads %j', (list) => {
		expect(rule(list, readNothing)).toEqual(valid(['a', 'b']));
	});

	it.each<[unknown, string]>([
		[7, '7'],
		['["a", 7]', '7'],
		['[a', '"[a"'],
		['[a,b', '"[a,b"'],
		['a,b]', '"b]"'],
		[{ a: 'a' }, '{"a":"a"}'],
		[['a', 'c'], '"c"'],
		['a b', '"a b"'],
	])('refuses %j', (list, shown) => {
		expect(rule(list, readNothing)).toEqual(
			invalid(`must be a or b, but is ${shown}`, 'Choose one from the list.'),
		);
	});

	it.each([[['']], [','], [[null, ' ']], ['["", null]']])('refuses %j, which is empty', (list) => {
		expect(rule(list, readNothing)).toEqual(
			invalid('has only empty entries', 'Choose from the list, or remove them.'),
		);
	});

	it('takes a list without entries', () => {
		expect(rule([], readNothing)).toEqual(valid([]));
		expect(rule('[]', readNothing)).toEqual(valid([]));
		expect(rule(' ', readNothing)).toEqual(NOTHING);
	});

	it('lets the rule of its entries read other parameters', () => {
		const other: Rule = (_, readOther) => valid(readOther('other'));
		expect(listOf(other)(['a'], (name) => `value of ${name}`)).toEqual(valid(['value of other']));
	});
});
