import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';

/** The name under which n8n knows the minimal node, as it names all that lies in a folder of extensions. */
export const MINIMAL = 'CUSTOM.minimal';

const OPERATION = { show: { operation: ['proEdit'] } };

/**
 * The least that sends the request of Pro Edit by n8n's own declarative engine: two fields and their routing.
 * It has no code, so what it costs is what n8n costs.
 */
const description: INodeTypeDescription = {
	displayName: 'Minimal',
	name: 'minimal',
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
			options: [
				{
					name: 'Pro Edit',
					value: 'proEdit',
					routing: {
						request: { method: 'POST', url: '/v1/models/alibaba/wan/v2.7/pro/edit/runs' },
					},
				},
			],
		},
		{
			displayName: 'Prompt',
			name: 'prompt',
			type: 'string',
			default: '',
			displayOptions: OPERATION,
			routing: { send: { type: 'body', property: 'input.prompt' } },
		},
		{
			displayName: 'Image',
			name: 'image',
			type: 'string',
			default: '',
			displayOptions: OPERATION,
			routing: {
				send: { type: 'body', property: 'input.image_urls', value: '={{ [$value] }}' },
			},
		},
	],
};

/** The minimal node, for n8n's engine. */
export function minimalNode(): INodeType {
	return { description: structuredClone(description) };
}

/** Writes the minimal node into a new folder, as n8n loads it from there (N8N_CUSTOM_EXTENSIONS). */
export async function writeMinimalNode(folder: string): Promise<void> {
	await mkdir(folder, { recursive: true });
	const code = `exports.Minimal = class { description = ${JSON.stringify(description)}; };\n`;
	await writeFile(path.join(folder, 'Minimal.node.js'), code);
}
