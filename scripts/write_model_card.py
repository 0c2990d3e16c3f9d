"""Write models/cqc-local-authority/CARD.md from the figures on the test split.

    python scripts/write_model_card.py

The tables are those `evidence-mapper evaluate` shows; nothing is worked out here.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from evidence_mapper import frameworks
from evidence_mapper.classify.corpus import corpus_files
from evidence_mapper.domain.framework import Framework
from evidence_mapper.workflow.evaluate import evaluate_files
from evidence_mapper.workflow.evaluation_report import Section, Table, remarks, sections
from evidence_mapper.workflow.evaluation_weak import weaknesses
from strangers import as_markdown

ROOT = Path(__file__).resolve().parents[1]
CARD = ROOT / "models" / "cqc-local-authority" / "CARD.md"
HELD_BACK = ROOT / "corpora" / "held_back"

HEAD = """# Model card: cqc-local-authority, version {version}

**For** suggesting which of the nine quality statements of the CQC's local authority framework a passage bears on, with
topics, I statements, evidence category and polarity. A person decides; the suggestion is never evidence by itself.

**Not for** scoring, rating or comparing councils, staff or people; not for deciding anything about a person.

**How.** Statements from words (TF-IDF, logistic regression), topics from words, and topics from an encoder fine-tuned
on the same passages (all-MiniLM-L6-v2, 384 dimensions, 256 tokens, weights stored as int8 and computed in float32),
combined and calibrated per statement by a logistic regression on {calibration} passages as strangers see them: for each of
six parts of the writers, encoder and words that had learned from the others alone; the latest writers are strangers to the
shipped encoder itself. "None" is suggested only where at most {none_loss} of evidence would be lost.

**Promise.** {promise}

**Trained on** {passages} invented passages ([datasheet](../../corpora/passages/README.md)), train and development splits.
The test split took no part. The regulator's published assessment reports were not used in any form.

**Rebuild.** `scripts/finetune_encoder.py` says how the encoder is made (needs torch; minutes on a GPU, hours without),
then `python scripts/build_models.py`, then `python scripts/write_model_card.py`. The second step gives the same arrays on
the same library versions.

## What it does badly

{weak}
- Passages of a few words are guesses. Passages on two statements often get only the stronger one in the first place.
- All training passages are invented by few hands, which share habits; how people with little English, or with dialect,
  write is thin, and so is handwriting that was scanned. What is written here of the test split flatters the classifier
  on a stranger's papers; `evidence-mapper suggest` says which of a project's documents are unlike the training passages.

## Figures on the test split ({n} passages, {evidence} of them evidence)

`evidence-mapper evaluate corpora/passages/*.jsonl corpora/passages/hands/*.jsonl --split test`

{remarks}
"""

HELD = """## {title} by writers it has never seen

{n:,} {what} from which nothing is learned ([datasheet](../../corpora/held_back/README.md)):
`evidence-mapper evaluate corpora/held_back/{file}`. Main statement first {first:.3f}, in the first two {two:.3f}; none recalled
{none:.3f}, evidence lost to it {lost:.3f}; recall of suggestions {recall:.3f}, precision {precision:.3f}; I statements, macro F1 {i:.3f}; polarity
{polarity:.3f}. {said}

"""
COMMENTS = {
    "title": "Comments",
    "what": "invented survey comments",
    "file": "comments.jsonl",
    "said": "On plain comments by strangers fewer suggestions are made than the promise says.",
}
PAPERS = {
    "title": "Papers",
    "what": "passages of invented council papers, read line by line under their headings,",
    "file": "papers.jsonl",
    "said": "In a project what stands around a line counts, too, and far less is lost: the datasheet has both.",
}

STRANGERS = """## Writers it has never seen

Passages of the train and development splits, each read by encoder, words and stack that had learned from other writers
alone (a sixth of the writers is left out at a time; `h82` and `h85` to `h92` came after the shipped encoder). Accuracy is of the main statement, among evidence. The thresholds are
the shipped ones, which were set on all these passages together; I statements, which take "none" back, are left aside. The
encoders of the sixths are one run each, the shipped one is the mean of five that learned from all writers before.

"""


def table(found: Table) -> str:
    """Return a table as Markdown, numbers set to the right."""
    rule = ["---:" if i in found.right else "---" for i in range(len(found.columns))]
    lines = [list(found.columns), rule, *map(list, found.rows)]
    return (
        "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
        + "\n"
    )


def section(found: Section) -> str:
    """Return a section as Markdown."""
    parts = [f"### {found.title}\n", *([found.note + "\n"] if found.note else [])]
    for one in found.tables:
        if one.rows:
            parts += [f"{one.caption}:\n", table(one)]
    return "\n".join(parts)


def held_back(framework: Framework, about: dict[str, str]) -> str:
    """Return what the classifier makes of passages held back."""
    figures = evaluate_files(framework, [HELD_BACK / about["file"]])
    return HELD.format(
        **about,
        n=figures["passages"],
        first=figures["main"]["accuracy"],
        two=figures["main"]["in_first_two"],
        none=figures["none"]["recall"],
        lost=figures["none"]["evidence_lost"],
        recall=figures["statements"]["micro_recall"],
        precision=figures["statements"]["micro_precision"],
        i=figures["i_statements"]["macro_f1"],
        polarity=figures["polarity"]["accuracy"],
    )


def card(figures: dict[str, Any], strangers: str, manifest: dict[str, Any]) -> str:
    """Return the card: figures of the test split, and what is told of passages held back."""
    spec = manifest["spec"]
    promised = figures["guarantee"]
    head = HEAD.format(
        version=manifest["version"],
        passages=f"{spec['passages']:,}",
        calibration=f"{spec['calibration']['passages']:.0f}",
        none_loss=f"{spec['fit']['none_loss']:.0%}",
        promise=promised["sentence"] if promised else "None is recorded.",
        weak="\n".join(f"- {line}" for line in weaknesses(figures)),
        remarks="\n".join(f"- {line}" for line in remarks(figures)),
        n=figures["passages"],
        evidence=figures["evidence"],
    )
    tables = "\n".join(section(s) for s in sections(figures) if s.brief)
    rest = strangers + STRANGERS + as_markdown(spec["strangers"])
    return head + "\n" + tables + "\n" + rest


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the model card from the figures on the test split.")
    parser.add_argument("--output", type=Path, default=CARD, help="file to write")
    output = parser.parse_args().output
    framework = frameworks.load("cqc-local-authority")
    figures = evaluate_files(framework, corpus_files(ROOT / "corpora" / "passages"), "test")
    strangers = "".join(held_back(framework, about) for about in (COMMENTS, PAPERS))
    manifest = json.loads((CARD.parent / "manifest.json").read_text(encoding="utf-8"))
    output.write_text(card(figures, strangers, manifest), encoding="utf-8", newline="\n")
    print(json.dumps({k: figures[k] for k in ("main", "none", "evidence_category", "polarity")}, indent=2))


if __name__ == "__main__":
    main()
