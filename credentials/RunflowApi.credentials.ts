import type {
	IAuthenticate,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

import { authenticateRequest } from '../nodes/shared/api/authentication';

export class RunflowApi implements ICredentialType {
	name = 'runflowApi';

	displayName = 'Runflow API';

	icon = { light: 'file:../icons/runflow.svg', dark: 'file:../icons/runflow.dark.svg' } as const;

	documentationUrl = 'https://docs.runflow.io/concepts/authentication';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. rf_live_…',
			description:
				'Made in Runflow under Settings → API Keys. It needs the scopes runs:create and runs:read, and assets:create for binary files.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://api.runflow.io',
			description: 'Where the Runflow API answers. The API key is sent to this address alone.',
		},
		{
			displayName: 'Callback Signing Secrets',
			name: 'callbackSecrets',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. whsec_…',
			description:
				'What Runflow signs its callbacks with, the whsec_ included. Needed for Runflow Trigger, advised for When Finished, on Callback. While you rotate secrets, give the old and the new one, separated by a comma.',
		},
		{
			displayName: 'Organization ID',
			name: 'organizationId',
			type: 'string',
			default: '',
			description:
				'Only needed when your account belongs to several organizations. Leave empty for the organization of the API key.',
		},
	];

	authenticate: IAuthenticate = async (credentials, request) =>
		await Promise.resolve(authenticateRequest(credentials, request));

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl.trim() }}',
			url: '/v1/auth/me',
			disableFollowRedirect: true,
		},
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'Runflow does not know this API key. Copy it again from Settings → API Keys in Runflow.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message:
						'Runflow knows this API key but refuses it. Check that the email address of the account is verified, and the Organization ID if you gave one.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message:
						'The Base URL does not lead to the Runflow API. The public one is https://api.runflow.io.',
				},
			},
		],
	};
}
