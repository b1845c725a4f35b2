import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';

export class Wan27 implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Wan 2.7',
		name: 'wan27',
		icon: { light: 'file:../../icons/wan27.svg', dark: 'file:../../icons/wan27.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] }}',
		description: 'Edit images and turn images into videos with Wan 2.7 on Runflow',
		defaults: { name: 'Wan 2.7' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'runflowApi', required: true }],
		requestDefaults: { baseURL: '={{ $credentials.baseUrl }}' },
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
						action: 'Edit images',
						routing: {
							request: { method: 'POST', url: '/v1/models/alibaba/wan/v2.7/pro/edit/runs' },
						},
					},
				],
			},
		],
	};
}
