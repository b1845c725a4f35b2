import type { Session } from './session';

/** The credential type of this package. */
export const CREDENTIAL_TYPE = 'runflowApi';

export interface RunflowCredential {
	apiKey: string;
	baseUrl: string;
	callbackSecrets?: string;
	organizationId?: string;
}

/** A credential as n8n lists it: without its secrets. */
export interface StoredCredential {
	id: string;
	name: string;
	type: string;
	updatedAt: string;
}

export interface CredentialTest {
	status: 'OK' | 'Error';
	message: string;
}

/** The Runflow credential of that name, if n8n has one. */
export async function findCredential(
	{ rest }: Session,
	name: string,
): Promise<StoredCredential | undefined> {
	const all = await rest<StoredCredential[]>('GET', '/rest/credentials');
	return all.find((one) => one.type === CREDENTIAL_TYPE && one.name === name);
}

/** Deletes every credential but one: the editor then chooses that one. */
export async function keepOnly({ rest }: Session, { id }: StoredCredential): Promise<void> {
	const all = await rest<StoredCredential[]>('GET', '/rest/credentials');
	for (const other of all) {
		if (other.id !== id) await rest('DELETE', `/rest/credentials/${other.id}`);
	}
}

/** Stores a Runflow credential under a name; one of that name gets the new content instead of a duplicate. */
export async function saveCredential(
	session: Session,
	name: string,
	data: RunflowCredential,
): Promise<StoredCredential> {
	const body = { name, type: CREDENTIAL_TYPE, data };
	const existing = await findCredential(session, name);
	if (existing) await session.rest('PATCH', `/rest/credentials/${existing.id}`, body);
	else await session.rest('POST', '/rest/credentials', body);
	// Read again: the answers to the two carry a time that differs from the one stored.
	const saved = await findCredential(session, name);
	if (!saved) throw new Error(`n8n did not keep the credential "${name}".`);
	return saved;
}

/** Presses the credential's test button: what n8n finds out with these values. */
export async function testCredential(
	{ rest }: Session,
	{ id, name, type }: StoredCredential,
	data: RunflowCredential,
): Promise<CredentialTest> {
	return await rest('POST', '/rest/credentials/test', { credentials: { id, name, type, data } });
}
