import { NodeConnectionTypes, type INodeParameters, type INodeTypeDescription } from 'n8n-workflow';

import codexOfTrigger from '../../nodes/RunflowTrigger/RunflowTrigger.node.json';
import codexOfWan from '../../nodes/Wan27/Wan27.node.json';
import { createEngine, type Engine } from '../engine/engine';
import { TRIGGER } from '../engine/webhook';
import { WAN } from '../engine/workflows';
import { operations } from '../../nodes/Wan27/operations';
import { modelOf, OPERATIONS } from './models';
import { credential, everyParameter, EVERYTHING, trigger, wan } from './parameters';

const NODES: [string, INodeTypeDescription, typeof codexOfWan | typeof codexOfTrigger][] = [
	['Wan 2.7', wan, codexOfWan],
	['Runflow Trigger', trigger, codexOfTrigger],
];

/**
 * The categories that n8n documents for community nodes.
 * @see docs/n8n-engine.md, "The list of nodes"
 */
const CATEGORIES = [
	'Analytics',
	'Communication',
	'Data & Storage',
	'Development',
	'Finance & Accounting',
	'Marketing & Content',
	'Miscellaneous',
	'Productivity',
	'Sales',
	'Utility',
];

describe.each(NODES)('%s', (displayName, description, codex) => {
	it('has the same name on the canvas and in the list', () => {
		expect(description.displayName).toBe(displayName);
		expect(description.defaults).toEqual({ name: displayName });
	});

	it('has a description of one line in the list: no full stop, not its own name', () => {
		expect(description.description).toMatch(/^[A-Z][^.]+[^.]( 2\.7)?[^.]*[^.]$/);
		expect(description.description.length).toBeLessThanOrEqual(80);
	});

	it('has an icon for each theme, and only the credential Runflow API', () => {
		expect(description.icon).toEqual({
			light: expect.stringMatching(/^file:.*\.svg$/) as unknown,
			dark: expect.stringMatching(/^file:.*\.dark\.svg$/) as unknown,
		});
		expect(description.credentials).toEqual([
			{ name: credential.name, required: true, testedBy: 'testRunflowApi' },
		]);
	});

	it('has search words, categories and links to documentation', () => {
		expect(codex).toMatchObject({
			node: `n8n-nodes-runflow.${description.name}`,
			nodeVersion: '1.0',
			codexVersion: '1.0',
		});
		expect(codex.alias.length).toBe(new Set(codex.alias).size);
		expect(codex.alias).toContain('Runflow');
		expect(codex.alias).not.toContain(displayName);
		// n8n's list hides community nodes of category AI.
		expect(codex.categories.length).toBeGreaterThan(0);
		for (const category of codex.categories) expect(CATEGORIES).toContain(category);
		expect(codex).not.toHaveProperty('subcategories');
		const { credentialDocumentation, primaryDocumentation } = codex.resources;
		expect(credentialDocumentation).toEqual([{ url: credential.documentationUrl }]);
		expect(primaryDocumentation.length).toBeGreaterThan(0);
		// The first one is a page of this repository, see test/release/docsLinks.test.ts.
		for (const { url } of primaryDocumentation.slice(1)) {
			expect(url).toMatch(/^https:\/\/docs\.runflow\.io\/(models|guides)\//);
		}
	});
});

it('Wan 2.7 has an input and an output, and is a tool for agents', () => {
	const { group, inputs, outputs, usableAsTool, version } = wan;
	expect({ group, inputs, outputs, usableAsTool, version }).toEqual({
		group: ['transform'],
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		version: 1.1,
	});
	// n8n makes the description that an agent gets of the action and the name of the node.
	for (const { option } of operations) expect(option.action).toMatch(/\b(images?|text|videos?)\b/);
});

it('Wan 2.7 is called back at an address that older workflows know', () => {
	expect(wan.webhooks).toEqual([
		{
			name: 'default',
			httpMethod: 'POST',
			responseMode: 'onReceived',
			path: 'runflow',
			isFullPath: true,
			restartWebhook: true,
		},
	]);
});

it('Runflow Trigger starts workflows and is not a tool', () => {
	const { group, inputs, outputs, usableAsTool } = trigger;
	expect({ group, inputs, outputs }).toEqual({
		group: ['trigger'],
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
	});
	expect(usableAsTool).toBeUndefined();
	expect(trigger.displayName).toMatch(/ Trigger$/);
});

describe('the subtitle', () => {
	let engine: Engine;
	beforeAll(async () => {
		engine = await createEngine({});
	});

	/** As n8n evaluates it for the canvas. */
	function subtitle(name: string, description: INodeTypeDescription, parameters: INodeParameters) {
		const workflow = engine.workflowOf({
			nodes: [
				{
					id: '1',
					name,
					type: `n8n-nodes-runflow.${description.name}`,
					typeVersion: Number(description.version),
					position: [0, 0],
					parameters,
				},
			],
			connections: {},
		});
		const node = workflow.getNode(name);
		if (node === null) throw new Error('The workflow has no such node');
		return workflow.expression.getSimpleParameterValue(node, description.subtitle, 'internal', {});
	}

	it.each(operations.map(({ option }) => [option.value, option.name]))(
		'of Wan 2.7 with %s is %s: the literal in Wan27.node.ts has it',
		(operation, name) => {
			expect(subtitle(WAN, wan, { operation })).toBe(name);
		},
	);

	it('of the trigger says its events, in Title Case', () => {
		const events = ['run.completed', 'run.partial_succeeded', 'batch'];
		expect(subtitle(TRIGGER, trigger, { events })).toBe('Completed, Partially Succeeded, Batch');
	});
});

describe('the credential', () => {
	it('is named, documented and tested', () => {
		expect(credential.name).toBe('runflowApi');
		expect(credential.displayName).toBe('Runflow API');
		expect(credential.documentationUrl).toBe('https://docs.runflow.io/concepts/authentication');
		expect(credential.icon).toEqual({
			light: 'file:../icons/runflow.svg',
			dark: 'file:../icons/runflow.dark.svg',
		});
	});

	it('hides secrets, and requires only the needed fields', () => {
		const fields = EVERYTHING.filter(([owner]) => owner === 'Runflow API');
		const named = (test: (p: (typeof fields)[number][1]['property']) => boolean) =>
			fields.filter(([, { property }]) => test(property)).map(([, { path }]) => path);
		expect(named(({ typeOptions }) => typeOptions?.password === true)).toEqual([
			'apiKey',
			'callbackSecrets',
		]);
		expect(named(({ required }) => required === true)).toEqual(['apiKey', 'baseUrl']);
	});
});

it('accepts unsigned callbacks only when switched on, which an expression cannot do', () => {
	const accept = trigger.properties.find(({ name }) => name === 'acceptUnsigned');
	expect(accept).toMatchObject({ default: false, noDataExpression: true });
});

it('marks only required parameters as required', () => {
	const required = EVERYTHING.filter(
		([owner, { property }]) => owner !== wan.displayName && property.required === true,
	).map(([owner, { path }]) => `${owner}: ${path}`);
	expect([...new Set(required)].sort()).toEqual([
		'Runflow API: apiKey',
		'Runflow API: baseUrl',
		'Runflow Trigger: events',
		'Runflow Trigger: options.metadata.entry.name',
		'Runflow: assetId',
		'Runflow: binaryPropertyName',
		'Runflow: model',
		'Runflow: runId',
	]);
});

it.each(OPERATIONS)('shows in %s as required what its row of MODELS says', (_name, value) => {
	const shownFor = wan.properties.filter(
		({ displayOptions }) => displayOptions?.show?.operation?.includes(value) !== false,
	);
	const required = everyParameter(shownFor).filter(({ property }) => property.required === true);
	expect(required.map(({ path }) => path)).toEqual(modelOf(value).required);
});
