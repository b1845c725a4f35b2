import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { ROOT } from '../repositoryFiles';

interface Field {
	type: string;
	id?: string;
	attributes: { label?: string; value?: string; options?: (string | { required?: boolean })[] };
	validations?: { required: boolean };
}

interface Form {
	name: string;
	description: string;
	body: Field[];
}

interface Parameter {
	name: string;
	options?: { name: string }[];
}

const FOLDER = join(ROOT, '.github/ISSUE_TEMPLATE');

function readForm(file: string): Form {
	return parse(readFileSync(join(FOLDER, file), 'utf8')) as Form;
}

function field(form: Form, id: string): Field {
	const found = form.body.find((each) => each.id === id);
	if (!found) throw new Error(`There is no field ${id}.`);
	return found;
}

/** The choices that the built node shows for a parameter. */
function choicesOf(parameter: string): string[] {
	const { Wan27 } = jest.requireActual<{
		Wan27: new () => { description: { properties: Parameter[] } };
	}>(join(ROOT, 'dist/nodes/Wan27/Wan27.node.js'));
	const { properties } = new Wan27().description;
	const shown = properties
		.filter(({ name }) => name === parameter)
		.flatMap(({ options }) => (options ?? []).map(({ name }) => name));
	return [...new Set(shown)];
}

const bug = readForm('bug_report.yml');

it('every issue has a form', () => {
	expect(readdirSync(FOLDER).sort()).toEqual([
		'bug_report.yml',
		'config.yml',
		'feature_request.yml',
	]);
	const config = parse(readFileSync(join(FOLDER, 'config.yml'), 'utf8')) as Record<string, unknown>;
	expect(config.blank_issues_enabled).toBe(false);
});

describe('the report of something that does not work', () => {
	it('asks for what is needed to investigate it', () => {
		const required = bug.body.filter(({ validations }) => validations?.required === true);
		expect(required.map(({ id }) => id)).toEqual([
			'package',
			'n8n',
			'hosting',
			'mode',
			'node',
			'completion',
			'run',
			'happened',
		]);
		expect(field(bug, 'run').attributes.label).toBe('Run id, request id');
	});

	it("names completions and operations as the node's panel does", () => {
		const completions = choicesOf('completion');
		expect(completions).toHaveLength(3);
		expect(field(bug, 'completion').attributes.options).toEqual(
			expect.arrayContaining(completions),
		);
		const operations = choicesOf('operation').map((name) => `Wan 2.7, ${name}`);
		expect(operations).toHaveLength(3);
		expect(field(bug, 'node').attributes.options).toEqual(expect.arrayContaining(operations));
	});

	it('is sent only after a search for keys in it', () => {
		expect(field(bug, 'clean').attributes.options).toEqual([
			{
				label: 'There is no API key, signing secret or link to an output in this report.',
				required: true,
			},
		]);
	});
});

it.each(['bug_report.yml', 'feature_request.yml'])(
	'%s warns of keys before anything else',
	(file) => {
		const [first] = readForm(file).body;
		expect(first?.type).toBe('markdown');
		expect(first?.attributes.value).toMatch(/\*\*Never paste an API key[^*]* signing secret/);
	},
);
