import {
	isObjectAsText,
	objectAsTextProblem,
} from '../../../../nodes/shared/validation/objectAsText';

it.each([
	'[object Object]',
	'id: [object Object].',
	'[object Array]',
	'[object X]',
	'[object A_1]',
])('sees the object that became %j', (words) => {
	expect(isObjectAsText(words)).toBe(true);
});

it.each(['', 'object Object', '[object]', '[object ]', '[object of desire]', '[object Two words]'])(
	'takes %j for text',
	(words) => {
		expect(isObjectAsText(words)).toBe(false);
	},
);

it('says what to do about an object that became text', () => {
	expect(objectAsTextProblem('a [object Object]')).toEqual({
		problem: 'has an object that became text: "a [object Object]"',
		advice:
			'Remove every space and character outside of {{ }}, or pick a single field in the expression.',
	});
	expect(objectAsTextProblem('a')).toBeUndefined();
});
