import { invalid, NOTHING, valid } from '../../../../nodes/shared/validation/result';
import {
	duration,
	flag,
	listOf,
	oneOf,
	requiredText,
	wholeNumber,
} from '../../../../nodes/shared/validation/rules';

const read = () => undefined;

describe('requiredText', () => {
	it('accepts text of any length where no maximum is given', () => {
		expect(requiredText('Say something.')('x'.repeat(9999), read)).toEqual(valid('x'.repeat(9999)));
	});

	it('refuses nothing at all, with the advice', () => {
		expect(requiredText('Say something.', { max: 3 })(' ', read)).toEqual(
			invalid('is empty', 'Say something.'),
		);
	});

	it.each([
		['abc', valid('abc')],
		['😀😀😀', valid('😀😀😀')],
		['abcd', invalid('has 4 characters, 3 are allowed', 'Shorten it.')],
	])('counts the characters of %j where a maximum is given', (words, result) => {
		expect(requiredText('Say something.', { max: 3 })(words, read)).toEqual(result);
	});
});

describe('duration', () => {
	it.each([undefined, '', ' ', 0, '0', ' 0\u200b', -0])('takes the default for %j', (value) => {
		expect(duration(value, read)).toEqual(NOTHING);
	});

	it.each([
		[0.5, 0.5],
		['30', 30],
		[525_600, 525_600],
	])('reads %j', (value, number) => {
		expect(duration(value, read)).toEqual(valid(number));
	});

	it.each([
		[-1, '-1'],
		[525_601, '525601'],
		[false, 'false'],
		['none', '"none"'],
	])('refuses %j', (value, shown) => {
		expect(duration(value, read)).toEqual(
			invalid(
				`must be a number from 0 to 525600, but is ${shown}`,
				'Correct it, or enter 0 for the default.',
			),
		);
	});
});

describe('oneOf', () => {
	it.each([
		[['720p'], 'must be 720p, but is "4k"'],
		[['720p', '1080p'], 'must be 720p or 1080p, but is "4k"'],
		[['16:9', '9:16', '1:1'], 'must be 16:9, 9:16 or 1:1, but is "4k"'],
	])('names what is allowed of %j', (allowed, problem) => {
		expect(oneOf(...allowed)('4k', read)).toEqual(invalid(problem, 'Choose one from the list.'));
	});

	it('accepts each of its words, and nothing', () => {
		expect(oneOf('720p', '1080p')('1080p', read)).toEqual(valid('1080p'));
		expect(oneOf('720p', '1080p')('', read)).toEqual(NOTHING);
	});
});

describe('oneOf, by displayed names', () => {
	const rule = oneOf(
		{ value: 'polling', name: 'When Finished, Polling' },
		{ value: '', name: 'None' },
	);

	it.each(['polling', ' POLLING\u200b', 'when finished,  polling'])('reads %j', (words) => {
		expect(rule(words, read)).toEqual(valid('polling'));
	});

	it('reads a choice that sends nothing', () => {
		expect(rule('none', read)).toEqual(NOTHING);
	});

	it.each([['polling'], 7, true, 'poll'])('refuses %j', (value) => {
		expect(rule(value, read)).toMatchObject({ advice: 'Choose one from the list.' });
	});
});

describe('listOf', () => {
	const rule = listOf(oneOf('a', 'b'));

	it.each([['a,b'], ['a; b'], ['a|b'], [' a\nb '], ['["a", "b"]'], [['a', '', 'B']]])(
		'reads %j',
		(list) => {
			expect(rule(list, read)).toEqual(valid(['a', 'b']));
		},
	);

	it.each([7, '["a", 7]', '[a', { a: 'a' }, ['c'], [''], ','])('refuses %j', (list) => {
		expect(rule(list, read)).toHaveProperty('problem');
	});

	it('takes a list without entries', () => {
		expect(rule([], read)).toEqual(valid([]));
		expect(rule(' ', read)).toEqual(NOTHING);
	});
});

it('reads numbers and truth values with invisible characters around them', () => {
	expect(wholeNumber(1, 9)('\u200b7\u00a0', read)).toEqual(valid(7));
	expect(flag('\ufeffTrue ', read)).toEqual(valid(true));
});
