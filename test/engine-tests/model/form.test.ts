import type { ResourceMapperField } from 'n8n-workflow';

import type { Switches } from '../../sandbox';
import { bench, editor } from './scene';

const USE_JSON =
	'To run the model without the form, choose JSON under Input, and enter the input as shown on the page of the model.';

const CHOOSE = 'Choose a model first. If an expression gives the model, choose JSON under Input.';

/** What each field of the form shows and holds, without what is the same for all. */
async function shown(id: string): Promise<unknown[]> {
	const { fields, emptyFieldsNotice } = await editor(id).fields();
	expect(emptyFieldsNotice).toBeUndefined();
	return fields.map(({ defaultMatch, canBeUsedToMatch, display, readOnly, ...field }) => {
		expect([defaultMatch, canBeUsedToMatch, display, readOnly]).toEqual([
			false,
			false,
			true,
			false,
		]);
		return field;
	});
}

async function idsOf(id: string): Promise<string[]> {
	const { fields } = await editor(id).fields();
	return fields.map((field) => field.id);
}

describe('the form of a model', () => {
	it('has texts, choices, numbers and switches with their defaults, in the order of the page', async () => {
		expect(await shown('sandbox/text-to-image/v1')).toEqual([
			{
				id: 'prompt',
				displayName: 'Prompt: What the picture shows',
				title: 'Prompt',
				type: 'string',
				variableType: 'string',
				required: true,
				removed: false,
			},
			{
				id: 'style',
				displayName: 'Style',
				title: 'Style',
				type: 'options',
				options: [
					{ name: 'photo', value: 'photo' },
					{ name: 'drawing', value: 'drawing' },
					{ name: '3d', value: '3d' },
				],
				defaultValue: 'photo',
				variableType: 'string',
				required: false,
				removed: false,
			},
			{
				id: 'num_images',
				displayName: 'Num Images',
				title: 'Num Images',
				type: 'number',
				defaultValue: 1,
				variableType: 'integer',
				required: false,
				removed: true,
			},
			{
				id: 'seed',
				displayName: 'Seed',
				title: 'Seed',
				type: 'number',
				variableType: 'integer',
				required: false,
				removed: true,
			},
			{
				id: 'enable_safety_checker',
				displayName: 'Enable Safety Checker',
				title: 'Enable Safety Checker',
				type: 'boolean',
				defaultValue: true,
				variableType: 'boolean',
				required: false,
				removed: true,
			},
		]);
	});

	it.each([
		['sandbox/upscale', 'image', 'string', 'Image (URL or binary field): The picture to enlarge'],
		['sandbox/upscale', 'factor', 'number', 'Factor: How many times larger the picture becomes'],
		['sandbox/combine/images', 'images', 'string', 'Images (URLs or binary fields)'],
		[
			'sandbox/combine/images',
			'canvas',
			'object',
			'Canvas (JSON): The area that the images are laid out on',
		],
		['sandbox/restyle/video/fast', 'video', 'string', 'Video (URL or binary field)'],
		['sandbox/restyle/video/fast', 'soundtrack', 'string', 'Soundtrack (URL or binary field)'],
		['sandbox/restyle/video/fast', 'keep_sound', 'boolean', 'Keep Sound'],
		['sandbox/custom', 'weights', 'string', 'Weights'],
	])('of %s has %s as %s', async (id, name, type, displayName) => {
		expect(await shown(id)).toContainEqual(
			expect.objectContaining({ id: name, type, displayName }),
		);
	});

	it('fills in a default that is JSON', async () => {
		expect(await shown('sandbox/custom')).toContainEqual(
			expect.objectContaining({ id: 'extra', type: 'object', defaultValue: '{"steps":20}' }),
		);
	});

	it.each<[string, Partial<Switches>]>([
		['only embedded', { modelInputs: 'embed' }],
		['always', { modelInputs: 'always' }],
		['in the read of one model alone', { modelInputs: 'single' }],
		['and slugs of several segments as one', { modelPath: 'encoded' }],
		['and slugs of several segments nowhere', { modelPath: 'refused' }],
		['there, and only in a list', { modelPath: 'refused', modelInputs: 'always' }],
		['with the owner beside the slug', { modelPath: 'refused', modelSlug: 'without-owner' }],
		['in a bare list', { modelPath: 'refused', modelListShape: 'array' }],
		['in the list of the key alone', { modelPath: 'refused', publicModels: 'missing' }],
	])('is read where Runflow shows fields %s', async (_where, switches) => {
		bench.sandbox.configure(switches);
		expect(await idsOf('sandbox/combine/images')).toEqual(['images', 'layout', 'canvas']);
	});

	it.each(['choices', 'enum', 'options', 'values'] as const)(
		'lists the values of a field that are spelled as %s',
		async (validatorSpelling) => {
			bench.sandbox.configure({ validatorSpelling });
			const { fields } = await editor('sandbox/combine/images').fields();
			const values = fields.find(({ id }) => id === 'layout')?.options?.map(({ value }) => value);
			expect(values).toEqual(['row', 'column', 'grid']);
		},
	);

	it('leaves a field a text whose values are not listed', async () => {
		bench.sandbox.configure({ validatorSpelling: 'none' });
		const { fields } = await editor('sandbox/combine/images').fields();
		expect(fields.find(({ id }) => id === 'layout')).toMatchObject({ type: 'string' });
	});
});

describe('without a form', () => {
	it.each<[string, Partial<Switches>, string, string]>([
		['no model is chosen', {}, '', CHOOSE],
		['the ID is none', {}, '../admin', CHOOSE],
		[
			'Runflow knows no such model',
			{},
			'sandbox/nothing',
			`Runflow has no model with this ID. Check the ID. ${USE_JSON}`,
		],
		[
			'Runflow shows no fields',
			{ modelInputs: 'never' },
			'sandbox/upscale',
			`Runflow does not show the fields of this model. ${USE_JSON}`,
		],
		['the model takes no input', {}, 'sandbox/random-image', 'This model takes no input.'],
	])('a notice says what to do where %s', async (_why, switches, id, emptyFieldsNotice) => {
		bench.sandbox.configure(switches);
		expect(await editor(id).fields()).toEqual({ fields: [], emptyFieldsNotice });
	});

	it('a notice says so where Runflow cannot be asked, unless that would drop the values', async () => {
		bench.sandbox.addFault({ match: { method: 'GET' }, kind: 'status', status: 500, times: 20 });
		expect(await editor('sandbox/upscale').fields()).toEqual({
			fields: [],
			emptyFieldsNotice: `Injected 500. ${USE_JSON}`,
		});
		const schema = [{ id: 'image' }] as ResourceMapperField[];
		const inputFields = { mappingMode: 'defineBelow', value: { image: 'x' }, schema } as never;
		await expect(editor('sandbox/upscale', { inputFields }).fields()).rejects.toThrow('500');
	});
});
