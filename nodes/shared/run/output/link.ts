import { isPrivateAddress } from '../../values/address';

/** The longest link that is followed, in characters: signed ones have some 2,000. */
const MAX_LINK_CHARACTERS = 8192;

/**
 * Why a link to a file is not followed, if there is a reason. A link decides what n8n's machine
 * fetches, and that machine can reach a private network: only a private API may link there. (Names are not resolved;
 * n8n has its own setting for that.)
 *
 * @param link as Runflow gives it, or to which a storage redirects
 * @param apiUrl the Base URL of the credential
 * @param from the address that redirects to it
 */
export function problemOfLink(link: string, apiUrl: string, from?: string): string | undefined {
	if (link.length > MAX_LINK_CHARACTERS) {
		return `its link is longer than ${MAX_LINK_CHARACTERS} characters`;
	}
	if (!/^https?:\/\//i.test(link) || !URL.canParse(link)) return 'its link is not a web address';
	const { protocol, username, password } = new URL(link);
	if (username !== '' || password !== '') return 'its link has a user name or a password in it';
	if (protocol === 'http:' && from !== undefined && new URL(from).protocol === 'https:') {
		return 'its storage redirects to an address that is not encrypted';
	}
	const isPrivateApi = URL.canParse(apiUrl) && isPrivateAddress(apiUrl);
	return isPrivateAddress(link) && !isPrivateApi
		? 'its link leads into a private network'
		: undefined;
}
