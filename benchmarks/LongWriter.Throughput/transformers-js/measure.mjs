// Writes given texts with transformers.js, for LongWriter.Throughput: node measure.mjs FOLDER q4|q8 THREADS
// A line of input is {"text": [ids], "promptTokens": n}; the answer has seconds to the first token behind the prompt, from there to the last,
// and the token that was likeliest at each place. generate() does the work, as for its users; a processor of logits then puts the text's token first.
import { createInterface } from "node:readline";
import { AutoModelForCausalLM, LogitsProcessor, LogitsProcessorList, Tensor, env } from "@huggingface/transformers";

class Force extends LogitsProcessor {
  constructor(text, at) {
    super();
    this.text = text;
    this.at = at;
    this.likeliest = [];
  }

  _call(_, logits) {
    const values = logits.data;
    let best = 0;
    for (let i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }

    this.likeliest.push(best);
    values[this.text[this.at++]] = 1e9;
    return logits;
  }
}

class Stamps {
  times = [];
  ids = [];

  put(ids) {
    this.times.push(performance.now());
    this.ids.push(Number(ids[0].at(-1)));
  }

  end() {}
}

const [folder, dtype, threads] = process.argv.slice(2);
env.allowRemoteModels = false;
env.localModelPath = "";
const model = await AutoModelForCausalLM.from_pretrained(folder, { dtype, device: "cpu", session_options: { intraOpNumThreads: Number(threads), interOpNumThreads: 1 } });

// Texts may hold the token that ends one.
model.generation_config.eos_token_id = null;
console.log("{}");

for await (const line of createInterface({ input: process.stdin })) {
  const { text, promptTokens } = JSON.parse(line);
  const force = new Force(text, promptTokens);
  const processors = new LogitsProcessorList();
  processors.push(force);
  const stamps = new Stamps();
  const ids = BigInt64Array.from(text.slice(0, promptTokens), BigInt);
  const dims = [1, promptTokens];
  const begin = performance.now();
  await model.generate({
    input_ids: new Tensor("int64", ids, dims),
    attention_mask: new Tensor("int64", new BigInt64Array(promptTokens).fill(1n), dims),
    max_new_tokens: text.length - promptTokens,
    do_sample: false,
    eos_token_id: null,
    logits_processor: processors,
    streamer: stamps,
  });
  const written = stamps.ids.slice(1);
  if (written.length !== text.length - promptTokens || written.some((id, i) => id !== text[promptTokens + i])) {
    throw new Error(`The text's tokens must come out but ${written.length} of ${text.length - promptTokens} others did.`);
  }

  const [, first] = stamps.times;
  console.log(JSON.stringify({ toFirst: (first - begin) / 1000, fromFirst: (stamps.times.at(-1) - first) / 1000, likeliest: force.likeliest }));
}
