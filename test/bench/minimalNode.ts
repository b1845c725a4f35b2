import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import {
	NodeConnectionTypes,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

/** The name under which n8n knows the minimal node, as it names all that lies in a folder of extensions. */
export const MINIMAL = 'CUSTOM.minimal';

/** The same node with as many operations as Wan 2.7, each with its own prompt. */
export const MINIMAL_OPERATIONS = 'CUSTOM.minimalOperations';

/**
 * The least that sends the request of Pro Edit by n8n's own declarative engine: two fields and their routing.
 * It has no code, so what it costs is what n8n costs. n8n evaluates an expression once for each declared parameter of
 * that name, also for those of other operations.
 */
function describe(name: string, operations: readonly string[]): INodeTypeDescription {
	return {
		displayName: 'Minimal',
		name,
		group: ['transform'],
		version: 1,
		description: 'Pro Edit, without anything',
		defaults: { name: 'Minimal' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'runflowApi', required: true }],
		requestDefaults: { baseURL: '={{ $credentials.baseUrl }}', json: true },
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				default: 'proEdit',
				options: operations.map((value) => ({
					name: value,
					value,
					routing: {
						request: { method: 'POST', url: '/v1/models/alibaba/wan/v2.7/pro/edit/runs' },
					},
				})),
			},
			...operations.flatMap((operation): INodeProperties[] => [
				{
					displayName: 'Prompt',
					name: 'prompt',
					type: 'string',
					default: '',
					displayOptions: { show: { operation: [operation] } },
					routing: { send: { type: 'body', property: 'input.prompt' } },
				},
				{
					displayName: 'Image',
					name: 'image',
					type: 'string',
					default: '',
					displayOptions: { show: { operation: [operation] } },
					routing: { send: { type: 'body', property: 'input.image_urls[0]' } },
				},
			]),
		],
	};
}

/** The type of the minimal trigger. */
export const MINIMAL_TRIGGER = 'CUSTOM.minimalTrigger';

/** The path below the trigger's webhook id. */
const TRIGGER_PATH = 'webhook';

/** The least that a webhook with a secret can do in a node that is not n8n's own: it reads its credential, and checks nothing. */
const triggerDescription: INodeTypeDescription = {
	displayName: 'Minimal Trigger',
	name: 'minimalTrigger',
	group: ['trigger'],
	version: 1.1,
	description: 'Starts the workflow with whatever is sent',
	defaults: { name: 'Minimal Trigger' },
	inputs: [],
	outputs: [NodeConnectionTypes.Main],
	credentials: [{ name: 'runflowApi', required: true }],
	webhooks: [
		{
			name: 'default',
			httpMethod: 'POST',
			responseMode: 'onReceived',
			responseData: '',
			path: TRIGGER_PATH,
		},
	],
	properties: [],
};

const TRIGGER_CODE = `
	webhookMethods = { default: {
		async checkExists() { return false; },
		async create() { return true; },
		async delete() { return true; },
	} };
	async webhook() { await this.getCredentials('runflowApi'); return { workflowData: [[{ json: this.getBodyData() }]] }; }
`;

/** The minimal node, for n8n's engine. */
export function minimalNode(): INodeType {
	return { description: describe('minimal', ['proEdit']) };
}

/** Writes the minimal nodes into a new folder, as n8n loads them from there (N8N_CUSTOM_EXTENSIONS). */
export async function writeMinimalNodes(folder: string): Promise<void> {
	await mkdir(folder, { recursive: true });
	const write = async (name: string, what: INodeTypeDescription, more: string): Promise<void> => {
		const code = `exports.${name} = class { description = ${JSON.stringify(what)}; ${more} };\n`;
		await writeFile(path.join(folder, `${name}.node.js`), code);
	};
	await write('Minimal', describe('minimal', ['proEdit']), '');
	const operations = ['proEdit', 'imageToVideo', 'textToVideo'];
	await write('MinimalOperations', describe('minimalOperations', operations), '');
	await write('MinimalTrigger', triggerDescription, TRIGGER_CODE);
}
