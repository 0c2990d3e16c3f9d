"""The tables, once for SQLite and PostgreSQL.

Every table that others point to has an integer key called ``number``, so that indexes stay narrow;
``id`` is the name the rest of the program uses. Suggestions are the machine's and codings a
person's: they never share a table. Columns called JSON hold canonical JSON as text.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _number() -> Column[int]:
    return Column("number", Integer, primary_key=True)


def _text(name: str, *, unique: bool = False) -> Column[str]:
    return Column(name, Text, nullable=False, unique=unique or None)


def _integer(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _refers(name: str, target: str, *, unique: bool = False, index: bool = False) -> Column[int]:
    return Column(
        name, Integer, ForeignKey(target), nullable=False, unique=unique or None, index=index or None
    )


def _key(name: str, target: str) -> Column[int]:
    return Column(name, Integer, ForeignKey(target), primary_key=True, autoincrement=False)


def _coder(*, key: bool = False) -> Column[str]:
    return Column("coder", Text, ForeignKey("coders.name"), nullable=False, primary_key=key)


project: Final = Table("project", metadata, Column("key", Text, primary_key=True), _text("value"))

migrations: Final = Table(
    "migrations",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    _text("name"),
    _text("applied_at"),
)

documents: Final = Table(
    "documents",
    metadata,
    _number(),
    _text("id", unique=True),
    _text("name", unique=True),
    _text("source_type"),
    Column("source_type_by", Text),
    _text("added_at"),
)

revisions: Final = Table(
    "revisions",
    metadata,
    _number(),
    _text("id", unique=True),
    _refers("document_number", "documents.number"),
    _text("file_sha256"),
    _text("media_type"),
    Column("pages", Integer),
    _text("text"),
    _text("text_sha256"),
    _text("extractor"),
    _text("created_at"),
    # No constraint: the same file may be read again by a newer reader.
    Index("ix_revisions_document", "document_number", "file_sha256"),
)

current_revisions: Final = Table(
    "current_revisions",
    metadata,
    _key("document_number", "documents.number"),
    _refers("revision_number", "revisions.number", unique=True),
)

document_facts: Final = Table(
    "document_facts",
    metadata,
    _key("revision_number", "revisions.number"),
    _text("unread_pages"),
    _text("warnings"),
    _text("metadata"),
)

exclusions: Final = Table(
    "exclusions",
    metadata,
    _number(),
    _refers("revision_number", "revisions.number", index=True),
    _text("text"),
    _text("reason"),
    _text("location"),
)

refusals: Final = Table(
    "refusals",
    metadata,
    Column("name", Text, primary_key=True),
    _text("code"),
    _text("message"),
    Column("file_sha256", Text),
    _text("at"),
)

passages: Final = Table(
    "passages",
    metadata,
    _number(),
    _text("id", unique=True),
    _refers("revision_number", "revisions.number"),
    _refers("document_number", "documents.number", index=True),
    _integer("ordinal"),
    _integer("span_start"),
    _integer("span_end"),
    _text("text"),
    _text("text_sha256"),
    # Case-folded text, only where that differs from lower-casing A to Z: what a search looks through.
    Column("folded", Text),
    _text("kind"),
    _text("location"),
    _text("heading_path"),
    Column("context", Text),
    _text("attributes"),
    UniqueConstraint("revision_number", "ordinal"),
    CheckConstraint("span_start >= 0 AND span_end > span_start", name="span"),
)

runs: Final = Table(
    "runs",
    metadata,
    _number(),
    _text("id", unique=True),
    _text("artefact"),
    _text("artefact_sha256"),
    _text("framework"),
    _text("started_at"),
)

suggestions: Final = Table(
    "suggestions",
    metadata,
    _key("run_number", "runs.number"),
    _key("passage_number", "passages.number"),
    Column("none_probability", Float, nullable=False),
    _integer("abstained"),
    _integer("none_suggested"),
    Column("top_statement", Text),
    Column("top_probability", Float),
    Column("evidence_category", Text),
    Column("polarity", Text),
    _text("payload"),
    # For the foreign key's own checks.
    Index("ix_suggestions_passage_number", "passage_number"),
)

suggested_codes: Final = Table(
    "suggested_codes",
    metadata,
    _key("run_number", "runs.number"),
    _key("passage_number", "passages.number"),
    Column("kind", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("probability", Float, nullable=False),
    Index("ix_suggested_codes_by_code", "run_number", "kind", "code", "passage_number"),
    Index("ix_suggested_codes_passage_number", "passage_number"),
)

# How much a run suggests, over all live passages: derived from suggested_codes and queue_items, and used for
# as long as the project says that it is of their present state; see counts.py.
suggested_counts: Final = Table(
    "suggested_counts",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("evidence_category", Text, primary_key=True),
    _integer("number"),
    # Sum of the probabilities, in billionths.
    _integer("parts"),
)

coders: Final = Table("coders", metadata, Column("name", Text, primary_key=True), _text("first_seen_at"))

events: Final = Table(
    "events",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    _text("id", unique=True),
    _text("at"),
    _coder(),
    _text("action"),
    _text("subject"),
    _text("framework"),
    Column("run_id", Text),
    _text("payload"),
    # Sequence of the decision an UNDONE event takes back: unique, so no decision is undone twice.
    Column("undoes", Integer, ForeignKey("events.sequence"), unique=True),
    Index("ix_events_subject", "subject", "coder", "action", "sequence"),
    Index("ix_events_coder", "coder", "sequence"),
    Index("ix_events_action", "action", "sequence"),
)

# The decision that holds, one a coder and passage: derived from events.
decisions: Final = Table(
    "decisions",
    metadata,
    _coder(key=True),
    _key("passage_number", "passages.number"),
    Column("sequence", Integer, ForeignKey("events.sequence"), nullable=False, unique=True),
    _text("outcome"),
    Column("evidence_category", Text),
    Column("polarity", Text),
    Column("note", Text),
    _text("decided_at"),
    Index("ix_decisions_passage", "passage_number", "outcome"),
    Index("ix_decisions_outcome", "coder", "outcome", "passage_number"),
    Index("ix_decisions_latest", "coder", "sequence"),
)

# The codes of the decisions that hold: derived from events.
codings: Final = Table(
    "codings",
    metadata,
    _key("passage_number", "passages.number"),
    _coder(key=True),
    Column("kind", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    _text("verdict"),
    # Copied from the decision so that the matrix is counted from one index; "" when not set.
    _text("evidence_category"),
    _text("polarity"),
    Index("ix_codings_by_code", "kind", "code", "verdict", "evidence_category", "passage_number", "polarity"),
)

# What the queue is sorted and filtered by: one narrow row for each passage of a newest revision
# (live 1) and each older passage that carries a decision (live 0). Derived; see ranking.py.
queue_items: Final = Table(
    "queue_items",
    metadata,
    _key("passage_number", "passages.number"),
    _refers("document_number", "documents.number"),
    _integer("ordinal"),
    _integer("live"),
    Column("likely_key", Float, nullable=False),
    Column("uncertain_key", Float, nullable=False),
    _text("suggested_category"),
    Index("ix_queue_items_likely", "likely_key", "document_number", "ordinal", "passage_number", "live"),
    Index(
        "ix_queue_items_uncertain", "uncertain_key", "document_number", "ordinal", "passage_number", "live"
    ),
    Index("ix_queue_items_document", "document_number", "ordinal", "passage_number", "live"),
)

# Other names under which a document's bytes were met: a second copy is no second document.
copies: Final = Table(
    "copies",
    metadata,
    Column("name", Text, primary_key=True),
    _refers("document_number", "documents.number", index=True),
    _text("file_sha256"),
    _text("at"),
)

# What the project has learned from its decisions: a few arrays on top of a shipped classifier.
heads: Final = Table(
    "heads",
    metadata,
    _number(),
    _text("id", unique=True),
    _text("at"),
    _coder(),
    _text("base"),
    _text("base_sha256"),
    _integer("decisions"),
    _text("spec"),
    Column("data", LargeBinary, nullable=False),
    _text("data_sha256"),
)

# What a passage says, shortened: passages with the same key say the same. Derived from passages.
passage_keys: Final = Table(
    "passage_keys",
    metadata,
    _key("passage_number", "passages.number"),
    _text("key"),
    Index("ix_passage_keys_key", "key", "passage_number"),
)

# Each time another revision became a document's newest.
version_changes: Final = Table(
    "version_changes",
    metadata,
    _number(),
    _refers("document_number", "documents.number", index=True),
    _refers("from_revision", "revisions.number"),
    _refers("to_revision", "revisions.number"),
    _text("at"),
)

# What became of each passage of the version before, and of older ones whose decisions were left behind.
passage_fates: Final = Table(
    "passage_fates",
    metadata,
    _key("change_number", "version_changes.number"),
    _key("old_number", "passages.number"),
    Column("new_number", Integer, ForeignKey("passages.number")),
    _text("fate"),
    Column("similarity", Float, nullable=False),
    Index("ix_passage_fates_old", "old_number", "change_number"),
    Index("ix_passage_fates_new", "new_number", "fate", "change_number"),
)

# Decisions that went along to a new version: derived from the events.
carried: Final = Table(
    "carried",
    metadata,
    Column("sequence", Integer, ForeignKey("events.sequence"), primary_key=True, autoincrement=False),
    # The event in which the coder decided, however many versions ago.
    Column("origin", Integer, ForeignKey("events.sequence"), nullable=False),
    _refers("from_number", "passages.number"),
    _refers("passage_number", "passages.number"),
    UniqueConstraint("origin", "passage_number"),
    Index("ix_carried_passage_number", "passage_number"),
    Index("ix_carried_from_number", "from_number"),
)

# Documents that a person said must not count: derived from the events.
withdrawals: Final = Table(
    "withdrawals",
    metadata,
    _key("document_number", "documents.number"),
    Column("sequence", Integer, ForeignKey("events.sequence"), nullable=False),
)

# Events of which something was erased when a document was forgotten, one row a tombstone: `verify` then
# checks what is left of them, and that the tombstone said so.
erasures: Final = Table(
    "erasures",
    metadata,
    Column("tombstone", Integer, ForeignKey("events.sequence"), primary_key=True, autoincrement=False),
    Column("sequence", Integer, ForeignKey("events.sequence"), primary_key=True, autoincrement=False),
    # Id the event has had since it was written, which follows from what was erased.
    _text("event_id"),
    _text("left_sha256"),
    Index("ix_erasures_sequence", "sequence", "tombstone"),
)

vectors: Final = Table(
    "vectors",
    metadata,
    Column("encoder_id", Text, primary_key=True),
    Column("text_sha256", Text, primary_key=True),
    _text("dtype"),
    _integer("width"),
    Column("data", LargeBinary, nullable=False),
)
