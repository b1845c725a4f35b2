import type { IAuthenticate, ICredentialType, INodeProperties } from 'n8n-workflow';

import { authenticateRequest } from '../nodes/shared/api/authentication';

/** Tested by a function of the nodes: nodes/shared/api/testCredential.ts. */
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
				'Create it in Runflow under Settings → API Keys. It needs the scopes runs:create and runs:read, and assets:create for binary files.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://api.runflow.io',
			description: 'The address of the Runflow API. The API key is sent only to this address.',
		},
		{
			displayName: 'Callback Signing Secrets',
			name: 'callbackSecrets',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. whsec_…',
			description:
				'The secrets that Runflow signs callbacks with, including whsec_. Needed for Runflow Trigger, recommended for When Finished, on Callback. While you rotate secrets, enter the old and the new one, separated by a comma.',
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
}
