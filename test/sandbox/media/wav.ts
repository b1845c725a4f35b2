const SAMPLES_A_SECOND = 8000;
const BYTES_A_SAMPLE = 2;
const HEADER_BYTES = 44;

/**
 * In: seconds and pitch. Out: a WAV file (16-bit mono PCM) with that tone.
 * @see docs/runflow-api.md, "Image to Video: limits upstream"
 */
export function toneWav(seconds: number, hertz: number): Buffer {
	const samples = Math.round(seconds * SAMPLES_A_SECOND);
	const dataBytes = samples * BYTES_A_SAMPLE;
	const wav = Buffer.alloc(HEADER_BYTES + dataBytes);
	wav.write('RIFF', 0, 'latin1');
	wav.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
	wav.write('WAVEfmt ', 8, 'latin1');
	wav.writeUInt32LE(16, 16);
	wav.writeUInt16LE(1, 20);
	wav.writeUInt16LE(1, 22);
	wav.writeUInt32LE(SAMPLES_A_SECOND, 24);
	wav.writeUInt32LE(SAMPLES_A_SECOND * BYTES_A_SAMPLE, 28);
	wav.writeUInt16LE(BYTES_A_SAMPLE, 32);
	wav.writeUInt16LE(BYTES_A_SAMPLE * 8, 34);
	wav.write('data', 36, 'latin1');
	wav.writeUInt32LE(dataBytes, 40);
	for (let sample = 0; sample < samples; sample += 1) {
		const height = Math.sin((2 * Math.PI * hertz * sample) / SAMPLES_A_SECOND);
		wav.writeInt16LE(Math.round(height * 8000), HEADER_BYTES + sample * BYTES_A_SAMPLE);
	}
	return wav;
}
