import { isPrivateAddress } from '../../../../nodes/shared/values/address';

describe('isPrivateAddress', () => {
	it.each([
		'http://localhost:5678/webhook-waiting/1?signature=a',
		'http://n8n:5678/',
		'https://n8n.localhost/',
		'https://printer.local/',
		'https://n8n.internal',
		'https://N8N.LAN./',
		'http://home.arpa/',
		'http://127.0.0.1:5678',
		'http://127.1/',
		'http://0.0.0.0',
		'http://10.1.2.3',
		'http://100.64.0.1',
		'http://169.254.169.254',
		'http://172.16.0.1',
		'http://172.31.255.255',
		'http://192.168.1.10',
		'http://[::1]:5678',
		'http://[::]/',
		'http://[fd00::1]/',
		'http://[fe80::1]/',
		'http://[::ffff:192.168.0.1]/',
		'http://192.0.0.192',
		'http://198.19.255.255',
		'http://224.0.0.1',
		'http://255.255.255.255',
		'http://[::127.0.0.1]/',
		'http://[::ffff:0:10.0.0.1]/',
		'http://[64:ff9b::192.168.0.1]/',
		'http://[fec0::1]/',
		'http://[ff02::1]/',
		'no address',
		'',
	])('holds for %s', (address) => {
		expect(isPrivateAddress(address)).toBe(true);
	});

	it.each([
		'https://n8n.example.com/webhook-waiting/1',
		'https://api.runflow.io',
		'https://local.example.com',
		'http://8.8.8.8',
		'http://172.32.0.1',
		'http://100.128.0.1',
		'http://192.169.0.1',
		'http://192.0.1.1',
		'http://198.17.0.1',
		'http://198.20.0.1',
		'http://223.255.255.255',
		'http://[64:ff9b::8.8.8.8]/',
		'http://[::8.8.8.8]/',
		'http://[2001:db8::1]/',
		'http://[::ffff:8.8.8.8]/',
		'https://10.example.com',
	])('does not hold for %s', (address) => {
		expect(isPrivateAddress(address)).toBe(false);
	});
});
