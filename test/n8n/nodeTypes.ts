import type { Session } from './session';
import { PACKAGE_PREFIX } from './workflows';

/** The type names of the nodes that n8n has loaded from this package. */
export async function listOurNodeTypes({ url, headers }: Session): Promise<string[]> {
	// A file for the editor, not part of the REST API: no `data` around it.
	const response = await fetch(`${url}/types/nodes.json`, { headers: headers() });
	const types = (await response.json()) as { name: string }[];
	const ours = types.map(({ name }) => name).filter((name) => name.startsWith(PACKAGE_PREFIX));
	return [...new Set(ours)].sort();
}
