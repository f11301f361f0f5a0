// Writes top-tokens.json: the five likeliest next tokens with their probabilities by llama.cpp, after each of 64 tokens of a prompt.
// Usage: node compare.mjs [model folder]
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { getLlama } from 'node-llama-cpp';
import { writeGguf } from './make-gguf.mjs';

const here = name => fileURLToPath(new URL(name, import.meta.url));
const folder = process.argv[2] ?? here('../../../models/longwriter-tiny');
const version = JSON.parse(fs.readFileSync(here('./node_modules/node-llama-cpp/package.json'), 'utf8')).version;

// The ids of models/longwriter-tiny/tokenizer.json for the beginning of this conversation; the test checks that.
const text = '<|im_start|>user\nWrite a 200-word story about a lighthouse keeper.<|im_end|>\n<|im_start|>assistant\n'
  + 'The old man had kept the light for thirty years, and he did not intend to stop now. Every evening he climbed the stairs with a lamp in his hand, and looked out upon';
const tokens = [
  1, 423, 272, 202, 58, 85, 565, 262, 3316, 1985, 16, 90, 706, 2171, 576, 262, 972, 2567, 817, 3298, 17, 2, 202, 1, 558, 460, 421, 202, 524, 682, 445, 348,
  1626, 264, 972, 346, 3018, 1089, 15, 284, 294, 566, 356, 461, 587, 285, 2992, 603, 17, 2694, 1361, 294, 602, 316, 1362, 264, 3912, 344, 262, 297, 1437, 292, 337, 594,
];

const gguf = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'longwriter-gguf-')), 'model.gguf');
try {
  writeGguf(folder, gguf);
  const llama = await getLlama({ gpu: false, build: 'never', progressLogs: false });
  const model = await llama.loadModel({ modelPath: gguf, checkTensors: true });

  // Keys and values in full precision and the plain attention: the numbers of the architecture, not of llama.cpp's economies.
  const context = await model.createContext({
    contextSize: 256, threads: 1, flashAttention: false, experimentalKvCacheKeyType: 'F32', experimentalKvCacheValueType: 'F32',
  });
  const options = { generateNext: { probabilities: true, options: { temperature: 1, topK: 0, topP: 1, minP: 0, seed: 1 } } };
  const results = await context.getSequence().controlledEvaluate(tokens.map(token => [token, options]));
  const rows = results.map(({ next }) => {
    const total = [...next.probabilities.values()].reduce((sum, p) => sum + p, 0);
    if (next.probabilities.size !== model.fileInfo.metadata.llama.vocab_size || Math.abs(total - 1) > 1e-4) {
      throw new Error(`Expected probabilities of the whole vocabulary, found ${next.probabilities.size} with a sum of ${total}.`);
    }

    return [...next.probabilities].slice(0, 5).map(([id, p]) => [id, Number(p.toFixed(7))]);
  });

  const hash = createHash('sha256').update(fs.readFileSync(path.join(folder, 'model.safetensors'))).digest('hex');
  fs.writeFileSync(here('./top-tokens.json'), `{\n"reference": "node-llama-cpp ${version}, llama.cpp ${llama.llamaCppRelease.release}",\n"model_sha256": "${hash}",\n`
    + `"text": ${JSON.stringify(text)},\n"tokens": ${JSON.stringify(tokens)},\n"top": [\n${rows.map(row => JSON.stringify(row)).join(',\n')}\n]\n}\n`);
  await context.dispose();
  await model.dispose();
} finally {
  fs.rmSync(path.dirname(gguf), { recursive: true });
}
