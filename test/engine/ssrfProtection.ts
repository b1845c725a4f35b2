import { requireOfN8n } from './requireOfN8n';

interface Services {
	get(token: unknown): object;
	set(token: unknown, service: object): void;
}

type Constructor = new (...parts: object[]) => object;

/**
 * What N8N_SSRF_PROTECTION_ENABLED does: n8n sends no request to a private address any more, apart from those to the hosts
 * allowed.
 * @param allowedHostnames N8N_SSRF_ALLOWED_HOSTNAMES
 * @returns a function that switches it off again
 */
export function protectFromSsrf(allowedHostnames: string[]): () => void {
	const { Container } = requireOfN8n('@n8n/di') as { Container: Services };
	const { SsrfProtectionConfig } = requireOfN8n('@n8n/config') as Record<string, Constructor>;
	const { Logger } = requireOfN8n('@n8n/backend-common') as Record<string, Constructor>;
	const { OutboundHttp, SsrfProtectionService, DnsResolver } = requireOfN8n(
		'@n8n/backend-network',
	) as Record<string, Constructor>;
	if (SsrfProtectionConfig === undefined || SsrfProtectionService === undefined) {
		throw new Error('This n8n has no protection against SSRF');
	}
	if (OutboundHttp === undefined) throw new Error('n8n sends requests in another way');
	const config = Object.assign(new SsrfProtectionConfig(), { enabled: true, allowedHostnames });
	const logger = Container.get(Logger);
	const before = Container.get(OutboundHttp);
	const service = new SsrfProtectionService(config, Container.get(DnsResolver), logger);
	Container.set(OutboundHttp, new OutboundHttp(service, config, logger));
	return () => {
		Container.set(OutboundHttp, before);
	};
}
