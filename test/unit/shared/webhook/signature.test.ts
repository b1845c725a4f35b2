import {
	isSignatureForm,
	isSignedByAny,
	readSecrets,
	SIGNATURE_HEADER,
	signatureOf,
} from '../../../../nodes/shared/webhook/signature';

const SECRET = 'whsec_old';
const BODY = Buffer.from('{"event":"run.completed","run_id":"1"}');
// openssl dgst -sha256 -hmac whsec_old, over the body above
const SIGNATURE = 'e510e99db4b71e17b4d85e127861a679276a4ffa5f1ac4622d1d6162c281d52e';

describe('signatureOf', () => {
	it('is HMAC-SHA256 in lower-case hex, with the whole secret as key', () => {
		expect(signatureOf(BODY, SECRET)).toBe(SIGNATURE);
	});
});

describe('SIGNATURE_HEADER', () => {
	it('is spelled as Node spells header names', () => {
		expect(SIGNATURE_HEADER).toBe('runflow-signature');
	});
});

describe('isSignatureForm', () => {
	it('takes 64 lower-case hex digits', () => {
		expect(isSignatureForm(SIGNATURE)).toBe(true);
	});

	it.each([
		['nothing', undefined],
		['an empty header', ''],
		['upper case', SIGNATURE.toUpperCase()],
		['one digit too few', SIGNATURE.slice(1)],
		['one digit too many', `${SIGNATURE}0`],
		['a letter that is no digit', `g${SIGNATURE.slice(1)}`],
		['a line break at its end', `${SIGNATURE}\n`],
		['two headers that Node joined', `${SIGNATURE}, ${SIGNATURE}`],
		['a list of headers', [SIGNATURE]],
		['a prefix', `sha256=${SIGNATURE}`],
	])('refuses %s', (_what, header) => {
		expect(isSignatureForm(header)).toBe(false);
	});
});

describe('isSignedByAny', () => {
	it('is true for exactly these bytes', () => {
		expect(isSignedByAny(BODY, SIGNATURE, [SECRET])).toBe(true);
	});

	it('is true for any of several secrets', () => {
		expect(isSignedByAny(BODY, SIGNATURE, ['whsec_new', SECRET])).toBe(true);
		expect(isSignedByAny(BODY, SIGNATURE, [SECRET, 'whsec_new'])).toBe(true);
	});

	it.each([
		['another byte in the body', Buffer.from(`${BODY.toString()} `), SIGNATURE, [SECRET]],
		['another digit', BODY, SIGNATURE.replace(/^./, (d) => (d === '0' ? '1' : '0')), [SECRET]],
		['another secret', BODY, SIGNATURE, ['whsec_olD']],
		['the secret without its prefix', BODY, SIGNATURE, ['old']],
		['no secret', BODY, SIGNATURE, []],
		['another length', BODY, SIGNATURE.slice(1), [SECRET]],
	])('is false with %s', (_what, body, signature, secrets) => {
		expect(isSignedByAny(body, signature, secrets)).toBe(false);
	});
});

describe('readSecrets', () => {
	it.each([
		['one', 'whsec_a', ['whsec_a']],
		['two with a comma', 'whsec_a,whsec_b', ['whsec_a', 'whsec_b']],
		['spaces, line breaks and commas too many', ' whsec_a ,\n\twhsec_b,, ', ['whsec_a', 'whsec_b']],
		['nothing', '', []],
		['blanks', ' , ', []],
		['no text', undefined, []],
	])('reads %s', (_what, field, secrets) => {
		expect(readSecrets(field)).toEqual(secrets);
	});
});
