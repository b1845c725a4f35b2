import {
	isActive,
	readInputs,
	readModel,
	readModelId,
	readModels,
} from '../../../../../nodes/shared/api/catalogue/models';

const answer = (body: unknown) => ({ status: 200, headers: {}, body });

describe('a page of the catalogue', () => {
	const models = [{ slug: 'a/b' }];

	it.each([
		['a page', { items: models, next: 'n', first: 'f' }, 'n'],
		['a page in the other spelling', { items: models, next_pq: 'n' }, 'n'],
		['the last page', { items: models, next: null }, ''],
		['a bare list', models, ''],
	])('is read from %s', (_what, body, next) => {
		expect(readModels(answer(body))).toEqual({ models, next });
	});

	it.each([['<html>'], [{}], [null], [{ items: 'x' }]])('is not read from %j', (body) => {
		expect(readModels(answer(body))).toBeUndefined();
	});
});

describe('the id of a model', () => {
	it.each([
		['slug with the owner', { slug: 'a/wan/v2' }, 'a/wan/v2'],
		['owner as text', { slug: 'wan/v2', owner: 'a' }, 'a/wan/v2'],
		['creator', { slug: 'wan', creator: { slug: 'a' } }, 'a/wan'],
		['model creator', { slug: 'wan', model_creator: { slug: 'a' } }, 'a/wan'],
		['both', { slug: 'a/wan', creator: { slug: 'a' } }, 'a/wan'],
		['no owner', { slug: 'wan', model_creator_id: 'uuid' }, ''],
		['no slug', { name: 'Wan' }, ''],
	])('is read from %s', (_what, record, id) => {
		expect(readModelId(record)).toBe(id);
	});
});

it('knows a record of a model, and whether the model can be run', () => {
	expect(readModel(answer({ slug: 'a/b' }))).toEqual({ slug: 'a/b' });
	expect(readModel(answer({ code: 'NOT_FOUND' }))).toBeUndefined();
	expect(readModel(answer('<html>'))).toBeUndefined();
	expect([{}, { status_code: 'active' }, { status_code: 'inactive' }].map(isActive)).toEqual([
		true,
		true,
		false,
	]);
});

describe('the fields of a model', () => {
	it('are read in their order', () => {
		const inputs = [
			{ name: 'b', sort_order: 2, display_name: ' B ', description: 'What b is.' },
			{ name: 'num_images', sort_order: 1, is_required: true, is_featured: true },
			{ variable_type_code: 'string' },
			'x',
		];
		expect(readInputs({ inputs })).toEqual([
			{
				name: 'num_images',
				title: 'Num Images',
				description: '',
				type: '',
				isRequired: true,
				isFeatured: true,
				defaultValue: undefined,
				choices: [],
			},
			expect.objectContaining({ name: 'b', title: 'B', description: 'What b is.' }),
		]);
	});

	it('are not known where the record does not show them', () => {
		expect(readInputs({ slug: 'a/b' })).toBeUndefined();
		expect(readInputs({ inputs: null })).toBeUndefined();
		expect(readInputs({ inputs: [] })).toEqual([]);
	});

	it.each([
		['choices', { choices: ['a', 2] }, ['a', 2]],
		['enum', { enum: ['a'] }, ['a']],
		['options', { options: [{ value: 'a', label: 'A' }] }, ['a']],
		['values', { values: ['a'] }, ['a']],
		['ranges', { min: 1, max: 2 }, []],
		['nothing', null, []],
		['other things in the list', { choices: ['a', { name: 'b' }] }, []],
		['an empty value in the list', { choices: ['', 'a'] }, []],
	])('have the values that a validator lists as %s', (_what, validator_attrs, values) => {
		const [input] = readInputs({ inputs: [{ name: 'a', validator_attrs }] }) ?? [];
		expect(input?.choices.map(({ value }) => value)).toEqual(values);
	});
});
