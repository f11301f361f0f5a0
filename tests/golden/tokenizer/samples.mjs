// Texts that tokenizers get wrong: our own sentences, and strings drawn at random from pools of awkward characters.
export const written = [
  '', ' ', '\n', 'a', 'The keeper lit the lamp at dusk, and the sea went quiet.',
  "It's what they'd said: we'll go, I'm sure you've heard they're late, and he's not. IT'S WHAT THEY'D SAID: WE'LL GO, I'M SURE YOU'VE HEARD THEY'RE LATE.",
  "'s 't 're 've 'm 'll 'd 'S 'T 'RE 'vE 'x 'ſ 'r 'l 'v ''s' 'sea' don'tx rock'n'roll ’s", 'word\u017F it\u2019s',
  'one  two   three    four\tfive\t\tsix \t seven', '   leading', 'trailing   ', 'trailing\n', 'trailing \n ', ' \n \n x', '\r\n\r\n', 'a\r\nb\rc\nd\n\n\ne\r\r\nf', 'x \n\n  y', '\n \n', '\u00A0nbsp\u00A0\u00A0 x', '\u2003em \u2003space\u3000wide', '\u0085nel\u0085', '\u2028line\u2029para', '\u200Bzero\u200Bwidth', '\u1680ogham',
  '1 12 123 1234 12345 123456 1234567 3.14159 1,000,000 ٣٤٥٦ ⅔ ² Ⅷ 𝟘𝟙𝟚𝟛', 'v2.0.1-rc3 0x1F 1e-9 a1b22c333',
  'Hello!!! (what?) [no]... {yes} <b>&amp;</b> --- *** ___ ###\n/// ;;\n\n', 'for (int i = 0; i < n; i++)\n{\n    total += values[i] * 2.5f; // sum\n}\n', "def f(x):\n\tif x:\n\t\treturn {'a': [1, 2]}\n\n\nprint(f('q'))\n", 'https://example.org/a/b?c=d&e=%20f#g',
  '老人点亮了灯,海面安静下来。他说:“明天会下雨吗?”一二三,123,abc中文mixed文字。', '中文,没有空格的一整行文字也要能够正确切分', '灯台守は日が暮れると灯をともした。カタカナとひらがな、ABC123。ｶﾞ', '등대지기는 해질녘에 불을 켰다. 바다가 조용해졌다. 한글 조합: 한글 ᄒ각', 'أشعل الحارس المصباح عند الغروب، فهدأ البحر. ١٢٣ مُحَمَّد', 'ผู้ดูแลจุดตะเกียงตอนพลบค่ำ ทะเลก็สงบลง ๑๒๓', 'रखवाले ने दीया जलाया। क़ ज़ फ़', 'Смотритель зажёг лампу, и море стихло. Й ё', 'Ο φύλακας άναψε τη λάμπα. ΆΈΉ ᾂ', 'Người gác đèn thắp đèn. Việt Nữ ệ', 'שומר המגדלור הדליק את המנורה שָׁלוֹם',
  'café cafe\u0301 naïve nai\u0308ve Å A\u030A \u212B \u1E9B\u0323 q\u0307\u0323 q\u0323\u0307 \u0344 \u0958 \u2ADC', '\u0301start', 'a\u0300\u0301\u0302\u0316\u0315b', '가각힣 \u1100\u1161\u11A8 \u1100\u1161\u11A7', '\uFB01 \uFF21 ﷺ', '豈更 \u{2F800}', '\u0F43 \u0F73 \u0F71\u0F72 \u1B3B', '\u{1D15E} \u{110AB} \u{11935}\u{11930} \u{1611E}\u{1611F}',
  '👩‍👩‍👧‍👦 👍🏽 🏳️‍🌈 🇫🇷🇩🇪 ❤️ 🙂🙃', 'emoji🙂inside', '𝒜𝓁𝓅𝒽𝒶 𝔘𝔫𝔦 𐐀𐐨 𠀀𠮷 𞤀𞤢', 'ǅabc ʰmod ªº ABCdef ABCDefGHI iPhoneX HTTPServer aBcDe ŁÓDŹ', 'Aª ABªC ªA ªªA Aª\u0301B \u0301ABC \u0301abc \u0301A\u0301',
  '\u0000\u0001\u0002\u001F\u007F\u0080\u009F', 'tab\u000Bvt\u000Cff\u001Cfs\u001Dgs\u001Ers\u001Fus', '\uFEFFbom', '\uFFFD\uFFFE\uFFFF', 'lone \uD800 high', 'lone \uDC00 low', '\uD83D', '\uDE00\uD83D', 'x\uD83D\uD83D\uDE00y',
  '<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n', '<|im_start|><|im_end|><|endoftext|>', '<|im_start', 'a <|im_end|>  b  <|endoftext|>c', '<|IM_END|>', ' <mask> x<mask>y  <mask>', 'word words sword word, _word_ word1 word', 'cafe\u0301 token café', '<tool>  call  </tool>\n', 'ab abc abcd abx',
  'a'.repeat(40), 'ab'.repeat(60), ' '.repeat(70), '\n'.repeat(30), '='.repeat(80), 'the'.repeat(50), '0'.repeat(20), '哈'.repeat(30),
];

const pools = [
  ['a', 'b', 'e', 's', 't', 'r', 'v', 'l', 'd', 'm', 'A', 'S', 'LL', 'Re', 'the', 'ing'], [' ', ' ', '  ', '\t', '\n', '\r\n', '\r', '\u00A0', '\u3000', '\u2003'],
  ["'", "'s", "'LL", "'ſ", '’', '"'], ['0', '1', '23', '456', '٣', '²', '𝟘'], ['.', ',', '!', '?', '/', '//', '-', '(', ')', '€', '🙂', '\u200D', '\uFFFD'],
  ['中', '文', 'の', 'カ', '한', 'ก', 'ำ', 'ع', 'é', 'ß', 'Ж', 'ǅ', 'ʰ', 'ª', '𝒜', '𠀀', '𐐀'], ['\u0301', '\u0323', '\u0307', '\u0308', '\u0E48', '\u093C', '\u20DD', '\u0903'], ['\u1100', '\u1161', '\u11A8', '가', 'e\u0301', '\u212B', '\u0958'],
  ['\u0000', '\u001F', '\u0085', '\u2028', '\uFEFF', '\uD800', '\uDC00'], ['<|im_end|>', '<|im_start|>', '<mask>', 'word', 'token', 'café'],
];

/** Deterministic: a linear congruential generator decides everything. */
export function random(count) {
  let state = 20240917;
  const next = bound => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return Math.floor((state / 4294967296) * bound); };
  return Array.from({ length: count }, () => {
    const allowed = Array.from({ length: 1 + next(4) }, () => pools[next(pools.length)]);
    let text = '';
    for (let i = 2 + next(22); i > 0; i--) { const pool = allowed[next(allowed.length)]; text += pool[next(pool.length)]; }
    return text;
  });
}

export const texts = [...written, ...random(400)];
