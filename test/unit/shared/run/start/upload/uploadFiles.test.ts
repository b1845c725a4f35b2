import { fingerprint } from '../../../../../../nodes/shared/run/start/upload/uploadFiles';
import { imageFile } from '../../binaryFile';

it('distinguishes stored files by their IDs', () => {
	const id = 'filesystem-v2:workflows/1/executions/1/binary_data/a';
	expect(fingerprint(imageFile({ id, bytes: 4 }))).toBe(id);
});

it('distinguishes files that the item holds by a hash of their contents', () => {
	expect(fingerprint(imageFile({ data: 'AAAA' }))).toBe(
		'63c1dd951ffedf6f7fd968ad4efa39b8ed584f162f46e715114ee184f8de9201',
	);
});
