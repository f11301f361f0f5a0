"""What the training programs promise. Run in this folder: ./run -m unittest discover -s tests (a minute on two cores)."""

import hashlib
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import numpy  # noqa: E402
import torch  # noqa: E402

import conversations  # noqa: E402
import documents  # noqa: E402
import tokenizer as bpe  # noqa: E402
from batches import Rows, Windows  # noqa: E402
from books import read_chapters  # noqa: E402
from checkpoints import load_model, load_safetensors, save_model  # noqa: E402
from model import LanguageModel, ModelConfig  # noqa: E402

TOY = ModelConfig(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1, head_dim=16, vocab_size=300)


def sentence(generator: random.Random) -> str:
    names, verbs = ["The captain", "A sailor", "The keeper", "My sister", "The old man"], ["saw", "left", "carried", "feared", "painted"]
    things = ["the lantern in the tower", "a letter from the harbour", "the boat beneath the cliffs", "every stone of the garden"]
    return f"{generator.choice(names)} {generator.choice(verbs)} {generator.choice(things)} before the long winter night."


def write_books(path: str, chapters: int = 12, paragraphs: int = 40) -> None:
    generator = random.Random(5)
    with open(path, "w", encoding="utf-8") as file:
        for book in range(2):
            parts = [
                {"title": f"Part {number}", "text": "\n\n".join(" ".join(sentence(generator) for _ in range(5)) for _ in range(paragraphs))}
                for number in range(chapters)
            ]
            file.write(json.dumps({"author": "Nobody", "title": f"Book {book}", "subjects": ["Fiction"], "chapters": parts}) + "\n")


def run(*arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=os.path.dirname(HERE), env={**os.environ, "OMP_NUM_THREADS": "1", **environment},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False,
    )
    if done.returncode != 0:
        raise AssertionError(done.stdout)
    return done.stdout


