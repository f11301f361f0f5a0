#!/usr/bin/env bash
# Measures one model for docs/performance.md: decoding, prefill, batches, look-up, overhead, where a step's time goes, loading and documents of sections, beside llama.cpp and transformers.js; with DRAFT=FOLDER also drafts of that smaller model.
#
#   eng/performance.sh MODEL OUT
#
# OUT gets a JSON and a Markdown table for each step, a log, and the pictures. A step whose JSON is there is not run again, so what was broken off goes on where it was.
# Needs `npm ci` (or `npm install --no-save`) in tests/golden/llama-cpp and `npm ci` in benchmarks/LongWriter.Throughput/transformers-js.
# Everything can be set from outside (TRANSFORMERS= leaves it out): THREADS, PROFILE, PRECISIONS, CONTEXTS, PREFILL, ROUNDS, TOKENS, BATCH_CONTEXTS, BATCH_ROUNDS, LOOKUP_ROUNDS, LOOKUP_PRECISIONS, LOOKUP_TOKENS, PHASE_CONTEXTS, PHASE_TOKENS, DRAFT, DRAFT_PRECISIONS, DRAFT_ROUNDS, LOAD_ROUNDS, SECTIONS, SECTION_TOKENS,
# SECTION_PRECISIONS, SECTION_ROUNDS, WAYS, PEER_WAYS, STEPS, LLAMA, TRANSFORMERS.
set -euo pipefail

if [ $# -ne 2 ]; then
  echo "Usage: eng/performance.sh MODEL OUT" >&2
  exit 2
fi

root=$(cd "$(dirname "$0")/.." && pwd)
model=$1
out=$2
mkdir -p "$out"

# Lengths that the model can hold: 600 tokens of instruction and plan, then 40 of question for each section.
positions=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).max_position_embeddings' "$model/config.json")
tokens=${TOKENS:-64}
longest=$((positions - tokens - 1 < 8000 ? positions - tokens - 1 : 8000))
section_tokens=${SECTION_TOKENS:-750}
most_sections=$(((positions - 601) / (section_tokens + 40)))
sections=${SECTIONS:-$((most_sections < 20 ? most_sections : 20))}
threads=${THREADS:-2}
precisions=${PRECISIONS:-int4,int8}

# Look-up and overhead are measured where texts do not depend on the shape of a step: in the fast profile with operators of ours, which needs AVX-512.
profile=${PROFILE:-fast}
llama=${LLAMA:-$root/tests/golden/llama-cpp/node_modules/@node-llama-cpp/linux-x64/bins/linux-x64}
transformers=${TRANSFORMERS-$root/benchmarks/LongWriter.Throughput/transformers-js}

say() { echo "$(date -u +%H:%M:%S) $*" | tee -a "$out/log.txt" >&2; }

# step NAME ARGUMENTS...: the table goes to NAME.md; the JSON is there only when all of it was measured.
step() {
  local name=$1
  shift
  case ",${STEPS:-$name}," in *",$name,"*) ;; *) return 0 ;; esac
  if [ -e "$out/$name.json" ]; then
    say "$name: is there."
    return 0
  fi

  say "$name: $*"
  local begin=$SECONDS
  dotnet "$program" "$@" --threads "$threads" --json "$out/$name.part" > "$out/$name.md" 2> >(tee -a "$out/log.txt" >&2)
  mv "$out/$name.part" "$out/$name.json"
  say "$name: $((SECONDS - begin)) s."
}

dotnet build "$root/benchmarks/LongWriter.Throughput" -c Release -v q --nologo
program=$root/benchmarks/LongWriter.Throughput/bin/Release/net10.0/LongWriter.Throughput.dll

step bandwidth --bandwidth 1024 --rounds 10
# One precision at a time: what was measured is kept when the next one is broken off.
for precision in ${precisions//,/ }; do
  step "peers-$precision" --model "$model" --precision "$precision" --contexts "${CONTEXTS:-128,2048,$longest}" --prefill "${PREFILL:-512,2048,$longest}" \
    --rounds "${ROUNDS:-3}" --tokens "$tokens" --llama "$llama" ${transformers:+--transformers "$transformers"}
  step "batch-$precision" --model "$model" --precision "$precision" --contexts "${BATCH_CONTEXTS:-128,2048}" --batch 1,8 --rounds "${BATCH_ROUNDS:-5}" --tokens "$tokens" --llama "$llama"
done
step lookup --model "$model" --profile "$profile" --precision "${LOOKUP_PRECISIONS:-int4}" --contexts "${BATCH_CONTEXTS:-128,2048}" --lookup 1 --rounds "${LOOKUP_ROUNDS:-3}" --tokens "${LOOKUP_TOKENS:-256}"
step overhead --model "$model" --profile "$profile" --precision "$precisions" --contexts "${BATCH_CONTEXTS:-128,2048}" --rounds "${ROUNDS:-3}" --tokens "$tokens"
step phases --model "$model" --profile "$profile" --precision "$precisions" --phases 1 --contexts "${PHASE_CONTEXTS:-128,2048}" --rounds "${ROUNDS:-3}" --tokens "${PHASE_TOKENS:-96}"
if [ -n "${DRAFT:-}" ]; then
  step drafts --model "$model" --profile "$profile" --precision "${DRAFT_PRECISIONS:-int4}" --draft "$DRAFT" --contexts "${BATCH_CONTEXTS:-128,2048}" --rounds "${DRAFT_ROUNDS:-4}" --tokens 256
fi

step load --model "$model" --profile "$profile" --precision "$precisions" --load 1 --rounds "${LOAD_ROUNDS:-5}"
step sections --model "$model" --precision "${SECTION_PRECISIONS:-int4}" --sections "$sections" --section-tokens "$section_tokens" --rounds "${SECTION_ROUNDS:-1}" --llama "$llama" \
  --ways "${WAYS:-conversation,paper,paper-kept}" --peer-ways "${PEER_WAYS:-conversation,paper,paper-kept}"

node "$root/eng/performance-plots.mjs" "$out" "$out" | tee -a "$out/log.txt" >&2
