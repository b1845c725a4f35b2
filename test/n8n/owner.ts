import type { Session } from './session';

/** The person who owns an n8n, and the only one in it. */
export interface Owner {
	email: string;
	/** At least 8 characters, with a digit and a capital letter. */
	password: string;
	firstName: string;
	lastName: string;
}

interface Settings {
	userManagement: {
		/** Whether this n8n has no owner yet. */
		showSetupOnFirstLoad?: boolean;
	};
}

/** Who owns the n8n of the demo and the tests. Not a secret: that n8n listens on 127.0.0.1 only. */
export const OWNER: Owner = {
	email: 'owner@example.com',
	password: 'Runflow2026',
	firstName: 'Olivia',
	lastName: 'Owner',
};

/** Signs in as the owner; a new n8n gets its owner first. */
export async function signIn({ rest }: Session, owner: Owner): Promise<void> {
	const { userManagement } = await rest<Settings>('GET', '/rest/settings');
	if (userManagement.showSetupOnFirstLoad) {
		await rest('POST', '/rest/owner/setup', owner);
	} else {
		const { email, password } = owner;
		await rest('POST', '/rest/login', { emailOrLdapLoginId: email, password });
	}
}
