// Writes a Hugging Face folder of the Llama architecture as GGUF with float32 weights.
// Formats: docs/gguf.md of ggml-org/ggml (GGUF version 3); the safetensors README. Llama alone; no biases, no scaled rotary positions.
import fs from 'node:fs';

const alignment = 32;
const valueTypes = { uint32: 4, int32: 5, float32: 6, string: 8, array: 9 };
const float32Tensor = 0;
const tokenTypes = { normal: 1, byte: 6 };

export function writeGguf(folder, path) {
  const config = JSON.parse(fs.readFileSync(`${folder}/config.json`, 'utf8'));
  if (config.model_type !== 'llama' || config.attention_bias || config.mlp_bias || config.rope_scaling) {
    throw new Error(`${folder}/config.json: expected a llama without biases and scaled positions.`);
  }

  const source = readSafetensors(`${folder}/model.safetensors`);
  const tensors = [...tensorsOf(config, source)];
  const fields = fieldsOf(config);
  const head = [Buffer.from('GGUF'), uint32(3), uint64(tensors.length), uint64(fields.length), ...fields.map(field)];
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    // GGUF lists the fastest dimension first.
    head.push(text(name), uint32(shape.length), ...shape.toReversed().map(uint64), uint32(float32Tensor), uint64(offset));
    offset += padded(values.byteLength);
  }

  const header = Buffer.concat(head);
  const parts = [header, Buffer.alloc(padded(header.length) - header.length)];
  for (const { values } of tensors) {
    parts.push(Buffer.from(values.buffer), Buffer.alloc(padded(values.byteLength) - values.byteLength));
  }

  fs.writeFileSync(path, Buffer.concat(parts));
}

function* tensorsOf(config, source) {
  yield rename('token_embd.weight', source('model.embed_tokens.weight'));
  yield rename('output_norm.weight', source('model.norm.weight'));
  if (!config.tie_word_embeddings) {
    yield rename('output.weight', source('lm_head.weight'));
  }

  const names = {
    'input_layernorm': 'attn_norm', 'self_attn.q_proj': 'attn_q', 'self_attn.k_proj': 'attn_k', 'self_attn.v_proj': 'attn_v', 'self_attn.o_proj': 'attn_output',
    'post_attention_layernorm': 'ffn_norm', 'mlp.gate_proj': 'ffn_gate', 'mlp.up_proj': 'ffn_up', 'mlp.down_proj': 'ffn_down',
  };
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    for (const [from, to] of Object.entries(names)) {
      const tensor = source(`model.layers.${layer}.${from}.weight`);
      yield rename(`blk.${layer}.${to}.weight`, to === 'attn_q' || to === 'attn_k' ? interleave(tensor, config.head_dim) : tensor);
    }
  }
}

// Hugging Face turns element i of a head with element i + head_dim / 2, llama.cpp's llama turns neighbours: rows 0, half, 1, half + 1, ...
function interleave({ shape, values }, headDim) {
  const [rows, columns] = shape;
  const half = headDim / 2;
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    const head = Math.floor(row / headDim) * headDim;
    const inHead = row - head;
    const from = head + (inHead % 2) * half + (inHead >> 1);
    result.set(values.subarray(from * columns, (from + 1) * columns), row * columns);
  }

  return { shape, values: result };
}

function fieldsOf(config) {
  const ids = Array.from({ length: config.vocab_size }, (_, id) => id);
  const isByte = id => id >= 256 && id < 512;
  return [
    ['general.architecture', 'string', 'llama'],
    ['llama.context_length', 'uint32', config.max_position_embeddings],
    ['llama.embedding_length', 'uint32', config.hidden_size],
    ['llama.block_count', 'uint32', config.num_hidden_layers],
    ['llama.feed_forward_length', 'uint32', config.intermediate_size],
    ['llama.rope.dimension_count', 'uint32', config.head_dim],
    ['llama.attention.key_length', 'uint32', config.head_dim],
    ['llama.attention.value_length', 'uint32', config.head_dim],
    ['llama.attention.head_count', 'uint32', config.num_attention_heads],
    ['llama.attention.head_count_kv', 'uint32', config.num_key_value_heads],
    ['llama.attention.layer_norm_rms_epsilon', 'float32', config.rms_norm_eps],
    ['llama.rope.freq_base', 'float32', config.rope_theta],
    ['llama.vocab_size', 'uint32', ids.length],

    // Ids go in and ids come out, so names that are merely different will do; but a vocabulary of this kind must have a token for each byte.
    ['tokenizer.ggml.model', 'string', 'llama'],
    ['tokenizer.ggml.tokens', 'array', ['string', ids.map(id => (isByte(id) ? `<0x${(id - 256).toString(16).toUpperCase().padStart(2, '0')}>` : `<t${id}>`))]],
    ['tokenizer.ggml.scores', 'array', ['float32', ids.map(() => 0)]],
    ['tokenizer.ggml.token_type', 'array', ['int32', ids.map(id => (isByte(id) ? tokenTypes.byte : tokenTypes.normal))]],
    ['tokenizer.ggml.bos_token_id', 'uint32', 1],
    ['tokenizer.ggml.eos_token_id', 'uint32', config.eos_token_id],
  ];
}

function readSafetensors(path) {
  const bytes = fs.readFileSync(path);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, start));
  return name => {
    const { dtype, shape, data_offsets: [begin, end] } = header[name];
    return { shape, values: toFloat32(dtype, bytes.subarray(start + begin, start + end)) };
  };
}

function toFloat32(dtype, bytes) {
  if (dtype === 'F32') {
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  }

  if (dtype !== 'BF16') {
    throw new Error(`Expected F32 or BF16, found ${dtype}.`);
  }

  // A bfloat16 is the upper half of a float32.
  const bits = new Uint32Array(bytes.length / 2);
  for (let i = 0; i < bits.length; i++) {
    bits[i] = bytes.readUInt16LE(2 * i) << 16;
  }

  return new Float32Array(bits.buffer);
}

function field([key, type, value]) {
  return Buffer.concat([text(key), uint32(valueTypes[type]), scalarOrArray(type, value)]);
}

function scalarOrArray(type, value) {
  switch (type) {
    case 'string': return text(value);
    case 'uint32': return uint32(value);
    case 'int32': { const b = Buffer.alloc(4); b.writeInt32LE(value); return b; }
    case 'float32': { const b = Buffer.alloc(4); b.writeFloatLE(value); return b; }
    case 'array': {
      const [itemType, items] = value;
      return Buffer.concat([uint32(valueTypes[itemType]), uint64(items.length), ...items.map(item => scalarOrArray(itemType, item))]);
    }
    default: throw new Error(type);
  }
}

function rename(name, tensor) { return { name, ...tensor }; }
function padded(length) { return Math.ceil(length / alignment) * alignment; }
function uint32(value) { const b = Buffer.alloc(4); b.writeUInt32LE(value); return b; }
function uint64(value) { const b = Buffer.alloc(8); b.writeBigUInt64LE(BigInt(value)); return b; }
function text(value) { const b = Buffer.from(value, 'utf8'); return Buffer.concat([uint64(b.length), b]); }
