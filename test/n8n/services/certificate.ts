import { generateKeyPairSync } from 'node:crypto';

import { md, pki } from 'node-forge';

export interface Certificate {
	/** Both as PEM. */
	key: string;
	cert: string;
}

/** How long it is good for, in milliseconds: longer than any test takes. */
const LIFETIME_MS = 24 * 60 * 60 * 1000;

/** A certificate for these hosts that is self-signed: trusting it trusts nothing else. */
export function makeCertificate(hosts: string[]): Certificate {
	const { privateKey: key } = generateKeyPairSync('rsa', {
		modulusLength: 2048,
		privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
		publicKeyEncoding: { type: 'spki', format: 'pem' },
	});
	const privateKey = pki.privateKeyFromPem(key);
	const certificate = pki.createCertificate();
	certificate.publicKey = pki.rsa.setPublicKey(privateKey.n, privateKey.e);
	certificate.serialNumber = '01';
	certificate.validity.notBefore = new Date(Date.now() - LIFETIME_MS);
	certificate.validity.notAfter = new Date(Date.now() + LIFETIME_MS);
	const name = [{ name: 'commonName', value: 'Stand-ins for other services' }];
	certificate.setSubject(name);
	certificate.setIssuer(name);
	certificate.setExtensions([
		{ name: 'basicConstraints', cA: true, critical: true },
		{ name: 'subjectAltName', altNames: hosts.map((value) => ({ type: 2, value })) },
	]);
	certificate.sign(privateKey, md.sha256.create());
	return { key, cert: pki.certificateToPem(certificate) };
}
