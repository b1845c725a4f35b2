import { formOf } from '../../../../../nodes/Runflow/resources/model/inputForm';
import type { ModelInput } from '../../../../../nodes/shared/api/catalogue/models';

function input(changes: Partial<ModelInput>): ModelInput {
	return {
		name: 'field',
		title: 'Field',
		description: '',
		type: 'string',
		isRequired: false,
		isFeatured: true,
		defaultValue: undefined,
		choices: [],
		...changes,
	};
}

function field(changes: Partial<ModelInput>) {
	return formOf([input(changes)])[0];
}

describe('a text from outside', () => {
	it('is never an expression for n8n', () => {
		const form = formOf([
			input({ title: '={{ $env.SECRET }}', description: '=1', type: '=string' }),
			input({ choices: [{ value: 'a', title: '={{ 1 }}' }] }),
			input({ choices: [{ value: '={{ 1 }}', title: 'A' }] }),
			input({ defaultValue: '={{ 1 }}' }),
			input({ title: ' = = x', defaultValue: ' =1' }),
		]);
		expect(JSON.stringify(form)).not.toMatch(/"\s*=/);
		expect(form.map(({ type }) => type)).toEqual([
			'string',
			'options',
			'string',
			'string',
			'string',
		]);
	});

	it.each(['a"]', '', 'a b', '__proto__', 'constructor'])(
		'is never a name that n8n cannot store a value by: %j',
		(name) => {
			expect(formOf([input({ name })])).toEqual([]);
		},
	);

	it('is cut where it is long, at a word', () => {
		const { displayName = '' } = field({ description: 'word '.repeat(60) }) ?? {};
		expect(displayName).toMatch(/^Field: word (?:word )+word…$/);
		expect(displayName.length).toBeLessThanOrEqual(101);
		expect(field({ description: 'One. Two.' })?.displayName).toBe('Field: One');
	});
});

describe('what is filled in at first', () => {
	it.each<[string, unknown, unknown]>([
		['string', 'a', 'a'],
		['string', '', undefined],
		['string', { a: 1 }, undefined],
		['integer', 0, 0],
		['integer', '5', undefined],
		['boolean', false, false],
		['boolean', 'false', undefined],
		['json', { a: 1 }, '{"a":1}'],
		['json', [1], '[1]'],
		['json', 'text', undefined],
		['image', 'https://example.com/1.png', 'https://example.com/1.png'],
		['image_list', ['https://example.com/1.png'], undefined],
		['of the future', 7, 7],
	])('of the type %s with the default %j is %j', (type, defaultValue, expected) => {
		expect(field({ type, defaultValue })?.defaultValue).toBe(expected);
	});

	it('is one of the choices', () => {
		const choices = [{ value: 'a', title: 'A' }];
		expect(field({ choices, defaultValue: 'a' })?.defaultValue).toBe('a');
		expect(field({ choices, defaultValue: 'b' })?.defaultValue).toBeUndefined();
	});
});

describe('what is shown at first', () => {
	const removed = (...inputs: Partial<ModelInput>[]) =>
		formOf(inputs.map(input)).map((one) => one.removed);

	it('is what is required, and what Runflow shows first', () => {
		expect(
			removed({ isRequired: true, isFeatured: false }, { isFeatured: true }, { isFeatured: false }),
		).toEqual([false, false, true]);
	});

	it('is everything but switches where nothing else says so', () => {
		expect(removed({ isFeatured: false }, { isFeatured: false, type: 'boolean' })).toEqual([
			false,
			true,
		]);
	});

	it('is not a switch when its default is not known: n8n would send false', () => {
		expect(removed({ type: 'boolean' }, { type: 'boolean', defaultValue: true })).toEqual([
			true,
			false,
		]);
		expect(removed({ type: 'boolean', isRequired: true })).toEqual([false]);
	});

	it('is a list for JSON only where the default is one', () => {
		expect(field({ type: 'json', defaultValue: [] })?.type).toBe('array');
		expect(field({ type: 'json' })?.type).toBe('object');
	});
});
