import type { StoredCredential } from '../credentials';
import type { Session } from '../session';
import type { WorkflowFile } from '../workflows';

/** Made-up accounts with the services that are stood in for. Nothing outside knows these values. */
export const ACCOUNTS = {
	slack: 'xoxb-Made-Up-7171',
	google: 'ya29.Made-Up-7272',
	openAi: 'sk-Made-Up-7373',
};

/** What n8n is given, by the type of the credential. */
const CREDENTIALS: Record<string, Record<string, unknown>> = {
	slackApi: { accessToken: ACCOUNTS.slack },
	openAiApi: { apiKey: ACCOUNTS.openAi, url: 'https://api.openai.com/v1' },
	googleSheetsOAuth2Api: {
		clientId: 'made-up.apps.googleusercontent.com',
		clientSecret: 'made-up',
		// What a person's signing in with Google leaves behind.
		oauthTokenData: { access_token: ACCOUNTS.google, token_type: 'Bearer', expires_in: 3600 },
	},
};

/** Which type of credential a node wants. */
const CREDENTIAL_OF: Record<string, string> = {
	'n8n-nodes-base.slack': 'slackApi',
	'n8n-nodes-base.googleSheets': 'googleSheetsOAuth2Api',
	'@n8n/n8n-nodes-langchain.lmChatOpenAi': 'openAiApi',
};

export type Accounts = Map<string, { id: string; name: string }>;

/** Stores the credentials in n8n. */
export async function saveAccounts({ rest }: Session): Promise<Accounts> {
	const saved: Accounts = new Map();
	for (const [type, data] of Object.entries(CREDENTIALS)) {
		const body = { name: `Made up: ${type}`, type, data };
		const { id, name } = await rest<StoredCredential>('POST', '/rest/credentials', body);
		saved.set(type, { id, name });
	}
	return saved;
}

/** The workflow with a credential wherever a node of another service needs one, as a user chooses it. */
export function withAccounts<T extends WorkflowFile>(workflow: T, accounts: Accounts): T {
	return {
		...workflow,
		nodes: workflow.nodes.map((node) => {
			const type = CREDENTIAL_OF[node.type];
			const account = type === undefined ? undefined : accounts.get(type);
			return type === undefined || account === undefined
				? node
				: { ...node, credentials: { [type]: account } };
		}),
	};
}
