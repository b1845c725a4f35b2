const PRIVATE_NAME =
	/^(?:.+\.)?(?:localhost|local|localdomain|internal|intranet|lan|home|home\.arpa|corp)$/;

/**
 * Whether an address leads to a host that can only be reached from its own network: this machine, a
 * private range, a name without a dot. What cannot be read as an address counts as private too.
 * @see docs/runflow-api.md, "Callback retries"
 */
export function isPrivateAddress(address: string): boolean {
	let host: string;
	try {
		host = new URL(address).hostname.toLowerCase().replace(/\.$/, '');
	} catch {
		return true;
	}
	if (host.startsWith('[')) return isPrivateIpv6(host.slice(1, -1));
	if (/^[\d.]+$/.test(host)) return isPrivateIpv4(host);
	return !host.includes('.') || PRIVATE_NAME.test(host);
}

/** The ranges that are not routed on the internet; URL has brought the address into four numbers. */
function isPrivateIpv4(address: string): boolean {
	const [a = 0, b = 0, c = 0] = address.split('.').map(Number);
	return (
		a === 0 ||
		a >= 224 ||
		a === 10 ||
		a === 127 ||
		(a === 100 && b >= 64 && b < 128) ||
		(a === 169 && b === 254) ||
		(a === 172 && b >= 16 && b < 32) ||
		(a === 192 && (b === 168 || (b === 0 && c === 0))) ||
		(a === 198 && (b === 18 || b === 19))
	);
}

/** Loopback, unique local, link-local, multicast, and IPv4 addresses written as IPv6, in each of the ways. */
function isPrivateIpv6(address: string): boolean {
	const mapped = /^(?:::(?:ffff:(?:0:)?)?|64:ff9b::)([0-9a-f]{1,4}):[0-9a-f]{1,4}$/.exec(
		address,
	)?.[1];
	if (mapped !== undefined) {
		const high = Number.parseInt(mapped, 16);
		return isPrivateIpv4(`${high >> 8}.${high & 255}.0.0`);
	}
	return address === '::' || address === '::1' || /^f(?:[cdf]|e[89a-f])/.test(address);
}

/** An address without its query, which can have a signature. Text that is not an address is returned unchanged. */
export function withoutQuery(address: string): string {
	try {
		const { origin, pathname } = new URL(address);
		return origin + pathname;
	} catch {
		return address;
	}
}

/** The signature of a link that is good for a while: Amazon's, Google's, Alibaba's and Microsoft's storage. */
const SIGNATURE = /^(?:x-(?:amz|goog|oss)-signature|signature|sig)$/i;
/** What such a link has beside its signature, and what changes with it. */
const SIGNED =
	/^(?:x-(?:amz|goog|oss)-.+|signature|sig|expires|policy|key-pair-id|awsaccesskeyid|googleaccessid|ossaccesskeyid|security-token|s[eprtv]|spr|sk(?:oid|tid|[etsv]))$/i;

/** A signed link without the parameters of its signature. Any other text is returned unchanged. */
export function withoutSignature(link: string): string {
	if (!/^https?:\/\//i.test(link) || !URL.canParse(link)) return link;
	const url = new URL(link);
	const names = [...url.searchParams.keys()];
	if (!names.some((name) => SIGNATURE.test(name))) return link;
	for (const name of names) if (SIGNED.test(name)) url.searchParams.delete(name);
	return url.href;
}

/** Scheme, host and port of an address. Text that is not an address is returned unchanged. */
export function originOf(address: string): string {
	try {
		return new URL(address).origin;
	} catch {
		return address;
	}
}
