import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeProperties } from 'n8n-workflow';

import { operations } from '../../nodes/Wan27/operations';
import { choicesOf, credential, everyParameter, runflow, trigger, wan } from './parameters';

/** A row of a table of docs/names.md: what a workflow stores, what people see, and the values to choose from. */
type Row = [stored: string, displayed: string, values: string];

const page = readFileSync(join(__dirname, '../../docs/names.md'), 'utf8');

/** The rows of the table below a heading of the page, as text. */
function tableBelow(heading: string): Row[] {
	const [, after = ''] = page.split(`\n## ${heading}\n`);
	const [section = ''] = after.split('\n## ');
	return section
		.split('\n')
		.filter((line) => line.startsWith('| `'))
		.map((line) => line.split('|').map((cell) => cell.trim()))
		.map(([, stored = '', displayed = '', values = '']) => [stored, displayed, values]);
}

function valuesOf(property: INodeProperties): string {
	return choicesOf(property)
		.map(({ value }) => (value === '' ? '(empty)' : `\`${String(value)}\``))
		.join(', ');
}

/** Every parameter that a workflow stores something for, those inside collections by their path. */
function rows(parameters: INodeProperties[]): Row[] {
	return everyParameter(parameters)
		.filter(({ property }) => property.type !== 'notice')
		.map(({ path, property }) => [`\`${path}\``, property.displayName, valuesOf(property)]);
}

/** Asserts that the table below a heading has exactly these rows, in this order. */
function expectTable(heading: string, expected: Row[]): void {
	const listed = tableBelow(heading);
	const lines = (some: Row[]) => some.map((row) => `| ${row.join(' | ')} |`);
	const without = (some: Row[], others: Row[]) =>
		lines(some).filter((line) => !lines(others).includes(line));
	expect({
		[`Add to "${heading}" in docs/names.md`]: without(expected, listed),
		[`In "${heading}", but not in the code`]: without(listed, expected),
	}).toEqual({
		[`Add to "${heading}" in docs/names.md`]: [],
		[`In "${heading}", but not in the code`]: [],
	});
	expect(lines(listed)).toEqual(lines(expected));
}

const { properties } = wan;
const ofOperation = operations.map(({ option }) => ({
	name: option.name,
	rows: rows(
		properties.filter(({ displayOptions }) =>
			displayOptions?.show?.operation?.includes(option.value),
		),
	),
}));
const inAll = ([stored]: Row): boolean =>
	ofOperation.every((operation) => operation.rows.some(([other]) => other === stored));

describe('docs/names.md lists what workflows store:', () => {
	it('of all operations', () => {
		const common = properties.filter(
			({ displayOptions }) => displayOptions?.show?.operation === undefined,
		);
		const shared = ofOperation[0]?.rows.filter(inAll) ?? [];
		expectTable('Wan 2.7', [...rows(common), ...shared]);
	});

	it.each(ofOperation)('of $name', (operation) => {
		const own = operation.rows.filter((row) => !inAll(row));
		expect(own.length).toBeGreaterThan(0);
		expectTable(operation.name, own);
	});

	it('of the node Runflow', () => {
		const own = rows(
			runflow.properties.filter(
				({ name, displayOptions: { show = {} } = {} }) =>
					name !== 'requestOptions' &&
					!(show.resource?.includes('model') === true && show.operation?.includes('run') === true),
			),
		);
		const lines = own.map((row) => row.join());
		// Several operations have some of them.
		expectTable(
			'Runflow',
			own.filter((row, index) => lines.indexOf(row.join()) === index),
		);
	});

	it('of Model → Run, besides those of Wan 2.7', () => {
		const parameters = runflow.properties.filter(
			({ displayOptions }) =>
				displayOptions?.show?.resource?.includes('model') === true &&
				displayOptions.show.operation?.includes('run') === true,
		);
		const shared = new Set(tableBelow('Wan 2.7').map((row) => row.join()));
		const own = rows(parameters).filter((row) => !shared.has(row.join()));
		expectTable('Runflow: Model → Run', own);
	});

	it('of the trigger', () => {
		expectTable('Runflow Trigger', rows(trigger.properties));
	});

	it('of the credential', () => {
		expectTable('Runflow API', rows(credential.properties));
	});
});
