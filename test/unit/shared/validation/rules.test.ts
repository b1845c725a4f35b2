import { invalid, NOTHING, valid } from '../../../../nodes/shared/validation/result';
import { oneOf, requiredText } from '../../../../nodes/shared/validation/rules';

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
