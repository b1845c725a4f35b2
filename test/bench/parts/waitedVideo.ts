import type { Measured } from '../part';
import { waitedFor } from '../waitedFor';

/** 100 videos waited for. */
export async function measure(rounds = 5): Promise<Measured> {
	return await waitedFor('video', rounds);
}
