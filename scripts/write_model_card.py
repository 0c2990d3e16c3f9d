"""Write models/cqc-local-authority/CARD.md from the figures on the test split.

python scripts/write_model_card.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from evidence_mapper import frameworks
from evidence_mapper.classify.corpus import corpus_files
from evidence_mapper.workflow.evaluate import evaluate_files

ROOT = Path(__file__).resolve().parents[1]
CARD = ROOT / "models" / "cqc-local-authority" / "CARD.md"

HEAD = """# Model card: cqc-local-authority, version {version}

**For** suggesting which of the nine quality statements of the CQC's local authority framework a passage bears on, with
topics, I statements, evidence category and polarity. A person decides; the suggestion is never evidence by itself.

**Not for** scoring, rating or comparing councils, staff or people; not for deciding anything about a person.

**How.** Statements from words (TF-IDF, logistic regression), topics from words, and topics from an encoder fine-tuned
on the same passages (all-MiniLM-L6-v2, 384 dimensions, 256 tokens, weights stored as int8 and computed in float32),
combined and calibrated per statement by a logistic regression on {calibration} passages the three had not seen, part of
them by two writers (h7, h10) the encoder run behind them had not seen either. Thresholds: at least 90 % of each
statement's evidence suggested on those passages; "none" suggested only where at most 2 % of evidence would be lost.

**Trained on** {passages} invented passages ([datasheet](../../corpora/passages/README.md)), train and development splits.
The test split took no part. The regulator's published assessment reports were not used in any form.

**Rebuild.** `python scripts/finetune_encoder.py --base FOLDER` (needs torch; about 20 minutes on two cores), then
`python scripts/build_models.py`, then `python scripts/write_model_card.py`. The second step gives the same arrays on the
same library versions.

## Figures on the test split ({n} passages, {evidence} of them evidence)

`evidence-mapper evaluate corpora/passages/*.jsonl corpora/passages/hands/*.jsonl --split test`

These passages come from the same writers as the training passages. **On a stranger's papers expect less**: see the
writers nobody trained on, below.
"""

UNSEEN = """
## Writers that were left out altogether

Main statement first, heads and encoder fitted without them (180 passages each, all of them evidence):

| writer | words | topics from words | encoder | the three together (equal weights) |
|---|---|---|---|---|
| h7, abstract report prose | 0.767 | 0.772 | 0.817 | 0.856 |
| h10, dense abstract prose, heavy with other statements' words | 0.817 | 0.822 | 0.839 | 0.883 |
"""

LIMITS = """
## What it does badly

- The weakest writers and source types are in the tables above. Passages of a few words are guesses.
- Table rows and form fields have been seen little; their headings are read only when the passage is short.
- Passages on two statements often get only the stronger one in the first place.
- All training passages are invented by few hands, which share habits; how people with little English, or with dialect,
  write is thin, and so is handwriting that was scanned.
- Groups of people: whether passages that name a group (faith, ethnicity, disability, sexuality, Traveller communities)
  are placed as well as others has not been measured yet.
"""


def number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def table(columns: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def body(found: dict[str, Any]) -> str:
    main, none, codes = found["main"], found["none"], found["statements"]
    figures = [
        ["main statement first", number(main["accuracy"])],
        ["main statement, macro F1", number(main["macro_f1"])],
        ["main statement in the first two", number(main["in_first_two"])],
        ["recall of suggestions, all statements", number(codes["micro_recall"])],
        ["precision of suggestions", number(codes["micro_precision"])],
        ["suggestions a passage of evidence", number(none["suggestions_per_passage"])],
        ["none: recall", number(none["recall"])],
        ["none: evidence lost", number(none["evidence_lost"])],
        ["evidence abstained on", number(none["evidence_abstained"])],
        ["I statements, macro F1", number(found["i_statements"]["macro_f1"])],
        ["evidence category, accuracy", number(found["evidence_category"]["accuracy"])],
        ["polarity, accuracy", number(found["polarity"]["accuracy"])],
        [
            "expected calibration error, all statements",
            number(found["calibration"]["expected_calibration_error"]),
        ],
    ]
    each = found["calibration"]["by_statement"]
    by_code = [
        [c["code"], str(c["support"]), *(number(c[k]) for k in ("precision", "recall", "f1", "average_precision")),
         number(each.get(c["code"]))]
        for c in codes["codes"]
    ]  # fmt: skip
    first = [
        [
            c["code"],
            str(c["support"]),
            *(number(c[k]) for k in ("precision", "recall", "f1", "average_precision")),
        ]
        for c in found["i_statements"]["codes"]
    ]
    bins = [
        [
            f"{b['low']:.1f} to {b['high']:.1f}",
            str(b["count"]),
            number(b["mean_probability"]),
            number(b["share_true"]),
        ]
        for b in found["calibration"]["reliability"]
    ]
    groups = {
        key: [[k, str(v["passages"]), number(v["main_accuracy"])] for k, v in found[key].items()]
        for key in ("by_writer", "by_source_type")
    }
    wrong = [[c["is"], c["taken_for"], str(c["passages"])] for c in found["confusions"]]
    measures = ["passages", "precision", "recall", "F1", "average precision"]
    return "\n".join(
        [
            table(["figure", "value"], figures),
            table(["statement", *measures, "calibration error"], by_code),
            table(["I statement", *measures], first),
            "Reliability over all statements:\n",
            table(["probability", "predictions", "mean", "came true"], bins),
            "Main statement first, by writer and by source type (small groups say little):\n",
            table(["writer", "passages", "accuracy"], groups["by_writer"]),
            table(["source type", "passages", "accuracy"], groups["by_source_type"]),
            "Most frequent confusions:\n",
            table(["is", "taken for", "passages"], wrong),
        ]
    )


def main() -> None:
    framework = frameworks.load("cqc-local-authority")
    found = evaluate_files(framework, corpus_files(ROOT / "corpora" / "passages"), "test")
    manifest = json.loads((CARD.parent / "manifest.json").read_text(encoding="utf-8"))
    spec = manifest["spec"]
    head = HEAD.format(
        version=manifest["version"],
        passages=f"{spec['passages']:,}",
        calibration=f"{spec['calibration']['passages']:.0f}",
        n=found["passages"],
        evidence=found["evidence"],
    )
    CARD.write_text(head + "\n" + body(found) + UNSEEN + LIMITS, encoding="utf-8", newline="\n")
    print(json.dumps({k: found[k] for k in ("main", "none", "evidence_category", "polarity")}, indent=2))


if __name__ == "__main__":
    main()
