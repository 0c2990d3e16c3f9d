"""Rebuild models/names: the list of ordinary words and the small name model, trained on invented notes.

    python scripts/build_names.py

Learns from frames in corpora/notes/frames, filled anew each round from corpora/notes/lists. No name
that is marked in corpora/notes/test.jsonl is used for a fill, so that the test measures names the model
never saw. Takes ten minutes on two cores. `--lists` renews the word lists alone, in a second: what the models
learned from stays as the manifest names it.
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import re
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import spacy
from spacy.training import Example
from spacy.util import fix_random_seed, minibatch

from evidence_mapper.classify.corpus import corpus_files, read_passages
from evidence_mapper.domain.ids import sha256_file
from evidence_mapper.redact.artefact import (
    FILES,
    LEXICON,
    MANIFEST,
    MODELS,
    NEVER,
    SHORT,
    WORDS,
    Lexicon,
    load_lexicon,
    sections,
)
from evidence_mapper.redact.model import membership, settings
from name_frames import SLOT, Filler, frames

ROOT = Path(__file__).resolve().parents[1]
NAMES = ROOT / "models" / "names"
NOTES = ROOT / "corpora" / "notes"
LISTS = {"lexicon.txt": LEXICON, "nicknames.txt": SHORT, "not_names.txt": NEVER}
"""Lists that are shipped as they are written."""
SPEC = {"width": 64, "rows": 2000, "depth": 3}
FORGOTTEN = 0.35
"""Share of names in training of which the model is not told that a list holds them."""


def ordinary_words(passages: Iterable[str], own: Iterable[str]) -> list[str]:
    """Return words written small at least twice in passages about social care, or once in a frame."""
    counts = collections.Counter(
        w for t in passages for w in re.findall(r"(?<![\w'’-])[a-z]+(?:['-][a-z]+)*", t)
    )
    kept = {w for w, n in counts.items() if n > 1 and len(w) > 1}
    return sorted(kept | {w for t in own for w in re.findall(r"(?<![\w'’{-])[a-z]{2,}", SLOT.sub("", t))})


def held_out(path: Path) -> frozenset[str]:
    """Return every part of every person's name in the test notes, in lower case."""
    names = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for span in row["spans"]:
            if span["type"] == "PERSON":
                names.update(re.findall(r"[^\W\d_]{2,}", row["text"][span["start"] : span["end"]].casefold()))
    return frozenset(names)


class Trainer:
    def __init__(self, lexicon: Lexicon, filler: Filler, negatives: list[str], seed: int) -> None:
        fix_random_seed(seed)
        self.lexicon, self.filler, self.negatives = lexicon, filler, negatives
        self.frames = list(frames(NOTES / "frames"))
        self.draw = random.Random(seed)
        self.language = spacy.blank("en")
        self.ner = self.language.add_pipe("ner", config=settings(**SPEC))

    def examples(self, copies: int, negatives: int) -> Iterator[Example]:
        texts: list[tuple[str, list[tuple[int, int, str]]]] = []
        for frame in self.frames:
            texts += [self.filler.fill(frame) for _ in range(copies if SLOT.search(frame) else 2)]
        texts += [(t, []) for t in self.draw.sample(self.negatives, min(negatives, len(self.negatives)))]
        self.draw.shuffle(texts)
        for text, found in texts:
            doc = self.language.make_doc(text)
            spans = [doc.char_span(a, b, label=label, alignment_mode="expand") for a, b, label in found]
            names = {t.i for s in spans if s.label_ == "PERSON" for t in s}
            for token in doc:
                known = membership(token.text, self.lexicon)
                forget = token.i in names and self.draw.random() < FORGOTTEN and "." in known
                token.tag_ = "no.new" if forget else known
            reference = self.language.make_doc(text)
            reference.set_ents(
                [
                    spacy.tokens.Span(reference, s.start, s.end, s.label)
                    for s in spacy.util.filter_spans(spans)
                ]
            )
            yield Example(doc, reference)

    def train(self, rounds: int, copies: int, negatives: int, target: Path) -> None:
        """Train, and write the model out after each round, so that a long run can be stopped."""
        first = list(self.examples(1, 50))
        optimizer = self.language.initialize(lambda: first)
        optimizer.learn_rate = 0.002
        for n in range(rounds):
            losses: dict[str, float] = {}
            start, examples = time.monotonic(), list(self.examples(copies, negatives))
            optimizer.learn_rate = 0.002 * (1 - 0.9 * n / rounds)
            for batch in minibatch(examples, size=24):
                self.language.update(batch, drop=0.15, sgd=optimizer, losses=losses)
            target.write_bytes(self.ner.to_bytes(exclude=["vocab"]))
            print(
                (
                    f"round {n + 1}: loss {losses['ner']:.0f}, {len(examples)} "
                    f"notes, {time.monotonic() - start:.0f} s"
                ),
                file=sys.stderr,
                flush=True,
            )


