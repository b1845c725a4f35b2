import type { Measured } from '../part';
import { waitedFor } from '../waitedFor';

/** 100 images waited for. */
export async function measure(rounds = 5): Promise<Measured> {
	return await waitedFor('image', rounds);
}