def run_two(*arguments: str) -> None:
    """Two processes with the environment that torchrun gives them (Debian's torchrun 1.13 does not start under Python 3.11)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    started = [
        subprocess.Popen(
            [sys.executable, *arguments], cwd=os.path.dirname(HERE), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", "RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": "2",
                 "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port, "GLOO_SOCKET_IFNAME": "lo"},
        )
        for rank in range(2)
    ]
    for process in started:
        output, _ = process.communicate(timeout=200)
        if process.returncode != 0:
            raise AssertionError(output)


def losses(folder: str):
    with open(os.path.join(folder, "log.jsonl"), encoding="utf-8") as lines:
        return [json.loads(line)["loss"] for line in lines]


class Preparation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.books = os.path.join(cls.folder.name, "books.jsonl")
        write_books(cls.books)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def prepare(self, name: str) -> str:
        out = os.path.join(self.folder.name, name)
        run("prepare.py", "--books", self.books, "--out", out)
        run("tokenizer.py", "--texts", os.path.join(out, "train.jsonl"), "--vocab-size", "300", "--out", os.path.join(out, "tokenizer.json"))
        run("prepare.py", "--tokens", out)
        return out

    def test_prepare_twice_gives_the_same_files(self):
        first, second = self.prepare("first"), self.prepare("second")
        for name in sorted(os.listdir(first)):
            with open(os.path.join(first, name), "rb") as one, open(os.path.join(second, name), "rb") as other:
                self.assertEqual(hashlib.sha256(one.read()).digest(), hashlib.sha256(other.read()).digest(), name)

    def test_split_depends_on_names_alone(self):
        kept = {(c.book, c.number): c.held_out for c in read_chapters(self.books)}
        self.assertTrue(any(kept.values()) or len(kept) < 100)
        longer = os.path.join(self.folder.name, "longer.jsonl")
        write_books(longer, paragraphs=41)
        self.assertEqual(kept, {(c.book, c.number): c.held_out for c in read_chapters(longer)})

    def test_a_bad_line_is_named(self):
        bad = os.path.join(self.folder.name, "bad.jsonl")
        with open(bad, "w", encoding="utf-8") as file:
            file.write('{"author": "A", "title": "B", "chapters": []}\n{"author": "A"}\n')
        with self.assertRaisesRegex(ValueError, "bad.jsonl: line 2: expected a book"):
            list(read_chapters(bad))

    def test_conversations_hold_the_text_and_add_up(self):
        rows = [c._asdict() for c in read_chapters(self.books)]
        document = next(documents.documents(rows, 3, lambda r: 4))
        self.assertEqual(4, len(document.sections))
        self.assertIn(f"{document.words:,}".replace(",", ""), document.instruction.replace(",", ""))
        for section in document.sections:
            self.assertLessEqual(abs(section.words - documents.count_words(section.text)), 5)
            self.assertIn(section.point, section.text)
        plan = conversations.plan_text(document)
        self.assertEqual(document.words, sum(int(line.split("Word Count: ")[1].split(" ")[0]) for line in plan.split("\n")))

    def test_texts_without_prose_are_refused(self):
        row = {"author": "A", "book": "B", "number": 1, "title": "", "subjects": [], "text": "1 2 3"}
        with self.assertRaisesRegex(ValueError, "found no document"):
            next(documents.documents([row], 3, lambda r: 2))

    def test_only_the_assistant_is_learned(self):
        vocab, merges = bpe.train(["Write a story. assistant user"], 280)
        path = os.path.join(self.folder.name, "t.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(bpe.to_json(vocab, merges), file)
        tokens = bpe.Tokenizer(path)
        ids, weights = conversations.encode([("user", "Write.", False), ("assistant", "A story.", True)], tokens)
        self.assertEqual("A story.<|im_end|>", tokens.decode(i for i, weight in zip(ids, weights) if weight))
        self.assertEqual("<|im_start|>user\nWrite.<|im_end|>\n<|im_start|>assistant\nA story.<|im_end|>\n", tokens.decode(ids))

    def test_what_decides_whether_more_follows_weighs_more(self):
        vocab, merges = bpe.train(["Write a story. assistant user"], 280)
        path = os.path.join(self.folder.name, "weights.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(bpe.to_json(vocab, merges), file)
        tokens = bpe.Tokenizer(path)
        ids, weights = conversations.encode([("user", "Write\n\na story.", False), ("assistant", "A\n\nB\nC", True)], tokens)
        heavy = conversations.DECISION_WEIGHT
        learned = [(tokens.decode([i]), weight) for i, weight in zip(ids, weights) if weight]
        self.assertEqual([("A", 1), ("\n", heavy), ("\n", 1), ("B", 1), ("\n", heavy), ("C", 1), ("<|im_end|>", heavy)], learned)

    def test_brief_texts_keep_their_bounds(self):
        rows = [c._asdict() for c in read_chapters(self.books)]
        texts = documents.documents(rows, 3, lambda r: 1, documents.BRIEF)
        lengths = [documents.count_words(next(texts).sections[0].text) for _ in range(40)]
        self.assertLessEqual(max(lengths), documents.BRIEF[1] + 10)
        self.assertGreaterEqual(min(lengths), documents.BRIEF[0])


class Vocabulary(unittest.TestCase):
    def test_incremental_counts_equal_naive_ones(self):
        generator = random.Random(9)
        for _ in range(20):
            texts = ["".join(generator.choice("aab bc ") for _ in range(60)) for _ in range(4)]
            self.assertEqual(naive_merges(texts, 290), bpe.train(texts, 290)[1])

    def test_encoding_round_trips(self):
        vocab, merges = bpe.train(["the cat sat on the mat, the end of the matter"] * 3, 290)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "tokenizer.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump(bpe.to_json(vocab, merges), file)
            tokens = bpe.Tokenizer(path)
            for text in ("the cat, the 猫 — “é” 🙂", "", "   \n\n x"):
                self.assertEqual(text, tokens.decode(tokens.encode(text)))
                self.assertEqual(len(text.encode("utf-8")), tokens.size_in_bytes(tokens.encode(text)))


def naive_merges(texts, vocab_size):
    """The definition, word for word: count all pairs anew for each merge."""
    import regex
    characters = bpe.byte_characters()
    ids = {token: number for number, token in enumerate(list(bpe.SPECIAL) + sorted(characters))}
    words = [[characters[byte] for byte in piece.encode("utf-8")] for text in texts for piece in regex.findall(bpe.PATTERN, text)]
    merges = []
    while len(ids) < vocab_size:
        counts = {}
        for word in words:
            for pair in zip(word, word[1:]):
                counts[pair] = counts.get(pair, 0) + 1
        if not counts or max(counts.values()) < 2:
            break
        best = min(counts, key=lambda pair: (-counts[pair], ids[pair[0]], ids[pair[1]]))
        merges.append(best)
        ids["".join(best)] = len(ids)
        for word in words:
            at = 0
            while at + 1 < len(word):
                if (word[at], word[at + 1]) == best:
                    word[at:at + 2] = ["".join(best)]
                at += 1
    return merges


class Batching(unittest.TestCase):
    def test_windows_cover_the_stream_once_an_epoch(self):
        windows = Windows(numpy.arange(1000, dtype=numpy.uint16), 10, 4, seed=1)
        seen = [int(windows[step].ids[row, 0]) for step in range(windows.per_epoch // 4) for row in range(4)]
        self.assertEqual(len(seen), len(set(seen)))
        batch = windows[3]
        self.assertTrue(torch.equal(batch.ids[:, 1:], batch.targets[:, :-1]))
        self.assertTrue(torch.equal(batch.ids, Windows(numpy.arange(1000, dtype=numpy.uint16), 10, 4, seed=1)[3].ids))

    def test_rows_learn_what_is_marked_and_weigh_one(self):
        rows = Rows([([1, 2, 3, 4], [0, 0, 1, 1]), ([5, 6, 7], [0, 1, 6])], 64, pad=0, seed=1)
        batch = rows[0]
        self.assertEqual({3, 4, 6, 7}, set(batch.targets[batch.targets >= 0].tolist()))
        self.assertAlmostEqual(1.0, batch.weights.sum().item(), places=6)
        self.assertAlmostEqual(6 / 9, batch.weights[batch.targets == 7].item(), places=6)
        self.assertTrue(torch.equal(rows[0].ids, rows[5].ids) or rows[5].ids.shape == batch.ids.shape)

    def test_too_short_a_stream_is_refused(self):
        with self.assertRaisesRegex(ValueError, "expected at least 21 tokens for windows of 10, found 12"):
            Windows(numpy.arange(12, dtype=numpy.uint16), 10, 1, seed=1)


class Models(unittest.TestCase):
    def test_saved_model_is_the_same_model(self):
        torch.manual_seed(3)
        model = LanguageModel(TOY)
        for parameter in model.parameters():
            parameter.data.add_(torch.randn_like(parameter) * 0.02)
        ids = torch.randint(0, 300, (1, 12))
        with tempfile.TemporaryDirectory() as folder:
            save_model(model, folder, torch.float32)
            self.assertTrue(torch.equal(model(ids), load_model(folder)(ids)))
            self.assertEqual((300, 32), tuple(load_safetensors(os.path.join(folder, "model.safetensors"))["model.embed_tokens.weight"].shape))

    def test_a_token_sees_nothing_after_it(self):
        torch.manual_seed(3)
        model = LanguageModel(TOY)
        for parameter in model.parameters():
            parameter.data.add_(torch.randn_like(parameter) * 0.05)
        ids = torch.randint(0, 300, (1, 12))
        changed = ids.clone()
        changed[0, 7:] = (changed[0, 7:] + 1) % 300
        self.assertTrue(torch.allclose(model(ids)[0, :7], model(changed)[0, :7], atol=1e-6))
        self.assertFalse(torch.allclose(model(ids)[0, 7:], model(changed)[0, 7:], atol=1e-3))


class Training(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.out = os.path.join(cls.folder.name, "data")
        books = os.path.join(cls.folder.name, "books.jsonl")
        write_books(books)
        run("prepare.py", "--books", books, "--out", cls.out)
        run("tokenizer.py", "--texts", os.path.join(cls.out, "train.jsonl"), "--vocab-size", "300", "--out", os.path.join(cls.out, "tokenizer.json"))
        run("prepare.py", "--tokens", cls.out)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def arguments(self, name: str, steps: int):
        shape = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 16}
        return [
            "train.py", "--stream", os.path.join(self.out, "train.bin"), "--tokenizer", os.path.join(self.out, "tokenizer.json"),
            "--model", json.dumps(shape), "--out", os.path.join(self.folder.name, name), "--steps", str(steps), "--length", "32",
            "--batch-tokens", "512", "--warmup", "5", "--lr", "1e-2", "--no-bf16", "--save-every", "10",
        ]

    def test_loss_falls(self):
        run(*self.arguments("falls", 60))
        values = losses(os.path.join(self.folder.name, "falls"))
        self.assertEqual(60, len(values))
        self.assertLess(sum(values[-5:]) / 5, 0.5 * values[0])

    def test_two_processes_give_the_losses_of_one(self):
        run(*self.arguments("one", 12))
        run_two(*self.arguments("two", 12))
        one, two = (losses(os.path.join(self.folder.name, name)) for name in ("one", "two"))
        # Muon's orthogonalisation runs in bfloat16, which widens the differences of float32 sums.
        numpy.testing.assert_allclose(two, one, rtol=2e-3)

    def test_an_interrupted_run_goes_on_as_if_nothing_had_happened(self):
        run(*self.arguments("whole", 20))
        run(*self.arguments("parts", 20), "--stop-after", "14")  # the last checkpoint is that of step 10
        run(*self.arguments("parts", 20))
        whole, parts = (losses(os.path.join(self.folder.name, name)) for name in ("whole", "parts"))
        numpy.testing.assert_allclose(parts, whole, rtol=1e-5)


if __name__ == "__main__":
    unittest.main()