def negatives_of(passages: Iterable[str], lexicon: Lexicon) -> list[str]:
    """Return passages without any word that might be a name, other than where a sentence opens."""
    kept = []
    for text in passages:
        capitals = re.findall(r"(?<=[a-z,;] )[A-Z][a-z]+", text)
        if all(
            c.casefold() in lexicon.words | lexicon.never and c.casefold() not in lexicon.given
            for c in capitals
        ):
            kept.append(text)
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description="Rebuild models/names.")
    parser.add_argument("--output", type=Path, default=NAMES, help="folder to write to")
    parser.add_argument("--rounds", type=int, default=16)
    parser.add_argument("--copies", type=int, default=7, help="fills of each frame in a round")
    parser.add_argument(
        "--lists", action="store_true", help="renew the word lists alone, and keep the models"
    )
    arguments = parser.parse_args()
    passages = [p.text for p in read_passages(corpus_files(ROOT / "corpora" / "passages"))]
    for source, name in LISTS.items():
        shutil.copyfile(NOTES / "lists" / source, arguments.output / name)
    own = [*frames(NOTES / "frames"), (NOTES / "lists" / "care_words.txt").read_text(encoding="utf-8")]
    words = ordinary_words(passages, own)
    (arguments.output / WORDS).write_text("\n".join(words) + "\n", encoding="utf-8", newline="\n")
    if arguments.lists:
        renew_hashes(arguments.output)
        return 0
    lexicon = load_lexicon(arguments.output)
    names, unseen = sections(arguments.output / LEXICON), held_out(NOTES / "test.jsonl")
    negatives = negatives_of(passages, lexicon)
    print(f"{len(words)} ordinary words, {len(negatives)} passages without names", file=sys.stderr)
    for seed, model in enumerate(MODELS, start=5):
        trainer = Trainer(lexicon, Filler(names, unseen, seed), negatives, seed)
        trainer.train(arguments.rounds, arguments.copies, 200, arguments.output / model)
    write_manifest(arguments.output, len(trainer.frames), arguments)
    return 0


def hashes(paths: Iterable[Path]) -> dict[str, str]:
    """Return the hash of each file by its path within the repository."""
    return {p.relative_to(ROOT).as_posix(): sha256_file(p) for p in paths}


def list_sources() -> list[Path]:
    """Return the files from which, beside corpora/passages, the shipped word lists are made."""
    return [*sorted((NOTES / "frames").glob("*.txt")), *sorted((NOTES / "lists").glob("*.txt"))]


def renew_hashes(folder: Path) -> None:
    """Put the hashes of changed lists into the manifest; what the models learned from stays as it says."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    write(folder, manifest | shipped(folder))


def shipped(folder: Path) -> dict[str, Any]:
    """Return what a manifest says of the files as they are now."""
    return {"files": {name: sha256_file(folder / name) for name in FILES}, "lists": hashes(list_sources())}


def write(folder: Path, manifest: dict[str, Any]) -> None:
    text = json.dumps(manifest, indent=2, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def write_manifest(folder: Path, frames_read: int, arguments: argparse.Namespace) -> None:
    sources = [
        *list_sources(),
        Path(__file__).resolve(),
        Path(__file__).resolve().with_name("name_frames.py"),
    ]
    facts: dict[str, Any] = {
        "name": "names",
        "version": "1",
        "licence": "MIT",
        "spec": {
            "model": SPEC,
            "rounds": arguments.rounds,
            "copies": arguments.copies,
            "frames": frames_read,
        },
        "made_with": {"spacy": spacy.__version__},
        "training": hashes(sources),
    }
    write(folder, facts | shipped(folder))


if __name__ == "__main__":
    raise SystemExit(main())
